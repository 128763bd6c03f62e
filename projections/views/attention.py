"""What wants attention: every open escalation, and everything that somebody is awaited to do, overdue from its date on.

Whether a thing is overdue depends on the time of reading, so the reader says what time it is.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal

from domain.ids import CaseId, JourneyId
from domain.kit import Role, Severity
from domain.kit.words import GRAVITY
from projections.fold import Row, Rows
from projections.journeys import JourneySnapshot, JourneyView
from projections.reading import View
from projections.sql import query
from store.database import Pool


class Attention(JourneyView):
    name = "attention"
    columns: ClassVar = {
        "attention": (
            *("stream", "journey", "program", "learner", "mentor", "kind", "about", "duty", "who", "grave", "since"),
            *("due_at", "rule", "number", "opened_at", "acknowledged", "snoozed_until", "version"),
        )
    }
    keys: ClassVar = {"attention": "about"}

    def rows(self, snapshot: JourneySnapshot, /) -> Rows:
        state = snapshot.state
        whose = (snapshot.stream, snapshot.journey, state.program, state.learner, state.mentor)
        cases = {case.case: case for case in state.cases}
        rows = []
        for one in snapshot.awaited:
            case = cases.get(case_named(one.about)) if one.duty == "case" else None
            row: Row = (*whose, "case" if case else "duty", one.about, one.duty, one.who)
            row += (GRAVITY[case.severity] if case else 0, one.since, one.due_at, one.rule)
            row += (case.case, case.opened_at, case.acknowledged, case.snoozed_until) if case else (None,) * 4
            rows.append((*row, snapshot.version))
        return {"attention": rows}


def case_named(about: str) -> CaseId:
    """`case:case-2#3` is about `case-2`."""
    return CaseId(about.removeprefix("case:").partition("#")[0])


@dataclass(frozen=True, slots=True)
class Item:
    journey: JourneyId
    program: str
    learner: str
    mentor: str | None
    kind: Literal["case", "duty"]
    about: str
    duty: str
    who: Role
    grave: int
    since: datetime
    due_at: datetime
    rule: str


_ATTENTION = View(board=4)
_CASES = View(board=5)


async def wanted(pool: Pool, at: datetime, programs: Collection[str] | None = None, limit: int = 200) -> list[Item]:
    """The open cases, the gravest first, and then what is overdue at `at`, the longest overdue first. `programs`: None:
    of all of them."""
    only = list(programs) if programs is not None else None
    return [Item(*row) for row in await _ATTENTION.fetch(pool, query("attention_wanted"), at, only, limit)]


@dataclass(frozen=True, slots=True)
class Tally:
    program: str
    open_cases: int
    overdue: int


async def tallies(pool: Pool, at: datetime) -> list[Tally]:
    """By program; only programs that have any."""
    return [Tally(*row) for row in await _ATTENTION.fetch(pool, query("attention_tallies"), at)]


CaseSort = Literal["severity", "due"]


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which open cases: those that meet all that is not None."""

    programs: frozenset[str] | None = None
    journey: str | None = None
    learner: str | None = None
    mentor: str | None = None
    owner: Role | None = None
    severity: Severity | None = None
    """This grave, or graver."""
    acknowledged: bool | None = None
    due_before: datetime | None = None
    snoozed: bool | None = None
    """Whether it rests at `at`."""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """An open case, and by when it is to be answered."""

    journey: JourneyId
    case: CaseId
    program: str
    learner: str
    mentor: str | None
    owner: Role
    severity: Severity
    rule: str
    """The place in the kit that opened it."""
    opened_at: datetime
    acknowledged: bool
    """Whether its owner has seen it and is dealing with it."""
    snoozed_until: datetime | None
    since: datetime
    """From when the present time to respond counts."""
    respond_by: datetime
    version: int
    """Of the journey's stream, up to which the row is."""


@dataclass(frozen=True, slots=True)
class CaseCursor:
    """The place of a case in the sorted queue."""

    grave: int
    respond_by: datetime
    journey: str
    case: str


async def cases(
    pool: Pool, where: CaseFilter, sort: CaseSort = "severity", after: CaseCursor | None = None, limit: int = 50
) -> tuple[list[CaseRow], CaseCursor | None]:
    """Open cases, the most severe or the first due first, and where the next page begins."""
    by_severity = sort == "severity"
    rows = await _CASES.fetch(
        pool,
        query("cases_page"),
        by_severity,
        sorted(where.programs) if where.programs is not None else None,
        *(where.journey, where.learner, where.mentor, where.owner, GRAVITY[where.severity], where.acknowledged),
        *(where.due_before, where.snoozed, where.at),
        *((after.grave, after.respond_by, after.journey, after.case) if after else (None, None, None, None)),
        limit + 1,
    )
    shown = [_case(row) for row in rows[:limit]]
    last = shown[-1] if len(rows) > limit else None
    return shown, CaseCursor(GRAVITY[last.severity], last.respond_by, last.journey, last.case) if last else None


_SEVERITY: Mapping[int, Severity] = {grave: severity for severity, grave in GRAVITY.items() if severity}


def _case(row: Any) -> CaseRow:
    values = dict(row)
    return CaseRow(severity=_SEVERITY[values.pop("grave")], **values)
