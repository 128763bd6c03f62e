"""A journey as a row of a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.kit import Role, Severity
from interfaces.http.pages.rendering import When
from projections.views.board import BoardRow


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
    pathway: str | None
    group: str | None
    """Its title."""
    paused_until: When | None
    ending: str | None
    waits: Awaited | None
    since: When
    """From when it waits, or is in its stage."""
    next: Coming | None
    mentor: str | None
    mentor_name: str | None
    attention: Severity | None
    open_cases: int
    flags: tuple[str, ...]


def row_of(row: BoardRow, names: Mapping[str, str], groups: Mapping[str, str], now: datetime) -> Row:
    return Row(
        journey=row.journey,
        learner=names.get(row.learner, row.learner),
        program=row.program,
        stage=row.stage,
        pathway=row.pathway,
        group=groups[row.cohort] if row.cohort else None,
        paused_until=When.of(row.paused_until, now) if row.paused_until else None,
        ending=row.ending,
        waits=_awaited(row, now),
        since=When.of(row.stage_since, now),
        next=Coming(When.of(row.next_at, now), row.next_label or "") if row.next_at else None,
        mentor=row.mentor,
        mentor_name=names.get(row.mentor, row.mentor) if row.mentor else None,
        attention=row.attention,
        open_cases=row.open_cases,
        flags=row.flags,
    )


def _awaited(row: BoardRow, now: datetime) -> Awaited | None:
    if not row.waiting_for:
        return None
    due = When.of(row.due_at, now) if row.due_at else None
    return Awaited(row.waiting_for, row.waiting_on, due, late=bool(row.due_at and row.due_at < now))
