"""The groups of the programs that the reader sees, a page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from interfaces.http.pages.cohorts.calendar import Calendar
from interfaces.http.pages.rendering import When
from projections.views.cohorts import CohortRow
from queries.titles import Titles

PAGE = 50


@dataclass(frozen=True, slots=True)
class GroupRow:
    cohort: str
    title: str
    program: str
    pathway: str
    mentors: str
    slot: str
    members: str
    held: str
    next: str
    next_at: When | None
    due: bool
    """Whether that session has begun, and nobody has said how it went."""
    remark: str
    """What is amiss, in words."""


@dataclass(frozen=True, slots=True)
class CohortsPage:
    program: str | None
    forms_in: str | None
    """The program in which the reader may form groups."""
    opens: bool
    """Whether groups lead to their pages, which hold personal data."""
    calendar: Calendar
    calendar_before: str
    calendar_after: str
    rows: Sequence[GroupRow]
    closed: bool
    switch: str
    """The address with or without the groups that are closed."""
    first: str | None
    next: str | None


def group_rows(
    rows: Sequence[CohortRow],
    names: Mapping[str, str],
    titles: Mapping[str, Titles],
    now: datetime,
) -> list[GroupRow]:
    return [_row(one, names, titles, now) for one in rows]


def _row(
    one: CohortRow,
    names: Mapping[str, str],
    titles: Mapping[str, Titles],
    now: datetime,
) -> GroupRow:
    coming = one.next_session or ""
    return GroupRow(
        cohort=one.cohort,
        title=f"{titles[one.program].group} {one.number}",
        program=one.program,
        pathway=one.pathway,
        mentors=", ".join(names.get(mentor, mentor) for mentor in one.mentors),
        slot=one.slot or "",
        members=f"{one.members} of at most {one.most}",
        held=f"{one.held} of {one.sessions}",
        next=titles[one.program].of_session(one.pathway, coming),
        next_at=When.of(one.next_at, now) if one.next_at else None,
        due=bool(one.next_at and one.next_at <= now and one.closed_at is None),
        remark="; ".join(_remarks(one)),
    )


def _remarks(one: CohortRow) -> list[str]:
    said = ["closed"] if one.closed_at else []
    if one.members < one.least and not one.closed_at:
        said.append(f"fewer than {one.least} members")
    if one.refused:
        said.append(f"{one.refused} {'journey' if one.refused == 1 else 'journeys'} refused what was recorded last")
    if not one.told:
        said.append("members are still being told")
    return said


def address(query: Mapping[str, object]) -> str:
    """Of the page, with these parameters."""
    given = {name: value for name, value in query.items() if value not in (None, "", False)}
    return f"/cohorts?{urlencode(given)}" if given else "/cohorts"
