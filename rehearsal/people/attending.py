"""Whether a learner comes to a session. Assumed: the Open University data has no attendance.

What stands in for it is whether somebody is there at all: who has been active within the last week comes to nine
sessions of ten, who has been away for two weeks to one of three. Nothing of it is fitted, so figures about missed
sessions show how a program behaves, and not how often it will happen.
"""

from domain.journey.terms import Attendance
from rehearsal.people.draws import Draws
from rehearsal.people.track import Track

COMES = ((7, 0.91), (14, 0.75))
"""The chance by the days since the last activity: up to, but without, so many."""
COMES_AT_LAST = 0.35
LATE = 0.06
CANCELS = 0.3
"""The share of those who do not come that say so in time, while they are active."""


def attendance(track: Track, draws: Draws, day: int, session: str) -> Attendance:
    if not track.is_there(day):
        return "missed_by_learner"
    gap, drawn = track.gap(day), draws.uniform("comes", session)
    comes = next((chance for days, chance in COMES if gap < days), COMES_AT_LAST)
    if drawn < comes:
        return "late" if drawn < LATE * comes else "attended"
    cancels = gap < COMES[0][0] and draws.happens(CANCELS, "cancels", session)
    return "cancelled_in_time" if cancels else "missed_by_learner"
