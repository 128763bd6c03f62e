"""What learners say of themselves: how confident they are, and that they need help. Assumed.

After a session that was held, half say how confident they are: 7 of 10 in the middle, less while they are often away.
One of forty asks for help.
"""

from collections.abc import Iterator
from typing import Any

from domain.journey.attendance import AttendanceRecorded
from domain.values import Event
from rehearsal.people.draws import Draws

SAYS = 0.5
CONFIDENT = 6.5
"""The middle, for the kind of learner that is active most rarely; half a point more for each kind above."""
_SPREAD = 1.8
ASKS_FOR_HELP = 0.025


def said(draws: Draws, kind: int, happened: Event) -> Iterator[tuple[str, dict[str, Any]]]:
    """Commands with their fields."""
    if not isinstance(happened, AttendanceRecorded) or happened.attendance not in ("attended", "late"):
        return
    if draws.happens(SAYS, "says", happened.session):
        middle = CONFIDENT + kind / 2
        drawn = round(middle + _SPREAD * draws.normal("confidence", happened.session))
        yield "give_feedback", {"confidence": min(max(drawn, 1), 10)}
    if draws.happens(ASKS_FOR_HELP, "help", happened.session):
        yield "ask_for_help", {"notes": "I am stuck."}
