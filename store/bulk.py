"""The journeys of bulk actions: frozen when the action is planned, with what came of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from domain.bulk import Outcome, Outcomes
from domain.ids import BulkId, JourneyId, LearnerId, MentorId, ProgramId
from store.database import Connection, Executor, query

_NOTHING_INSERTED = "INSERT 0 0"


class Item(NamedTuple):
    """A journey of a bulk action."""

    number: int
    """Its place in the order of the selection, from 1."""
    journey: JourneyId
    program: ProgramId
    learner: LearnerId
    command: str | None = None
    """For this journey, where it is not the same for all."""
    mentor: MentorId | None = None
    """Who takes over."""
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it for one journey."""

    number: int
    outcome: Outcome
    code: str | None = None
    says: str | None = None
    """Why it was refused. It may be personal."""
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemRow:
    number: int
    journey: JourneyId
    program: ProgramId
    learner: LearnerId
    command: str | None
    mentor: MentorId | None
    attempts: int
    outcome: Outcome | None
    """None: it is left."""
    code: str | None
    says: str | None
    events: tuple[str, ...]
    at: datetime | None


@dataclass(frozen=True, slots=True)
class BulkRefusals:
    """Why journeys refused."""

    code: str
    journeys: int
    example: JourneyId


async def freeze(connection: Connection, bulk: BulkId, digest: str, items: Sequence[Item]) -> None:
    """Within a transaction. Of an action that has its journeys already, nothing changes."""
    if await connection.execute(query("bulk_select"), bulk, digest) == _NOTHING_INSERTED:
        return
    columns = [list(column) for column in zip(*(one[:6] for one in items), strict=True)] if items else [[]] * 6
    await connection.execute(query("bulk_select_items"), bulk, *columns)


async def keep(connection: Connection, bulk: BulkId) -> None:
    """It was begun, so its journeys are not forgotten."""
    await connection.execute(query("bulk_keep"), bulk)


async def by_digest(executor: Executor, digest: str) -> BulkId | None:
    bulk: BulkId | None = await executor.fetchval(query("bulk_by_digest"), digest)
    return bulk


async def forget(executor: Executor, before: datetime) -> None:
    """Selections that were made before this moment and never begun; some of them at once."""
    await executor.execute(query("bulk_forget"), before)


async def claim(executor: Executor, bulk: BulkId, many: int) -> list[Item]:
    """The next journeys without an outcome, each counted as tried once more."""
    rows = await executor.fetch(query("bulk_claim"), bulk, many)
    return sorted(Item(*row) for row in rows)


async def enter(executor: Executor, bulk: BulkId, results: Sequence[Result]) -> None:
    """The first outcome of a journey stays."""
    rows = [(one.number, one.outcome, one.code, one.says, " ".join(one.events)) for one in results]
    columns = [list(column) for column in zip(*rows, strict=True)]
    if columns:
        await executor.execute(query("bulk_enter"), bulk, *columns)


async def outcomes(executor: Executor, bulk: BulkId) -> tuple[Outcomes, int]:
    """How many journeys had which, and how many are left."""
    counts = {row["outcome"]: row["journeys"] for row in await executor.fetch(query("bulk_outcomes"), bulk)}
    left = counts.pop("left", 0)
    return Outcomes(**counts), left


async def reasons(executor: Executor, bulk: BulkId) -> list[BulkRefusals]:
    """Why journeys refused, by code."""
    return [BulkRefusals(*row) for row in await executor.fetch(query("bulk_reasons"), bulk)]


async def items(
    executor: Executor, bulk: BulkId, outcome: Outcome | Literal["left"] | None = None, after: int = 0, limit: int = 100
) -> list[ItemRow]:
    """By number, those behind `after`."""
    rows = await executor.fetch(query("bulk_items"), bulk, outcome, after, limit)
    return [ItemRow(**{**dict(row), "events": tuple(row["events"])}) for row in rows]
