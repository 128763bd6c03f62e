"""The board: every journey in one row, with what it waits for, from whom, and what happens next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, Literal

from domain.ids import JourneyId
from domain.journey import JourneyEvent, JourneyState, Wait, attention, next_action
from domain.kit import Role, Severity
from projections.journeys import JourneyFold, journey_of
from projections.kits import Kits
from projections.projection import Rows, Told, query
from store.database import Pool

GRAVITY: dict[Severity | None, int] = {None: 0, "notice": 1, "warning": 2, "critical": 3}
_NEVER = datetime.max.replace(tzinfo=UTC)  # asyncpg writes this as 'infinity'
Sort = Literal["due", "attention", "journey"]


@dataclass(frozen=True, slots=True)
class BoardRow:
    journey: JourneyId
    program: str
    learner: str
    stage: str
    stage_since: datetime
    pathway: str | None
    mentor: str | None
    paused_until: datetime | None
    ending: str | None
    attention: Severity | None
    open_cases: int
    waiting_for: str | None
    """The duty that is due first, such as `milestone_review`; None when nothing is awaited."""
    about: str | None
    waiting_on: Role | None
    since: datetime | None
    due_at: datetime | None
    due_rule: str | None
    next_at: datetime | None
    """When the next timer goes off, unless what it waits for happens first."""
    next_rule: str | None
    next_label: str | None


class Board(JourneyFold):
    name = "board"
    version = 1
    columns: ClassVar = {
        "board": (
            *("stream", "journey", "program", "learner", "stage", "stage_since", "pathway", "mentor", "paused_until"),
            *("ending", "attention", "grave", "open_cases", "waiting_for", "about", "waiting_on", "since", "due_at"),
            *("due_rule", "next_at", "next_rule", "next_label"),
        )
    }

    def rows(self, stream: str, state: JourneyState, _: Sequence[Told[JourneyEvent]], kits: Kits, /) -> Rows:
        action = next_action(kits.get(state.kit), state)
        awaited = action.awaited[0] if isinstance(action, Wait) and action.awaited else None
        timer = action.timers[0] if isinstance(action, Wait) and action.timers else None
        gravest = attention(state)
        row = (
            *(stream, journey_of(stream), state.program, state.learner, state.stage, state.stage_since),
            *(state.pathway, state.mentor, state.pause.until if state.pause else None),
            *(state.closing.ending if state.closing else None, gravest, GRAVITY[gravest], len(state.cases)),
            *((awaited.duty, awaited.about, awaited.who, awaited.since) if awaited else (None, None, None, None)),
            *((awaited.due_at, awaited.rule) if awaited else (_NEVER, None)),
            *((timer.at, timer.rule, timer.label) if timer else (None, None, None)),
        )
        return {"board": [row]}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which journeys: those that meet all that is not None."""

    program: str | None = None
    stage: str | None = None
    waiting_for: str | None = None
    waiting_on: Role | None = None
    mentor: str | None = None
    learner: str | None = None
    attention: Severity | None = None
    """This grave, or graver."""
    paused: bool | None = None
    overdue_at: datetime | None = None
    """Only what was due before this moment."""
    open: bool | None = None
    """Whether the journey still runs."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place of a row in a sorted board."""

    grave: int
    due_at: datetime | None
    journey: str


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[BoardRow]
    next: Cursor | None
    """Where the next page begins; None on the last one."""


async def page(
    pool: Pool, where: Filter = Filter(), sort: Sort = "due", after: Cursor | None = None, limit: int = 50
) -> Page:
    """By the first due, by gravity and then the first due, or by name. Cursors stay valid while rows come and go."""
    rows = await pool.fetch(
        query(f"board_by_{sort}"),
        *(where.program, where.stage, where.waiting_for, where.waiting_on, where.mentor, where.learner),
        *(GRAVITY[where.attention], where.paused, where.overdue_at, where.open, limit + 1),
        *((after.grave, after.due_at or _NEVER, after.journey) if after else (None, None, None)),
    )
    shown = [_row(row) for row in rows[:limit]]
    more = len(rows) > limit
    return Page(shown, Cursor(GRAVITY[shown[-1].attention], shown[-1].due_at, shown[-1].journey) if more else None)


async def one(pool: Pool, journey: JourneyId) -> BoardRow | None:
    row = await pool.fetchrow(query("board_one"), f"journey-{journey}")
    return _row(row) if row else None


@dataclass(frozen=True, slots=True)
class Count:
    program: str
    stage: str
    journeys: int
    paused: int
    attention: int
    """Those with an open case."""


async def counts(pool: Pool) -> list[Count]:
    """By program and stage; only those that have any."""
    return [Count(*row) for row in await pool.fetch(query("board_counts"))]


def _row(row: Any) -> BoardRow:
    values = dict(row)
    if values["due_at"].year == _NEVER.year:  # asyncpg reads 'infinity' as a time without a zone
        values["due_at"] = None
    return BoardRow(**values)
