"""What wants attention: every open escalation, and everything that somebody is awaited to do, overdue from its date on.

Whether a thing is overdue depends on the time of reading, so the reader says what time it is.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from domain.ids import CaseId, JourneyId
from domain.kit import Role
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


async def wanted(pool: Pool, at: datetime, program: str | None = None, limit: int = 200) -> list[Item]:
    """The open cases, the gravest first, and then what is overdue at `at`, the longest overdue first."""
    return [Item(*row) for row in await _ATTENTION.fetch(pool, query("attention_wanted"), at, program, limit)]


@dataclass(frozen=True, slots=True)
class Tally:
    program: str
    open_cases: int
    overdue: int


async def tallies(pool: Pool, at: datetime) -> list[Tally]:
    """By program; only programs that have any."""
    return [Tally(*row) for row in await _ATTENTION.fetch(pool, query("attention_tallies"), at)]
