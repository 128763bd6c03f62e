"""The one way to write to the log, on a real one."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import asyncpg
import pytest

from domain import journey
from domain.decider import Decider
from domain.ids import JourneyId, KitDigest, LearnerId, ProgramId, StreamId, journey_stream
from domain.journey import JourneyCommand, JourneyEvent, JourneyState, StartJourney
from domain.program import (
    PROGRAM,
    CloseEnrollment,
    Command,
    Enroll,
    OpenEnrollment,
    ProgramEvent,
    ProgramState,
    PublishKit,
    program_stream,
)
from domain.refusal import Rejected
from store import transact as transact_module
from store.database import Connection, Pool
from store.errors import TooManyConflicts
from store.event_log import EventLog
from store.people import Person, get, upsert_many
from store.transact import given, read, transact, transact_all
from tests.workflows.kits import SMALL

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
STREAM = program_stream(ProgramId("p"))


def enroll(*learners: str) -> Enroll:
    return Enroll(learners=tuple(LearnerId(one) for one in learners), by="ops:ana")


async def opened(pool: Pool) -> None:
    for command in (PublishKit(kit=KitDigest("k"), version="1"), OpenEnrollment()):
        await transact(pool, STREAM, PROGRAM, command, AT)


async def test_what_a_command_brings_about_is_in_the_log_and_a_repeat_adds_nothing(pool: Pool) -> None:
    await opened(pool)
    command = enroll("a", "b")
    first = await transact(pool, STREAM, PROGRAM, command, AT, meta=given(command))
    again = await transact(pool, STREAM, PROGRAM, command, AT, known=first.after)
    assert (first.before.version, first.after.version, len(first.events)) == (2, 3, 1)
    assert (again.before, again.events, again.after) == (first.after, [], first.after)
    assert await read(pool, STREAM, PROGRAM) == first.after
    recorded = await EventLog(pool).read_stream(STREAM)
    assert recorded[-1].meta == {"by": "ops:ana", "command": "Enroll"}


async def test_many_writers_of_one_stream_lose_nothing(pool: Pool) -> None:
    await opened(pool)
    await asyncio.gather(*(transact(pool, STREAM, PROGRAM, enroll(f"l-{nth}"), AT) for nth in range(10)))
    state = (await read(pool, STREAM, PROGRAM)).state
    assert state.enrolled == {f"l-{nth}" for nth in range(10)}
    assert len(await EventLog(pool).read_stream(STREAM)) == 12


async def test_whoever_is_overtaken_each_time_gives_up_and_says_so(
    pool: Pool, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transact_module, "ATTEMPTS", 3)
    await opened(pool)
    others = iter(range(100))

    async def overtake() -> None:
        async with asyncpg.create_pool(dsn, min_size=1, max_size=1) as own:
            await transact(own, STREAM, PROGRAM, enroll(f"faster-{next(others)}"), AT)

    def overtaken(state: ProgramState, command: Command, at: datetime) -> Sequence[ProgramEvent]:
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, overtake()).result()
        return PROGRAM.decide(state, command, at)

    with pytest.raises(TooManyConflicts, match=r"stream program-p was written to by others during each of 3 attempts"):
        await transact(pool, STREAM, replace(PROGRAM, decide=overtaken), enroll("slow"), AT)
    state = (await read(pool, STREAM, PROGRAM)).state
    assert state.enrolled == {"faster-0", "faster-1", "faster-2"}


async def test_what_is_written_beside_the_events_is_stored_with_them_or_not_at_all(pool: Pool) -> None:
    await opened(pool)
    ada, bob, eve = (Person(one, "learner", one.title()) for one in ("ada", "bob", "eve"))
    await transact(pool, STREAM, PROGRAM, enroll("ada"), AT, beside=lambda one: upsert_many(one, [ada]))
    await transact(pool, STREAM, PROGRAM, enroll("ada"), AT, beside=lambda one: upsert_many(one, [bob]))
    await transact(pool, STREAM, PROGRAM, CloseEnrollment(), AT)
    with pytest.raises(Rejected):
        await transact(pool, STREAM, PROGRAM, enroll("eve"), AT, beside=lambda one: upsert_many(one, [eve]))
    assert [bool(await get(pool, one)) for one in ("ada", "bob", "eve")] == [True, True, False]


async def test_a_journey_has_the_same_form(pool: Pool) -> None:
    decider: Decider[JourneyCommand, JourneyState | None, JourneyEvent] = Decider(
        journey.EVENTS, None, partial(journey.decide, SMALL), journey.evolve
    )
    stream = journey_stream(JourneyId("small.lea"))
    start = StartJourney(by="system", program=ProgramId("small"), learner=LearnerId("lea"), kit=KitDigest("k"))
    done = await transact(pool, stream, decider, start, AT)
    assert done.after.state
    assert done.after.state.stage == "intake"
    assert await read(pool, stream, decider) == done.after


async def test_several_streams_are_written_together_or_not_at_all(pool: Pool) -> None:
    streams = [program_stream(ProgramId(name)) for name in ("b", "a")]
    publish: dict[StreamId, Command] = {one: PublishKit(kit=KitDigest("k"), version="1") for one in streams}
    done = await transact_all(pool, PROGRAM, publish, AT, meta={"by": "ops"})
    assert [done[one].after.version for one in streams] == [1, 1]
    assert not any(one.events for one in (await transact_all(pool, PROGRAM, publish, AT)).values())

    async def beside(connection: Connection) -> None:
        await upsert_many(connection, [Person("l-1", "learner", "Lea")])

    refused: dict[StreamId, Command] = {streams[1]: OpenEnrollment(), program_stream(ProgramId("c")): OpenEnrollment()}
    with pytest.raises(Rejected, match="has no kit yet"):
        await transact_all(pool, PROGRAM, refused, AT, beside=beside)
    assert (await read(pool, streams[1], PROGRAM)).version == 1
    assert await get(pool, "l-1") is None


async def test_several_streams_are_decided_anew_when_one_of_them_has_moved(pool: Pool) -> None:
    streams = [program_stream(ProgramId(f"p-{nth}")) for nth in range(4)]
    for one in streams:
        await transact(pool, one, PROGRAM, PublishKit(kit=KitDigest("k"), version="1"), AT)
    many: list[dict[StreamId, Command]] = [
        {one: OpenEnrollment(places=places) for one in streams} for places in range(1, 6)
    ]
    await asyncio.gather(*(transact_all(pool, PROGRAM, one, AT) for one in many))
    found = [(await read(pool, one, PROGRAM)).state.places for one in streams]
    assert len(set(found)) == 1, "whole commands follow one another"
