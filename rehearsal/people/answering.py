"""How long people take for what is asked of them. Assumed, as nobody publishes it for programs like these.

The time taken is a share of the time that there is, log-normal: half of all answers come in the first third, about one
of eight comes late, and some never come. A learner answers on a day on which they are active.
"""

import math
from datetime import timedelta

from rehearsal.people.draws import Draws

_MIDDLE = 0.3
"""The share of the time by which half have answered."""
_SPREAD = 1.0
_LONGEST = 4.0
NEVER = 0.04
ACCEPTS = 0.92
"""Of offered matches."""
SENDS_INTAKE = 0.94
"""Of learners who begin the intake."""


def taken(draws: Draws, about: str, there_is: timedelta, pace: float = 1.0) -> timedelta | None:
    """How long an answer takes; None: it never comes. A pace of 2 takes twice as long."""
    if draws.happens(NEVER, "never answers", about):
        return None
    share = _MIDDLE * math.exp(_SPREAD * draws.normal("answers", about)) * pace
    return there_is * min(share, _LONGEST)
