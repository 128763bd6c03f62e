"""What wants attention: every open escalation, and everything that somebody is awaited to do, overdue from its date on.

Whether a thing is overdue depends on the time of reading, so the reader says what time it is.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from domain.ids import JourneyId
from domain.kit import Role
from domain.kit.words import GRAVITY
from projections.fold import Rows
from projections.journeys import JourneySnapshot, JourneyView
from projections.reading import View
from projections.sql import query
from store.database import Pool


class Attention(JourneyView):
    name = "attention"
    columns: ClassVar = {
        "attention": (
            *("stream", "journey", "program", "learner", "mentor", "kind", "about", "duty", "who", "grave", "since"),
            *("due_at", "rule"),
        )
    }
    keys: ClassVar = {"attention": "about"}

    def rows(self, snapshot: JourneySnapshot, /) -> Rows:
        state = snapshot.state
        whose = (snapshot.stream, snapshot.journey, state.program, state.learner, state.mentor)
        gravity = {f"case:{case.case}": GRAVITY[case.severity] for case in state.cases}
        return {
            "attention": [
                (
                    *(*whose, "case" if one.about in gravity else "duty", one.about, one.duty, one.who),
                    *(gravity.get(one.about, 0), one.since, one.due_at, one.rule),
                )
                for one in snapshot.awaited
            ]
        }


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
