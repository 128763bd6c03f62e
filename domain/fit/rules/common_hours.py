"""They must both be free in the usual week, long enough at one stretch."""

from typing import ClassVar

from domain.fit.comparison import Rule
from domain.fit.hours import Free, FreeHours, both, in_hours, longest, minutes
from domain.fit.terms import Terms
from domain.profiles import Trait


class CommonHours(FreeHours, Rule[Free, Free]):
    name: ClassVar[str] = "common_hours"
    requires: ClassVar[str] = "both are free in the usual week, long enough at one stretch"
    tells: ClassVar[tuple[Trait, ...]] = ("availability",)
    columns: ClassVar[tuple[str, ...]] = ("availability", "time_zone")

    def allows(self, wanted: Free, offered: Free, terms: Terms) -> bool:
        return longest(both(wanted, offered)) >= minutes(terms.common_hours)

    def reason(self, wanted: Free, offered: Free, terms: Terms) -> str:
        common = longest(both(wanted, offered))
        if not common:
            return "is never free at the same time"
        needed = in_hours(minutes(terms.common_hours))
        return f"is free at the same time for {in_hours(common)} at most, and {needed} at one stretch are needed"
