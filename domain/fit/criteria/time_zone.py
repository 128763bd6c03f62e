"""How much of the day both have at the same time."""

from typing import ClassVar

from domain.fit.comparison import Criterion
from domain.fit.hours import in_hours, offset
from domain.fit.sides import Learner, Mentor
from domain.fit.terms import Terms

_HALF_A_DAY = 12 * 60


class TimeZone(Criterion[int, int]):
    """The share of the twelve hours from 09:00 to 21:00 that their clocks show at the same time, at that date.

    No question need tell it: people have a time zone of their own.
    """

    name: ClassVar[str] = "time_zone"
    compares: ClassVar[str] = "the time zones of both: the share of the hours from 9 to 21 that they have together"
    columns: ClassVar[tuple[str, ...]] = ("time_zone",)

    def wanted(self, learner: Learner, terms: Terms) -> int | None:
        return offset(learner.profile.time_zone, terms.at) if learner.profile.time_zone else None

    def offered(self, mentor: Mentor, terms: Terms) -> int | None:
        return offset(mentor.profile.time_zone, terms.at) if mentor.profile.time_zone else None

    def fit(self, wanted: int, offered: int, _: Terms) -> float:
        return 1 - _apart(wanted, offered) / _HALF_A_DAY

    def reason(self, wanted: int, offered: int, _: Terms) -> str:
        apart = _apart(wanted, offered)
        return f"is {in_hours(apart)} apart" if apart else "has the same time of day"


def _apart(one: int, other: int) -> int:
    """In minutes by the clock, at most half a day: 13 hours ahead of somebody is 11 hours behind them."""
    difference = abs(one - other) % (2 * _HALF_A_DAY)
    return min(difference, 2 * _HALF_A_DAY - difference)
