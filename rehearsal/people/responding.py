"""What it does to a learner who is away that somebody writes or talks to them. Assumed, and small on purpose.

Detection is not effect: in Wisconsin an accurate early warning showed no sure effect on who graduated (arXiv
2304.06205), while at the Open University contacting learners of low probability helped in a randomized trial. A
reminder by letter brings one of twenty back on the next day, a person who deals with a case one of seven. A program
whose figures hang on these two should measure them; with 0 for both, a rule changes nothing for learners.
"""

from collections.abc import Iterable

from domain.journey.cases import CaseResolved
from domain.journey.escalations import Nudged
from domain.values import Event
from rehearsal.people.draws import Draws
from rehearsal.people.track import Track

NUDGED = 0.05
TALKED_TO = 0.15
_AWAY = 3
"""Days without activity after which somebody can be brought back."""


def respond(track: Track, draws: Draws, happened: Iterable[Event], day: int) -> bool:
    """Whether they come back on the day after."""
    chance = max((_chance(one) for one in happened), default=0.0)
    if not chance or track.gap(day) < _AWAY or not track.is_there(day):
        return False
    if not draws.happens(chance, "responds", day):
        return False
    track.come_back(day + 1)
    return True


def _chance(one: Event) -> float:
    match one:
        case CaseResolved():
            return TALKED_TO
        case Nudged(to="learner"):
            return NUDGED
        case _:
            return 0.0
