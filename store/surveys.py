"""How far the log has been read for surveys, and which surveys have fallen due without being in the log yet."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from store.database import Executor, Pool, query


class Occasion(NamedTuple):
    """An event after which there may be a survey."""

    stream: str
    version: int
    at: datetime


class Due(NamedTuple):
    request: str
    ask_at: datetime
    input: str
    """JSON, for the workflow that asks it."""


async def position(executor: Executor) -> int:
    found: int = await executor.fetchval(query("survey_position"))
    return found


async def occasions(executor: Executor, after: int, upto: int, types: Sequence[str]) -> list[Occasion]:
    """The events of these types at the positions after `after` and up to `upto`."""
    return [Occasion(*row) for row in await executor.fetch(query("survey_occasions"), after, upto, list(types))]


async def enter(pool: Pool, due: Sequence[Due], *, read_to: int | None = None) -> None:
    """These are to be asked, and the log has been read up to `read_to`: both or neither."""
    async with pool.acquire() as connection, connection.transaction():
        if due:
            await connection.execute(query("survey_due_enter"), *map(list, zip(*due, strict=True)))
        if read_to is not None:
            await connection.execute(query("survey_move"), read_to)


async def settle(executor: Executor, request: str) -> None:
    """The log has the request from now on."""
    await executor.execute(query("survey_due_settle"), request)


async def due_before(executor: Executor, at: datetime, after: tuple[datetime, str], limit: int) -> list[Due]:
    """A page of those that were to be asked before `at`, the earliest first."""
    return [Due(*row) for row in await executor.fetch(query("survey_due_before"), at, *after, limit)]
