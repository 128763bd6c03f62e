"""What is coming: every timer of every journey, with the rule that set it and who can make it unnecessary."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from domain.ids import JourneyId
from domain.kit import Role
from projections.fold import Rows
from projections.journeys import JourneySnapshot, JourneyView
from projections.reading import View
from projections.sql import query
from store.database import Pool


class Upcoming(JourneyView):
    name = "upcoming"
    columns: ClassVar = {
        "upcoming": (
            *("stream", "journey", "program", "learner", "mentor", "place", "at", "rule", "label", "does"),
            "stopped_by",
        )
    }
    keys: ClassVar = {"upcoming": "place"}

    def rows(self, snapshot: JourneySnapshot, /) -> Rows:
        state = snapshot.state
        whose = (snapshot.stream, snapshot.journey, state.program, state.learner, state.mentor)
        return {
            "upcoming": [
                (*whose, place, timer.at, timer.rule, timer.label, timer.then.in_words(), timer.stopped_by)
                for place, timer in enumerate(snapshot.timers)
            ]
        }


@dataclass(frozen=True, slots=True)
class ComingTimer:
    journey: JourneyId
    program: str
    learner: str
    mentor: str | None
    place: int
    at: datetime
    rule: str
    """The place in the kit that says so."""
    label: str
    does: str
    """What happens then, in words."""
    stopped_by: Role


_UPCOMING = View(board=4)


async def between(
    pool: Pool, since: datetime, until: datetime, programs: Collection[str] | None = None, limit: int = 200
) -> list[ComingTimer]:
    """The timers in [since, until), the earliest first. `programs`: None: of all of them."""
    only = list(programs) if programs is not None else None
    return [
        ComingTimer(*row) for row in await _UPCOMING.fetch(pool, query("upcoming_between"), since, until, only, limit)
    ]


async def of_journey(pool: Pool, journey: JourneyId) -> list[ComingTimer]:
    """All timers of one journey, the earliest first."""
    return [
        ComingTimer(*row) for row in await _UPCOMING.fetch(pool, query("upcoming_of_journey"), f"journey-{journey}")
    ]
