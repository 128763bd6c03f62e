"""What is coming: every timer of every journey, with the rule that set it and who can make it unnecessary."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from domain.ids import JourneyId
from domain.journey import JourneyEvent, JourneyState, Wait, next_action
from domain.kit import Role
from projections.journeys import JourneyFold, journey_of
from projections.kits import Kits
from projections.projection import Rows, Told, query
from projections.reading import View
from store.database import Pool


class Upcoming(JourneyFold):
    name = "upcoming"
    version = 1
    columns: ClassVar = {
        "upcoming": (
            *("stream", "journey", "program", "learner", "mentor", "place", "at", "rule", "label", "does"),
            "stopped_by",
        )
    }

    def rows(self, stream: str, state: JourneyState, _: Sequence[Told[JourneyEvent]], kits: Kits, /) -> Rows:
        action = next_action(kits.get(state.kit), state)
        timers = action.timers if isinstance(action, Wait) else ()
        whose = (stream, journey_of(stream), state.program, state.learner, state.mentor)
        return {
            "upcoming": [
                (*whose, place, timer.at, timer.rule, timer.label, timer.then.in_words(), timer.stopped_by)
                for place, timer in enumerate(timers)
            ]
        }


@dataclass(frozen=True, slots=True)
class Timer:
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


_UPCOMING = View(upcoming=1)


async def between(
    pool: Pool, since: datetime, until: datetime, program: str | None = None, limit: int = 200
) -> list[Timer]:
    """The timers in [since, until), the earliest first."""
    return [Timer(*row) for row in await _UPCOMING.fetch(pool, query("upcoming_between"), since, until, program, limit)]


async def of_journey(pool: Pool, journey: JourneyId) -> list[Timer]:
    """All timers of one journey, the earliest first."""
    return [Timer(*row) for row in await _UPCOMING.fetch(pool, query("upcoming_of_journey"), f"journey-{journey}")]
