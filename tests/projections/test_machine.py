"""Anything may happen to the log, in any order, and nothing is lost, doubled or out of order.

Hypothesis makes up the story: appends that are new, repeated, tried several times at once, in conflict, slow to commit,
rolled back; transactions that take their id early, or idle for ever; two sequencers, two runners, and their connections
killed under them. A model in plain Python says what must be there. `make fuzz` runs it at length and prints its seed.
"""

import asyncio
import os
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any, TypeVar
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from domain.ids import StreamId
from projections.batch import Batch
from projections.follower import Follower, UpToDate, follow
from projections.projection import SqlProjection
from projections.rebuild import rebuild
from runtime.embedded.postgres import PostgresServer
from store import sequencer
from store.audit import verify
from store.database import Connection, Pool, open_pool
from store.errors import AppendIdReused, Conflict, Deposed
from store.event_log import Appended, EventLog, NewEvent, append_statement
from store.sequencer import assign, is_due, take_over

EXAMPLES = int(os.environ.get("TRELLIS_FUZZ_EXAMPLES", "10"))
STEPS = int(os.environ.get("TRELLIS_FUZZ_STEPS", "25"))
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
STREAMS = [StreamId(f"journey-{n}") for n in range(3)]
_numbers = count()

T = TypeVar("T")


class Words(SqlProjection):
    """The data of every stream, strung together as they came: loss, doubling and disorder all show."""

    name = "words"
    version = 1
    handles = frozenset({"journey.noted"})
    tables = "create table words (stream text primary key, told text not null)"
    statements = ()

    async def apply(self, connection: Connection, batch: Batch) -> None:
        await connection.execute(
            f"""insert into {batch.schema}.words
                select stream, string_agg(data ->> 'n', ' ' order by position) from trellis.batch($1) group by stream
                on conflict (stream) do update set told = words.told || ' ' || excluded.told""",  # noqa: S608
            batch.extent(self.handles),
        )


@dataclass(frozen=True)
class Made:
    """An append that was answered."""

    stream: StreamId
    version: int
    """The one that it followed."""
    append_id: str
    events: list[NewEvent]
    any_version: bool

    @property
    def expected(self) -> int | None:
        return None if self.any_version else self.version


@dataclass
class Slow:
    """An append whose transaction is open."""

    connection: Connection
    stream: StreamId
    numbers: list[int]
    events: list[NewEvent]


