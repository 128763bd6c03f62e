"""The time of the week at which a group meets: the one that suits most, and whom it does not suit, and when.

A group meets every week of a term at the same time on the clocks of one zone. Where clocks are changed at other dates
elsewhere, or not at all, a time that suits somebody in winter may not suit them in summer.

The free time of each member is one number with a bit for every five minutes of the term, so that trying all times of
the week for two hundred members over a year takes a second.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from domain.scheduling.clocks import instant
from domain.scheduling.free import Calendar, Rule, free, rules
from domain.scheduling.intervals import Interval, fits
from domain.scheduling.week import MINUTES_A_DAY, WEEKDAYS, Weekday

MOST_MEMBERS = 250
MOST_WEEKS = 60
CELL = timedelta(minutes=5)
_MIDDAY = 12 * 60


@dataclass(frozen=True, slots=True)
class Member:
    member: str
    calendar: Calendar
    leads: bool = False
    """Without them no meeting is held."""


@dataclass(frozen=True, slots=True)
class Term:
    zone: tzinfo
    """On its clocks the time of the week is always the same."""
    first: date
    """The first day on which the group may meet."""
    weeks: int
    length: timedelta
    step: timedelta
    """Times are multiples of this from midnight; it is rounded up to a multiple of `CELL`."""


@dataclass(frozen=True, slots=True)
class Unsuited:
    """A member who cannot come to some of the meetings, or to none."""

    member: str
    leads: bool
    misses: Sequence[datetime]
    """The meetings that do not suit, by their start."""
    reasons: Mapping[Rule, int]
    """How many of them each rule takes; the first that applies counts."""
    since: datetime | None
    """From this meeting on none suits, although earlier ones do."""
    until: datetime | None
    """This is the first that suits, and all later ones do."""


@dataclass(frozen=True, slots=True)
class CommonSlot:
    day: Weekday
    minute: int
    """From midnight, on the clocks of the term's zone."""
    meetings: Sequence[datetime]
    """Their starts in UTC. A week in which the clocks skip the time has none."""
    unsuited: Sequence[Unsuited]
    """Those who lead come first, then those who miss most."""
    members: int


def common_slots(members: Sequence[Member], term: Term, many: int = 1) -> list[CommonSlot]:
    """The best times of the week, the best first: those at which whoever leads can hold most meetings; then those at
    which the fewest members would miss more than half of the meetings; then those with the fewest absences. Of equal
    ones the first day of the week counts, and on it the time nearest to midday.

    Raises:
        ValueError: for more members or weeks than can be compared.
    """
    if len(members) > MOST_MEMBERS or not 1 <= term.weeks <= MOST_WEEKS:
        raise ValueError(f"at most {MOST_MEMBERS} members and {MOST_WEEKS} weeks can be compared")
    grid = _Grid.over(term)
    starts = [(one, grid.starts(one.calendar, term.length)) for one in members]
    ranked = sorted(_ranked(starts, grid, term), key=lambda one: one[0])
    return [_told(members, term, *slot) for _, slot in ranked[:many]]


_Slot = tuple[int, int, tuple[datetime, ...]]
"""The number of the weekday, the minute, and the meetings."""


@dataclass(frozen=True, slots=True)
class _Grid:
    begin: datetime
    end: datetime

    @classmethod
    def over(cls, term: Term) -> "_Grid":
        """From two days before the first day, as clocks are at most a day apart."""
        begin = datetime.combine(term.first, time(), UTC) - timedelta(days=2)
        return cls(begin, begin + timedelta(weeks=term.weeks, days=11) + term.length)

    def starts(self, calendar: Calendar, length: timedelta) -> int:
        """A bit for each cell at whose beginning a meeting could start."""
        cells, bits = -(-length // CELL), 0
        for one in free(calendar, self.begin, self.end):
            first, last = -((self.begin - one.start) // CELL), (one.end - self.begin) // CELL
            if last - first >= cells:
                bits |= ((1 << (last - first - cells + 1)) - 1) << first
        return bits

    def mask(self, meetings: Iterable[datetime]) -> int:
        bits = 0
        for one in meetings:
            bits |= 1 << ((one - self.begin) // CELL)
        return bits


def _ranked(
    starts: Sequence[tuple[Member, int]], grid: _Grid, term: Term
) -> Iterator[tuple[tuple[int, int, int, int, int, int], _Slot]]:
    for slot in _slots(term):
        day, minute, meetings = slot
        mask = grid.mask(meetings)
        lead = rarely = absences = affected = 0
        for one, possible in starts:
            misses = (mask & ~possible).bit_count()
            if not misses:
                continue
            affected += 1
            absences += misses
            rarely += 2 * misses > len(meetings)
            lead += misses if one.leads else 0
        rank = (lead + term.weeks - len(meetings), rarely, absences, affected, day, abs(minute - _MIDDAY))
        yield rank, slot


def _slots(term: Term) -> Iterator[_Slot]:
    step = -(-max(term.step, CELL) // CELL) * CELL // timedelta(minutes=1)
    for nth in range(7):
        first = term.first + timedelta(days=nth)
        days = [first + timedelta(weeks=week) for week in range(term.weeks)]
        for minute in range(0, MINUTES_A_DAY, step):
            meetings = (instant(term.zone, day, minute) for day in days)
            yield first.weekday(), minute, tuple(one for one in meetings if one)


def _told(members: Sequence[Member], term: Term, day: int, minute: int, meetings: Sequence[datetime]) -> CommonSlot:
    found = [one for member in members if (one := _unsuited(member, term, meetings))]
    found.sort(key=lambda one: (not one.leads, -len(one.misses), one.member))
    return CommonSlot(WEEKDAYS[day], minute, meetings, found, len(members))


def _unsuited(member: Member, term: Term, meetings: Sequence[datetime]) -> Unsuited | None:
    if not meetings:
        return None
    kept = rules(member.calendar, meetings[0] - timedelta(days=2), meetings[-1] + term.length + timedelta(days=2))
    taken = {one: rule for one in meetings if (rule := _first_against(kept, Interval(one, one + term.length)))}
    if not taken:
        return None
    misses = list(taken)
    return Unsuited(
        member=member.member,
        leads=member.leads,
        misses=misses,
        reasons=dict(Counter(taken.values())),
        since=misses[0] if misses == list(meetings[-len(misses) :]) and len(misses) < len(meetings) else None,
        until=meetings[len(misses)]
        if misses == list(meetings[: len(misses)]) and len(misses) < len(meetings)
        else None,
    )


def _first_against(kept: Mapping[Rule, Sequence[Interval]], wanted: Interval) -> Rule | None:
    return next((rule for rule in _ORDER if rule in kept and not fits(kept[rule], wanted)), None)


_ORDER: tuple[Rule, ...] = ("hours", "quiet_hours", "holiday", "leave", "booked", "clock_change")
