"""The one way to write to the log: read a stream, decide on its state, append at the version that was read.

Journeys do the same inside their workflow (workflows/learner_journey.py); everything else in the log is written here.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Generic, Protocol, TypeVar
from uuid import uuid4

from domain.decider import Decider
from domain.ids import StreamId
from domain.origin import current_origin
from domain.refusal import Rejected
from domain.values import Event
from store.codec import Codec, encode
from store.database import Connection, Executor, Pool
from store.errors import Conflict, TooManyConflicts
from store.event_log import EventLog

State = TypeVar("State")
Command = TypeVar("Command")
E = TypeVar("E", bound=Event)

ATTEMPTS = 20
_FIRST_PAUSE_SECONDS = 0.005
_LONGEST_PAUSE_SECONDS = 0.5


class _Given(Protocol):
    @property
    def by(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Snapshot(Generic[State]):
    """An aggregate as its stream has it at a version; 0: the stream does not exist."""

    version: int
    state: State


@dataclass(frozen=True, slots=True)
class Transaction(Generic[State, E]):
    """What a command came to. Its events are in the log; none: it changed nothing."""

    before: Snapshot[State]
    events: Sequence[E]
    after: Snapshot[State]


async def read(
    pool: Executor, stream: StreamId, decider: Decider[Command, State, E], known: Snapshot[State] | None = None
) -> Snapshot[State]:
    """The aggregate as it is now. `known`: only what came after this is read."""
    start = known or Snapshot(0, decider.initial)
    recorded = await EventLog(pool).read_stream(stream, start.version + 1)
    if not recorded:
        return start
    events = Codec(decider.events).decode_known(recorded)
    return Snapshot(recorded[-1].version, decider.fold(events, start.state))


async def read_many(
    pool: Executor, streams: Iterable[StreamId], decider: Decider[Command, State, E]
) -> dict[StreamId, Snapshot[State]]:
    """The aggregates of these streams as they are now, also of streams that do not exist."""
    wanted = list(streams)
    recorded = await EventLog(pool).read_streams(wanted)
    codec = Codec(decider.events)
    return {
        one: Snapshot(len(recorded[one]), decider.fold(codec.decode_known(recorded[one]), decider.initial))
        if one in recorded
        else Snapshot(0, decider.initial)
        for one in wanted
    }


async def transact(
    pool: Pool,
    stream: StreamId,
    decider: Decider[Command, State, E],
    command: Command,
    at: datetime,
    *,
    meta: Mapping[str, str] | None = None,
    known: Snapshot[State] | None = None,
    beside: Callable[[Connection], Awaitable[object]] | None = None,
    before_refusing: Callable[[Snapshot[State]], Awaitable[bool]] | None = None,
) -> Transaction[State, E]:
    """Carries out a command: decides on the state of the stream, and decides anew after each conflict.

    `meta` is kept beside the events. `known` is a state that was read before; only what came after it is read.
    `beside` writes something else in the same transaction, also when there are no events: both or neither.
    `before_refusing` may bring a stream up to date whose state makes for a refusal; True: decide again.

    Raises:
        Rejected: when the aggregate refuses the command. Nothing of it was stored.
        TooManyConflicts: when others were faster each time. Nothing was stored.
    """
    for attempt in range(ATTEMPTS):
        known = before = await read(pool, stream, decider, known)
        try:
            events = decider.decide(before.state, command, at)
        except Rejected:
            if before_refusing and await before_refusing(before):
                continue
            raise
        try:
            await _store(pool, _Append(stream, before.version, events, meta), beside)
        except Conflict:
            await asyncio.sleep(_pause(attempt))
            continue
        return Transaction(before, events, Snapshot(before.version + len(events), decider.fold(events, before.state)))
    raise TooManyConflicts(stream, ATTEMPTS)


async def transact_all(
    pool: Pool,
    decider: Decider[Command, State, E],
    commands: Mapping[StreamId, Command],
    at: datetime,
    *,
    meta: Mapping[str, str] | None = None,
    known: Mapping[StreamId, Snapshot[State]] = MappingProxyType({}),
    beside: Callable[[Connection], Awaitable[object]] | None = None,
) -> Mapping[StreamId, Transaction[State, E]]:
    """Carries out a command in each of these streams, in one transaction of the database: all of them or none.

    `known` are states that were read before; unless somebody was faster, they are not read again. `beside` writes
    something else in the transaction, before the events.

    Raises:
        Rejected: when one of the commands is refused. Nothing was stored.
        TooManyConflicts: when others were faster each time. Nothing was stored.
    """
    stream = next(iter(commands), StreamId(""))
    for attempt in range(ATTEMPTS):
        try:
            return await _transact_once(pool, decider, commands, at, meta=meta, known=known, beside=beside)
        except Conflict as conflict:
            stream, known = StreamId(conflict.stream), {}
            await asyncio.sleep(_pause(attempt))
    raise TooManyConflicts(stream, ATTEMPTS)


async def _transact_once(
    pool: Pool,
    decider: Decider[Command, State, E],
    commands: Mapping[StreamId, Command],
    at: datetime,
    *,
    meta: Mapping[str, str] | None,
    known: Mapping[StreamId, Snapshot[State]],
    beside: Callable[[Connection], Awaitable[object]] | None,
) -> Mapping[StreamId, Transaction[State, E]]:
    """Raises Rejected, Conflict."""
    done: dict[StreamId, Transaction[State, E]] = {}
    async with pool.acquire() as connection, connection.transaction():
        if beside:
            await beside(connection)
        states = {**known, **await read_many(connection, commands.keys() - known.keys(), decider)}
        for stream in sorted(commands):  # one order for every caller: no deadlocks
            before = states[stream]
            events = decider.decide(before.state, commands[stream], at)
            await _Append(stream, before.version, events, meta).to(connection)
            after = Snapshot(before.version + len(events), decider.fold(events, before.state))
            done[stream] = Transaction(before, events, after)
    return done


def given(command: _Given) -> dict[str, str]:
    """For `meta`: who gave the command, and which it was."""
    return {"by": command.by, "command": type(command).__name__}


@dataclass(frozen=True, slots=True)
class _Append:
    stream: StreamId
    version: int
    events: Sequence[Event]
    meta: Mapping[str, str] | None

    async def to(self, executor: Executor) -> None:
        """Raises Conflict."""
        if self.events:
            append_id = f"{self.stream}:{uuid4()}"
            new = encode(self.events, append_id, {**(self.meta or {}), **_origin()})
            await EventLog(executor).append(self.stream, self.version, append_id, new)


def _origin() -> dict[str, object]:
    origin = current_origin()
    return {"origin": origin.model_dump(exclude_none=True)} if origin else {}


async def _store(pool: Pool, append: _Append, beside: Callable[[Connection], Awaitable[object]] | None) -> None:
    """Raises Conflict; then nothing was stored."""
    if beside is None:
        await append.to(pool)
        return
    async with pool.acquire() as connection, connection.transaction():
        await beside(connection)
        await append.to(connection)


def _pause(attempt: int) -> float:
    """Longer after each conflict, and another for each writer: those that collided once do not collide again."""
    longest = min(_FIRST_PAUSE_SECONDS * 2**attempt, _LONGEST_PAUSE_SECONDS)
    return random.uniform(0, longest)  # noqa: S311 - no secret depends on it