class Log(RuleBasedStateMachine):
    postgres: PostgresServer
    template: str
    loop: asyncio.Runner

    def __init__(self) -> None:
        super().__init__()
        self.told: dict[StreamId, list[int]] = {stream: [] for stream in STREAMS}
        self.appends: list[Made] = []
        self.slow: list[Slow] = []
        self.idle: list[Connection] = []
        self.leaders: list[tuple[Connection, int]] = []
        self.followers: list[tuple[Connection, Follower]] = []
        self.database = f"machine_{next(_numbers)}"
        self.dsn = self.postgres.dsn(self.database)
        self.do(self._begin())

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run(work)

    async def _begin(self) -> None:
        self.admin: Connection = await asyncpg.connect(self.postgres.dsn("postgres"))
        await self.admin.execute(f"create database {self.database} template {self.template} strategy file_copy")
        self.pool: Pool = await open_pool(self.dsn, max_size=3)
        self.log = EventLog(self.pool)

    def _events(self, size: int) -> tuple[list[int], list[NewEvent]]:
        """All of one command, as those of a journey are."""
        numbers = [next(_numbers) for _ in range(size)]
        meta = {"order": f"command {numbers[0]}"}
        return numbers, [NewEvent(uuid4(), "journey.noted", 1, {"n": n}, AT, meta) for n in numbers]

    @rule(stream=st.sampled_from(STREAMS), size=st.integers(1, 3), any_version=st.booleans())
    def append(self, stream: StreamId, size: int, any_version: bool) -> None:
        numbers, events = self._events(size)
        made = Made(stream, len(self.told[stream]), f"a{numbers[0]}", events, any_version)
        done = self.do(self.log.append(stream, made.expected, made.append_id, events))
        assert (done.first_version, done.last_version, done.repeated) == (made.version + 1, made.version + size, False)
        self.told[stream] += numbers
        self.appends.append(made)

    @rule(stream=st.sampled_from(STREAMS), size=st.integers(1, 3), any_version=st.booleans(), tries=st.integers(2, 4))
    def append_several_times_at_once(self, stream: StreamId, size: int, any_version: bool, tries: int) -> None:
        """As after a lost answer, when the first try goes on: one of them writes, and all get the same answer."""
        numbers, events = self._events(size)
        made = Made(stream, len(self.told[stream]), f"a{numbers[0]}", events, any_version)

        async def tried() -> list[Appended]:
            return await asyncio.gather(
                *(self.log.append(stream, made.expected, made.append_id, events) for _ in range(tries))
            )

        done = self.do(tried())
        assert {(one.first_version, one.last_version) for one in done} == {(made.version + 1, made.version + size)}
        assert sorted(one.repeated for one in done) == [False] + [True] * (tries - 1)
        self.told[stream] += numbers
        self.appends.append(made)

    @rule(stream=st.sampled_from(STREAMS), tries=st.integers(2, 4))
    def decide_several_commands_at_once(self, stream: StreamId, tries: int) -> None:
        """All at one version, with equal results: one is recorded, and the others find a conflict."""
        version, (numbers, (event,)) = len(self.told[stream]), self._events(1)
        rivals = [replace(event, meta={"order": f"{numbers[0]} of rival {n}"}) for n in range(tries)]

        async def tried() -> list[Appended | BaseException]:
            appends = (self.log.append(stream, version, f"{n}", [one]) for n, one in enumerate(rivals))
            return await asyncio.gather(*appends, return_exceptions=True)

        done = self.do(tried())
        assert sorted(type(one).__name__ for one in done) == ["Appended"] + ["Conflict"] * (tries - 1)
        (won,) = (n for n, one in enumerate(done) if isinstance(one, Appended))
        self.told[stream] += numbers
        self.appends.append(Made(stream, version, f"{won}", [rivals[won]], any_version=False))

    @precondition(lambda self: self.appends)
    @rule(data=st.data(), at_its_place=st.booleans())
    def repeat(self, data: st.DataObject, at_its_place: bool) -> None:
        made = data.draw(st.sampled_from(self.appends))
        expected = made.version if at_its_place else made.expected
        done = self.do(self.log.append(made.stream, expected, made.append_id, made.events))
        last = made.version + len(made.events)
        assert (done.first_version, done.last_version, done.repeated) == (made.version + 1, last, True)

    @precondition(lambda self: self.appends)
    @rule(data=st.data(), what=st.sampled_from(["more", "less", "other data"]))
    def repeat_with_other_content(self, data: st.DataObject, what: str) -> None:
        made = data.draw(st.sampled_from(self.appends))
        events = {
            "more": [*made.events, replace(made.events[0], event_id=uuid4())],
            "less": made.events[:-1] or [replace(made.events[0], type="journey.other")],
            "other data": [*made.events[:-1], replace(made.events[-1], data={"n": -1})],
        }[what]
        with pytest.raises(AppendIdReused):
            self.do(self.log.append(made.stream, made.expected, made.append_id, events))

    @precondition(lambda self: self.appends)
    @rule(data=st.data(), what=st.sampled_from(["command", "ids"]))
    def come_too_late_with_an_equal_append(self, data: st.DataObject, what: str) -> None:
        """Of another command, or with events of its own."""
        made = data.draw(st.sampled_from(self.appends))
        events = [
            replace(one, meta={"order": "another"}) if what == "command" else replace(one, event_id=uuid4())
            for one in made.events
        ]
        with pytest.raises(Conflict) as conflict:
            self.do(self.log.append(made.stream, made.version, made.append_id, events))
        assert conflict.value.found == len(self.told[made.stream])

    @rule(stream=st.sampled_from(STREAMS), off=st.sampled_from([-1, 1, 5]))
    def conflict(self, stream: StreamId, off: int) -> None:
        expected = len(self.told[stream]) + off
        if expected >= 0:
            numbers, events = self._events(1)
            with pytest.raises(Conflict):
                self.do(self.log.append(stream, expected, f"a{numbers[0]}", events))

    @precondition(lambda self: len(self.slow) < 4)
    @rule(size=st.integers(1, 2), early=st.booleans())
    def begin_a_slow_append(self, size: int, early: bool) -> None:
        async def begin() -> None:
            connection = await asyncpg.connect(self.dsn)
            await connection.execute("begin")
            if early:
                await connection.execute("select pg_current_xact_id()")
            numbers, events = self._events(size)
            stream = StreamId(f"journey-slow.{numbers[0]}")
            await connection.fetchrow(*append_statement(stream, 0, events))
            self.slow.append(Slow(connection, stream, numbers, events))

        self.do(begin())

    @precondition(lambda self: self.slow)
    @rule(
        data=st.data(),
        how=st.sampled_from(["commit", "commit", "rollback", "kill"]),
        retry=st.sampled_from(["never", "before", "after"]),
    )
    def end_a_slow_append(self, data: st.DataObject, how: str, retry: str) -> None:
        """Whoever lost sight of it may retry it, while it is still open or after it has ended."""
        one = self.slow.pop(data.draw(st.integers(0, len(self.slow) - 1)))

        async def end() -> Appended | None:
            early = asyncio.create_task(self._retry(one)) if retry == "before" else None
            if early:
                await self._blocked()
            if how == "kill":
                await self._kill(one.connection)
            else:
                await one.connection.execute(how)
                await one.connection.close()
            if early:
                return await early
            return await self._retry(one) if retry == "after" else None

        done = self.do(end())
        if done:
            assert (done.last_version, done.repeated) == (len(one.numbers), how == "commit")
        if done or how == "commit":
            self.told[one.stream] = one.numbers

    async def _retry(self, one: Slow) -> Appended:
        return await self.log.append(one.stream, 0, "slow", one.events)

    async def _blocked(self) -> None:
        """Returns when a statement waits for the lock of another."""
        waits = "select exists (select from pg_stat_activity where wait_event_type = 'Lock' and datname = $1)"
        while not await self.admin.fetchval(waits, self.database):  # noqa: ASYNC110 - Postgres decides
            await asyncio.sleep(0.001)

    @precondition(lambda self: len(self.idle) < 2)
    @rule()
    def leave_a_transaction_idle(self) -> None:
        async def idle() -> None:
            connection = await asyncpg.connect(self.dsn)
            await connection.execute("begin; select pg_current_xact_id()")
            self.idle.append(connection)

        self.do(idle())

    @rule(limit=st.integers(1, 10), take=st.booleans(), which=st.integers(0, 1))
    def sequence(self, limit: int, take: bool, which: int) -> None:
        """One of up to two who believe that they lead; only the last to take over is obeyed."""

        async def sequence() -> None:
            if take or not self.leaders:
                new = await asyncpg.connect(self.dsn)
                self.leaders = [*self.leaders[-1:], (new, await take_over(new))]
            connection, epoch = self.leaders[min(which, len(self.leaders) - 1)]
            if epoch == self.leaders[-1][1]:
                due, before = await is_due(connection, epoch), await self._sequenced()
                given = await assign(connection, epoch, limit)
                assert due == (await self._sequenced() != before), "what is not due would change nothing"
                assert due or not given
            else:
                assert await is_due(connection, epoch), "whoever was deposed is to learn of it"
                with pytest.raises(Deposed):
                    await assign(connection, epoch, limit)

        self.do(sequence())

    async def _sequenced(self) -> list[object]:
        """All that a sequencer may change."""
        return [
            await self.pool.fetch("select * from trellis.sequencer"),
            await self.pool.fetch("select * from trellis.gaps order by from_seq"),
        ]

    @rule(limit=st.integers(1, 10), take=st.booleans(), which=st.integers(0, 1))
    def project(self, limit: int, take: bool, which: int) -> None:
        """One of up to two runners; only the last to take over is obeyed."""

        async def project() -> None:
            if take or not self.followers:
                connection = await asyncpg.connect(self.dsn)
                self.followers = [*self.followers[-1:], (connection, await follow(connection, Words()))]
            _, follower = self.followers[min(which, len(self.followers) - 1)]
            follower.limit = limit
            if follower.member.epoch == self.followers[-1][1].member.epoch:
                due, step = await follower.is_due(), await follower.step()
                assert due != isinstance(step, UpToDate)
            else:
                assert await follower.is_due(), "whoever was deposed is to learn of it"
                with pytest.raises(Deposed):
                    await follower.step()

        self.do(project())

    @precondition(lambda self: self.leaders or self.followers)
    @rule()
    def kill_whoever_leads(self) -> None:
        async def kill() -> None:
            for connection, *_ in (*self.leaders, *self.followers):
                await self._kill(connection)
            self.leaders, self.followers = [], []

        self.do(kill())

    async def _kill(self, connection: Connection) -> None:
        await self.admin.execute("select pg_terminate_backend($1, 5000)", connection.get_server_pid())
        connection.terminate()

    def teardown(self) -> None:
        try:
            self.do(self._check())
        finally:
            self.do(self._end())

    async def _check(self) -> None:
        for slow in self.slow:  # those that never end lose nothing for the others
            await self._kill(slow.connection)
        await sequencer.drain(self.dsn)
        page = await self.log.read_all(limit=10_000)
        assert [one.position for one in page] == list(range(1, len(page) + 1))
        told: dict[StreamId, list[int]] = {}
        for one in page:
            told.setdefault(one.stream, []).append(one.data["n"])
        expected = {stream: numbers for stream, numbers in self.told.items() if numbers}
        assert told == expected
        assert (await verify(self.pool)).findings == []
        assert await self._words(live=True) == expected
        await rebuild(self.dsn, Words(), slices=2, processes=False)
        assert await self._words(live=False) == expected

    async def _words(self, *, live: bool) -> dict[StreamId, list[int]]:
        if live:
            connection = await asyncpg.connect(self.dsn)
            follower = await follow(connection, Words())
            while not isinstance(await follower.step(), UpToDate):
                pass
            await connection.close()
        rows = await self.pool.fetch("select stream, told from views.words")
        return {StreamId(row["stream"]): [int(n) for n in row["told"].split()] for row in rows}

    async def _end(self) -> None:
        self.pool.terminate()
        for connection in (*self.idle, *(one for one, *_ in (*self.leaders, *self.followers))):
            connection.terminate()
        await self.admin.execute(f"drop database {self.database} with (force)")
        await self.admin.close()


def test_nothing_is_lost_doubled_or_out_of_order(postgres: PostgresServer, template: str) -> None:
    with asyncio.Runner() as loop:
        Log.postgres, Log.template, Log.loop = postgres, template, loop
        run_state_machine_as_test(
            Log,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                deadline=None,
                print_blob=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
