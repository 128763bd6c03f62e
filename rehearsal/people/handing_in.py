"""Whether and when work is handed in, and whether it is passed.

Whether it is handed in at all depends on how long the learner has been away a week before it is due, as later many come
just for it; how long before or after the day, on nothing. Counted in the Open University data, where 17 % of what is
handed in comes late. Work that is returned there counts as failed; in a program that asks for another attempt, that
one is passed.
"""

from collections.abc import Sequence

from rehearsal.people.draws import Draws
from rehearsal.people.fitted import GAPS, Fitted, range_of
from rehearsal.people.track import Track

LOOKED_AT = 7
"""Days before work is due, on which it shows who will hand it in."""
_LONGEST = 7
"""Days beyond the ninth tenth."""


def chance(track: Track, due: int, fit: Fitted) -> float:
    """To hand in work that is due at the end of this day."""
    return fit.hands_in[range_of(track.gap(max(due - LOOKED_AT, 0)), GAPS)]


def day(track: Track, draws: Draws, due: int, about: str, fit: Fitted) -> float | None:
    """On which day the work is handed in, counted as the due day is, with the part of the day; None: never."""
    if not track.is_there(due) or not draws.happens(chance(track, due, fit), "hands in", about):
        return None
    late = draws.happens(fit.late, "late", about)
    tenths = fit.days_late if late else fit.days_ahead
    apart = _between(tenths, draws.uniform("when", about))
    found = due + apart if late else due - apart
    left = track.left
    return found if left is None or found < left else None


def passes(kind: int, draws: Draws, about: str, fit: Fitted) -> bool:
    return draws.happens(fit.passes[kind], "passes", about)


def _between(tenths: Sequence[int], drawn: float) -> float:
    """The value at this share of a distribution that is known in steps of a tenth; the longest tenth is cut short, as
    its end is the one record of all."""
    place = int(drawn * 10)
    first, last = tenths[place], tenths[place + 1] if place < 9 else tenths[place] + _LONGEST
    return float(first + (last - first) * (drawn * 10 - place))
