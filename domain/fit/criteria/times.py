"""How many hours of the usual week both are free."""

from typing import ClassVar

from domain.fit.comparison import Criterion
from domain.fit.hours import Free, FreeHours, both, in_hours, minutes, total
from domain.fit.terms import Terms
from domain.profiles import Trait


class Times(FreeHours, Criterion[Free, Free]):
    """Rises with the common hours, up to as many as the kit calls ample."""

    name: ClassVar[str] = "times"
    compares: ClassVar[str] = "the hours of a week in which both are free"
    tells: ClassVar[tuple[Trait, ...]] = ("availability",)
    columns: ClassVar[tuple[str, ...]] = ("availability", "time_zone")

    def fit(self, wanted: Free, offered: Free, terms: Terms) -> float:
        return min(total(both(wanted, offered)) / minutes(terms.ample_hours), 1)

    def reason(self, wanted: Free, offered: Free, _: Terms) -> str:
        common = total(both(wanted, offered))
        return f"is free at the same time for {in_hours(common)} a week" if common else "is never free at the same time"
