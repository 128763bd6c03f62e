"""Times that are offered to a mentor and a learner: those that suit both, each on their own clocks.

Every rule is applied by itself, so that it can be said which of them left no time, and which alone would have to give.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from domain.scheduling.clocks import instant
from domain.scheduling.free import Calendar, Rule, rules
from domain.scheduling.intervals import Interval, fits, without
from domain.scheduling.week import MINUTES_A_DAY

Side = Literal["mentor", "learner", "program"]
Name = tuple[Side, Rule | Literal["notice", "ends_by"]]
"""Of a rule: whose it is, and which."""
LEAST_STEP = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Terms:
    """What every offered time keeps to, whoever meets."""

    length: timedelta
    notice: timedelta
    """The earliest start, from now."""
    horizon: timedelta
    """The latest start, from now."""
    buffer: timedelta
    """The least time between this meeting and any other of the mentor."""
    step: timedelta
    """Starts are multiples of this from midnight, on the mentor's clocks. At least five minutes."""
    ends_by: datetime | None = None
    """When the meeting is over at the latest, such as the end of the pathway."""


@dataclass(frozen=True, slots=True)
class Lost:
    """What one rule took."""

    side: Side
    rule: Rule | Literal["notice", "ends_by"]
    taken: int
    """Starts that it alone or together with others excludes, of all within the horizon."""
    without_it: int
    """Starts that would suit if this rule alone were dropped."""


@dataclass(frozen=True, slots=True)
class Offers:
    starts: Sequence[datetime]
    """All that suit both, in UTC, the soonest first."""
    considered: int
    """All starts within the horizon, suitable or not."""
    lost: Sequence[Lost]
    """By rule; those that took none are left out."""


def offers(mentor: Calendar, learner: Calendar, terms: Terms, now: datetime) -> Offers:
    """`booked` of the mentor is kept at a distance of the buffer; the learner's may be next to the meeting."""
    until = now + terms.horizon
    starts = sorted(set(_starts(mentor, terms, now, until)))
    kept = {name: frozenset(_kept(those, starts, terms)) for name, those in _rules(mentor, learner, terms, now)}
    suitable = frozenset(starts).intersection(*kept.values())
    lost = [_lost(name, kept, starts) for name in kept]
    return Offers(sorted(suitable), len(starts), [one for one in lost if one.taken])


def problems(mentor: Calendar, learner: Calendar | None, terms: Terms, now: datetime, start: datetime) -> list[Name]:
    """The rules that exclude a meeting at this time, by side. None: it suits both.

    Unlike an offer it may begin at any minute and lie beyond the horizon. Without a learner only the mentor is asked.
    """
    wanted = Interval(start, start + terms.length)
    around = _Window(start - _AROUND, wanted.end + _AROUND)
    found = _rules(mentor, learner, terms, now, around)
    return [name for name, those in found if not fits(those, wanted)]


def spread(starts: Sequence[datetime], many: int, zone_of_days: Calendar) -> list[datetime]:
    """At most `many` of them, in order: the soonest of each day, and of few days those that lie furthest apart."""
    days: dict[object, list[datetime]] = {}
    for one in starts:
        days.setdefault(one.astimezone(zone_of_days.zone).date(), []).append(one)
    chosen: list[datetime] = []
    taken: dict[object, list[datetime]] = {day: [] for day in days}
    while len(chosen) < min(many, len(starts)):
        for day, those in days.items():
            if len(chosen) == many or not those:
                continue
            best = max(those, key=lambda one: (_distance(one, taken[day]), -one.timestamp()))
            those.remove(best)
            taken[day].append(best)
            chosen.append(best)
    return sorted(chosen)


_AROUND = timedelta(days=3)
"""Rules are looked at in the days around a meeting: a day on the clock of one zone reaches into two of another."""


@dataclass(frozen=True, slots=True)
class _Window:
    start: datetime
    end: datetime


def _rules(
    mentor: Calendar, learner: Calendar | None, terms: Terms, now: datetime, window: _Window | None = None
) -> Iterator[tuple[Name, Sequence[Interval]]]:
    begin, end = (window.start, window.end) if window else (now, now + terms.horizon + terms.length)
    yield ("program", "notice"), without([Interval(begin, now + terms.notice)], begin, end)
    if terms.ends_by:
        yield ("program", "ends_by"), without([Interval(max(begin, terms.ends_by), end)], begin, end)
    for name, those in rules(mentor, begin, end).items():
        if name == "booked":
            yield ("mentor", name), without(_wider(mentor.booked, terms.buffer), begin, end)
        else:
            yield ("mentor", name), those
    if learner:
        for name, those in rules(learner, begin, end).items():
            yield ("learner", name), those


def _wider(those: Iterable[Interval], by: timedelta) -> Iterator[Interval]:
    return (Interval(one.start - by, one.end + by) for one in those)


def _starts(mentor: Calendar, terms: Terms, now: datetime, until: datetime) -> Iterator[datetime]:
    step = max(terms.step, LEAST_STEP) // timedelta(minutes=1)
    first, last = now.astimezone(mentor.zone).date(), until.astimezone(mentor.zone).date()
    for nth in range((last - first).days + 1):
        for minute in range(0, MINUTES_A_DAY, step):
            start = instant(mentor.zone, first + timedelta(days=nth), minute)
            if start and now <= start <= until:
                yield start


def _kept(those: Sequence[Interval], starts: Iterable[datetime], terms: Terms) -> Iterator[datetime]:
    """`starts` in order."""
    nth = 0
    for start in starts:
        end = start + terms.length
        while nth < len(those) and those[nth].end < end:
            nth += 1
        if nth < len(those) and those[nth].start <= start:
            yield start


def _lost(name: Name, kept: Mapping[Name, frozenset[datetime]], starts: Sequence[datetime]) -> Lost:
    side, rule = name
    others = frozenset(starts).intersection(*(those for other, those in kept.items() if other != name))
    return Lost(side, rule, len(starts) - len(kept[name]), len(others) - len(others & kept[name]))


def _distance(one: datetime, taken: Sequence[datetime]) -> float:
    """From the nearest of those; of none, infinitely far."""
    return min((abs((one - other).total_seconds()) for other in taken), default=float("inf"))
