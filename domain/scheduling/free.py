"""When one person can meet: the hours of their week, on their own clocks, less everything that keeps them away.

Each rule is told apart, so that it can be said which of them left no time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo
from functools import reduce
from typing import Literal

from domain.scheduling.clocks import WHOLE_DAY, Minutes, on_the_clock, shown_once
from domain.scheduling.intervals import Interval, common, merged, without
from domain.scheduling.week import WEEKDAYS, Week

Rule = Literal["hours", "quiet_hours", "holiday", "leave", "booked", "clock_change"]
"""What can keep a person from meeting: the hours of their week do not hold it, nobody is disturbed then, the day is
free, they are away, something else is booked, or the clocks show that hour a second time."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """From `after` until `until` nobody meets, in minutes from midnight; `until` may be that of the next day."""

    after: int
    until: int

    @classmethod
    def between(cls, after: time, until: time) -> "Quiet":
        return cls(after.hour * 60 + after.minute, until.hour * 60 + until.minute)

    @property
    def leaves(self) -> Minutes:
        """The rest of a day."""
        if self.after < self.until:
            return tuple(one for one in ((0, self.after), (self.until, 24 * 60)) if one[0] < one[1])
        return ((self.until, self.after),)


@dataclass(frozen=True, slots=True)
class Calendar:
    """What is known about when a person can meet."""

    zone: tzinfo
    week: Week = ()
    """Empty: they have said nothing about hours, and any hour will do."""
    holidays: frozenset[date] = field(default_factory=frozenset)
    """Days on which they meet nobody, by their own clocks."""
    quiet: Quiet | None = None
    leave: Sequence[Interval] = ()
    booked: Sequence[Interval] = ()


def rules(one: Calendar, begin: datetime, end: datetime) -> Mapping[Rule, list[Interval]]:
    """For each rule, the times from `begin` until `end` that it leaves. Rules that take nothing may be missing."""
    found: dict[Rule, list[Interval]] = {"clock_change": shown_once(one.zone, begin, end)}
    if one.week:
        found["hours"] = hours(one.week, one.zone, begin, end)
    if quiet := one.quiet:
        found["quiet_hours"] = on_the_clock(one.zone, begin, end, lambda _: quiet.leaves)
    if one.holidays:
        found["holiday"] = on_the_clock(one.zone, begin, end, lambda day: () if day in one.holidays else WHOLE_DAY)
    if one.leave:
        found["leave"] = without(one.leave, begin, end)
    if one.booked:
        found["booked"] = without(one.booked, begin, end)
    return found


def free(one: Calendar, begin: datetime, end: datetime) -> list[Interval]:
    """When the person can meet from `begin` until `end`."""
    return reduce(common, rules(one, begin, end).values(), merged([Interval(begin, end)]))


def hours(week: Week, zone: tzinfo, begin: datetime, end: datetime) -> list[Interval]:
    """The hours of the week as they fall from `begin` until `end`."""
    by_day = _by_day(week)
    return on_the_clock(zone, begin, end, lambda day: by_day[day.weekday()])


def _by_day(week: Week) -> list[Minutes]:
    return [[(one.start, one.end) for one in week if day in one.days] for day in WEEKDAYS]
