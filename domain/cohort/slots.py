"""An hour of the week at which a group meets, as the clocks of one time zone show it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field

from domain.scheduling.week import MINUTES_A_DAY, WEEKDAYS, Weekday
from domain.values import Frozen

_DAY = timedelta(days=1)
_IN_WORDS = dict(
    zip(WEEKDAYS, ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"), strict=True)
)


def zone_named(name: str | None) -> ZoneInfo:
    """UTC where there is no time zone of this name."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


class Slot(Frozen):
    day: Weekday
    start: int = Field(ge=0, lt=MINUTES_A_DAY)
    """In minutes from midnight."""
    zone: str
    """The name of a time zone, such as `Europe/Berlin`."""

    def __str__(self) -> str:
        hour, minute = divmod(self.start, 60)
        return f"{_IN_WORDS[self.day]} {hour:02}:{minute:02} ({self.zone})"

    def first(self, since: datetime) -> datetime:
        """The first of its moments at or after `since`, UTC. Where the clocks skip its hour, it is as much later."""
        zone = zone_named(self.zone)
        day = since.astimezone(zone).date() - _DAY
        while True:
            if WEEKDAYS[day.weekday()] == self.day and (moment := self._on(day, zone)) >= since:
                return moment
            day += _DAY

    def _on(self, day: date, zone: ZoneInfo) -> datetime:
        hour, minute = divmod(self.start, 60)
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).astimezone(UTC)
