"""The courier's position in the log, where it has stopped, and the notifications whose workflows it has started."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from store.database import Connection, Executor, query
from store.errors import StoreError

READER = "courier"
"""The courier's name in trellis.set_aside, the table of parked and skipped events."""


class Place(NamedTuple):
    position: int
    """Everything up to here has been read."""
    stopped_at: int | None


@dataclass(frozen=True, slots=True)
class CourierState:
    position: int
    behind_events: int
    behind_seconds: float
    """The age of the oldest event that has not been read yet; 0 if there is none."""
    stopped_at: int | None
    stopped_because: str | None
    parked: int
    """Events that a person set aside for a later retry."""
    skipped: int
    """Events that a person left out permanently."""


class Called(NamedTuple):
    """A notification whose workflow was started."""

    stream: str
    journey: str
    version: int
    """Of the event that calls for it, in the journey's stream."""
    role: str
    session: str | None = None
    """That it invites to. None: it is no invitation."""
    person: str | None = None
    """Who is invited. None: it is no invitation."""


class CourierNotStopped(StoreError):
    """The courier has not stopped, or has stopped at another event than was given."""

    def __init__(self, asked: int | None, stopped_at: int | None) -> None:
        state = f"has stopped at position {stopped_at}" if stopped_at else "has not stopped at anything"
        super().__init__(f"the courier {state}" + (f", not at {asked}" if asked and stopped_at else ""))
        self.asked, self.stopped_at = asked, stopped_at


async def place(executor: Executor) -> Place:
    row = await executor.fetchrow(query("courier_place"))
    assert row is not None, "the migration that made the table filled it"
    return Place(*row)


async def state(executor: Executor) -> CourierState:
    row = await executor.fetchrow(query("courier_state"))
    assert row is not None, "the migration that made the table filled it"
    return CourierState(*row)


async def move(executor: Executor, position: int, called: Sequence[Called]) -> None:
    """Everything up to `position` has been read, and these workflows have been started. Never moves back."""
    columns = [list(column) for column in zip(*called, strict=True)] if called else [[]] * 6
    await executor.execute(query("courier_move"), position, *columns)


async def stop(connection: Connection, position: int, because: str) -> None:
    """The event at `position` cannot be processed; all events before it have been."""
    await connection.execute(query("courier_stop"), position, because)


async def resume(executor: Executor) -> int | None:
    """Lets a stopped courier try again. Returns the position that it had stopped at; None when it had not."""
    position: int | None = await executor.fetchval(query("courier_resume"))
    return position


async def set_aside(executor: Executor, position: int, kind: str, reason: str, actor: str) -> str:
    """Lets the courier continue after the event that it has stopped at. Returns the event's stream.

    Raises CourierNotStopped when it has not stopped, or has stopped at another event.
    """
    row = await executor.fetchrow(query("courier_set_aside"), position, kind, reason, actor)
    if row is None:
        raise CourierNotStopped(position, (await place(executor)).stopped_at)
    stream: str = row["stream"]
    return stream


async def settle(executor: Executor, too_old: datetime) -> None:
    """Removes the started notifications that have a stream by now, and those started before `too_old`."""
    await executor.execute(query("called_settle"), too_old)


async def called_before(executor: Executor, at: datetime, after: str, limit: int) -> list[Called]:
    """A page, by stream, of the notifications that were started before `at` and have no stream yet."""
    return [Called(*row) for row in await executor.fetch(query("called_before"), at, after, limit)]


async def called(executor: Executor, stream: str) -> Called | None:
    row = await executor.fetchrow(query("called_one"), stream)
    return Called(stream, *row) if row else None
