"""The board: a row for each journey."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from domain.kit import Role, Severity
from domain.values import counted
from interfaces.http.pages.rendering import When, exact
from interfaces.http.v1.journeys import BoardPage, BoardQuery
from projections.views.board import BoardRow, Sort

_ORDER: Mapping[Sort, str] = {"due": "earliest due date first", "attention": "most severe first", "journey": "by id"}


@dataclass(frozen=True, slots=True)
class Awaited:
    what: str
    who: Role | None
    due: When | None
    late: bool


@dataclass(frozen=True, slots=True)
class Coming:
    at: When
    what: str


@dataclass(frozen=True, slots=True)
class Row:
    journey: str
    learner: str
    program: str
    stage: str
    waits: Awaited | None
    since: When
    next: Coming | None
    mentor: str | None
    attention: Severity | None


@dataclass(frozen=True, slots=True)
class Board:
    caption: str
    rows: Sequence[Row]
    next: str | None
    """The address of the next page."""
    as_of: str


def board_of(page: BoardPage, names: Mapping[str, str], query: BoardQuery, now: datetime) -> Board:
    rows = [row_of(row, names, now) for row in page.rows]
    return Board(_counted(len(rows), query.sort, more=page.next is not None), rows, _next_page(page, query), exact(now))


def row_of(row: BoardRow, names: Mapping[str, str], now: datetime) -> Row:
    return Row(
        journey=row.journey,
        learner=names.get(row.learner, row.learner),
        program=row.program,
        stage="paused" if row.paused_until else row.ending or row.stage,
        waits=_awaited(row, now),
        since=When.of(row.since or row.stage_since, now),
        next=Coming(When.of(row.next_at, now), row.next_label or "") if row.next_at else None,
        mentor=names.get(row.mentor, row.mentor) if row.mentor else None,
        attention=row.attention,
    )


def _awaited(row: BoardRow, now: datetime) -> Awaited | None:
    if not row.waiting_for:
        return None
    due = When.of(row.due_at, now) if row.due_at else None
    return Awaited(row.waiting_for, row.waiting_on, due, late=bool(row.due_at and row.due_at < now))


def _next_page(page: BoardPage, query: BoardQuery) -> str | None:
    if not page.next:
        return None
    parameters = {**query.model_dump(exclude_none=True, exclude_defaults=True, mode="json"), "after": page.next}
    return f"/journeys?{urlencode(parameters)}"


def _counted(shown: int, sort: Sort, *, more: bool) -> str:
    return f"{'First ' if more else ''}{counted(shown, 'journey')}, {_ORDER[sort]}"
