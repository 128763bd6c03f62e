"""What a journey does now."""

from dataclasses import dataclass
from typing import NamedTuple

from domain.journey.duties import awaited
from domain.journey.duty import Awaited
from domain.journey.state import JourneyState
from domain.journey.terms import Ending
from domain.journey.timer import Timer
from domain.journey.timers import earliest, timers
from domain.kit import Kit


class Wait(NamedTuple):
    """Nothing to do but wait for a command or for the next timer; at least one of the two can come.

    A workflow needs the next timer after every step; the others, and what is awaited, are for people who look.
    """

    kit: Kit
    state: JourneyState
    next_timer: Timer | None

    @property
    def awaited(self) -> tuple[Awaited, ...]:
        return awaited(self.state)

    @property
    def timers(self) -> tuple[Timer, ...]:
        """The earliest first."""
        return timers(self.kit, self.state)


@dataclass(frozen=True, slots=True)
class Finish:
    ending: Ending


def next_action(kit: Kit, state: JourneyState) -> Wait | Finish:
    """What a journey does now. The kit must be the one that the journey is pinned to."""
    if state.closing:
        return Finish(ending=state.closing.ending)
    return Wait(kit, state, earliest(kit, state))
