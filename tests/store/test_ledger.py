"""Places with mentors on a real log: however many want the last ones, there are never more than there are."""

import asyncio
import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from domain.cohort import CohortEvent
from domain.cohort.events import CohortFormed, MentorReplaced, PlannedSession, SessionsPlanned
from domain.ids import KitDigest, MentorId, PathwayId, ProgramId, SessionId, StreamId
from domain.kit import Capacity, Cohorts
from domain.mentor import MENTOR, mentor_stream
from domain.mentor.ledger import ReservePlace
from domain.refusal import Rejected
from domain.values import changed
from store import ledger
from store.codec import encode
from store.database import Pool, open_pool
from store.event_log import Appended, EventLog, NewEvent
from store.transact import read
from tests.workflows.kits import SMALL, publish, small_with

PLACES, LEARNERS = 10, 50
TIMES = int(os.environ.get("TRELLIS_RUSHES", "40"))
"""`make rush` has 200."""
SOON = datetime.now(UTC) + timedelta(hours=1)


def wanted(mentor: str, learner: int) -> ReservePlace:
    return ReservePlace(
        mentor=MentorId(mentor),
        holder=StreamId(f"journey-p.l-{learner}"),
        as_of=5,
        program=ProgramId("p"),
        policy=Capacity(learners_per_mentor=PLACES),
        until=SOON,
        first_meeting=SOON,
    )


async def outcome(pool: Pool, command: ReservePlace) -> str:
    try:
        await ledger.reserve(pool, command)
    except Rejected as refused:
        return refused.code
    return "taken"


async def rush(pool: Pool, mentor: str) -> Sequence[str]:
    """All at once, for the places of one mentor."""
    return await asyncio.gather(*(outcome(pool, wanted(mentor, learner)) for learner in range(LEARNERS)))


async def taken(pool: Pool, mentor: str) -> int:
    return len((await read(pool, mentor_stream(MentorId(mentor)), MENTOR)).state.places)


async def test_of_fifty_who_want_ten_places_ten_get_one(dsn: str) -> None:
    """On four connections: with more, most of the time goes into conflicts."""
    pool = await open_pool(dsn, max_size=4)
    for nth in range(TIMES):
        found = await rush(pool, f"m-{nth}")
        assert (found.count("taken"), found.count("mentor_full")) == (PLACES, LEARNERS - PLACES)
        assert await taken(pool, f"m-{nth}") == PLACES
    pool.terminate()


async def test_without_the_expected_version_places_are_sold_twice(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same rush on a log that takes every append: what the test above shows is the work of the version."""
    append = EventLog.append

    async def unchecked(
        log: EventLog, stream: StreamId, _: int | None, append_id: str, events: Sequence[NewEvent]
    ) -> Appended:
        return await append(log, stream, None, append_id, events)

    monkeypatch.setattr(EventLog, "append", unchecked)
    found = await rush(pool, "m")
    assert found.count("taken") > PLACES
    assert await taken(pool, "m") > PLACES


async def test_a_repeated_reservation_is_made_once(pool: Pool) -> None:
    again = [wanted("m", 1)] * 20
    assert {await outcome(pool, one) for one in again} == {"taken"}
    assert await EventLog(pool).version(mentor_stream(MentorId("m"))) == 1


async def test_a_group_costs_each_of_its_mentors_once_and_takes_no_place(pool: Pool) -> None:
    pathway = SMALL.pathways[0]
    meeting = changed(pathway.sessions[0], {"mode": "cohort"})
    kit = small_with(pathways=(changed(pathway, {"sessions": (meeting,)}),), cohorts=Cohorts())
    await publish(pool, kit)
    group, ana, ben = StreamId("cohort-small.1"), MentorId("ana"), MentorId("ben")
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    planned = PlannedSession(session=SessionId(meeting.id), starts_at=at)
    formed: list[CohortEvent] = [
        CohortFormed(
            at=at,
            program=kit.program_id,
            kit=KitDigest(kit.digest),
            pathway=PathwayId(pathway.id),
            number=1,
            mentors=(ana,),
            least=2,
            most=200,
        ),
        SessionsPlanned(at=at, sessions=(planned,)),
    ]
    await EventLog(pool).append(group, 0, "formed", encode(formed, "formed"))
    assert await ledger.follow(pool, group)
    place = (await read(pool, mentor_stream(ana), MENTOR)).state.places[group]
    assert (place.places, place.confirmed, [one.total for one in place.demand.shared]) == (0, True, [80])

    replaced = MentorReplaced(at=at, mentor=ana, replacement=ben)
    await EventLog(pool).append(group, 2, "replaced", encode([replaced], "replaced"))
    assert await ledger.follow(pool, group)
    assert not await ledger.follow(pool, group)
    assert (await read(pool, mentor_stream(ana), MENTOR)).state.places == {}
    assert group in (await read(pool, mentor_stream(ben), MENTOR)).state.places


async def test_nothing_is_reserved_before_what_was_matched_by_earlier_releases_is_entered(pool: Pool) -> None:
    await pool.execute("update trellis.ledger set filled_to = 1")
    with pytest.raises(ledger.LedgerNotFilled):
        await ledger.reserve(pool, wanted("m", 1))
