"""The hours of a week in which somebody can meet, as wall time: what the clocks of their time zone show.

Written as `mon-fri 18:00-20:00`, `sat,sun 10:00-12:30` or `daily 07:00-09:00`; several are separated by semicolons.
"""

import re
from datetime import time
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import BeforeValidator, PlainSerializer, model_validator

from domain.values import Frozen

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: Final[tuple[Weekday, ...]] = get_args(Weekday)
"""In the order of `datetime.weekday()`."""
MINUTES_A_DAY = 24 * 60

_WINDOW = re.compile(r"\s*([a-z,\- ]+?)\s+(\d\d):(\d\d)\s*-\s*(\d\d):(\d\d)\s*")
_HOW = "write it as 'mon-fri 18:00-20:00' or 'sat,sun 10:00-12:30'"


class Window(Frozen):
    """The same hours on some days of the week. `start` and `end` are minutes from midnight, at most 1,440."""

    days: tuple[Weekday, ...]
    start: int
    end: int

    @model_validator(mode="after")
    def _lasts(self) -> "Window":
        if not 0 <= self.start < self.end <= MINUTES_A_DAY:
            raise ValueError(f"{written(self)!r} ends before it starts; hours past midnight are two of them")
        return self

    @property
    def first(self) -> time:
        return time(*divmod(self.start, 60))


def read_window(text: str) -> Window:
    """Raises ValueError, with how it is written."""
    found = _WINDOW.fullmatch(text.lower())
    if not found:
        raise ValueError(f"{text[:40]!r} is not hours of a week; {_HOW}")
    days, *clock = found.groups()
    hour, minute, until_hour, until_minute = map(int, clock)
    if minute > 59 or until_minute > 59:
        raise ValueError(f"{text[:40]!r} is not hours of a week; {_HOW}")
    return Window(days=_days(days), start=hour * 60 + minute, end=until_hour * 60 + until_minute)


def _days(text: str) -> tuple[Weekday, ...]:
    if text.strip() == "daily":
        return WEEKDAYS
    chosen: set[Weekday] = set()
    for part in text.split(","):
        first, _, last = (one.strip() for one in part.partition("-"))
        if first not in WEEKDAYS or (last and last not in WEEKDAYS):
            raise ValueError(f"{text[:40]!r} is not days of a week; {_HOW}")
        begin = WEEKDAYS.index(first)
        length = (WEEKDAYS.index(last) - begin) % 7 if last else 0
        chosen.update(WEEKDAYS[(begin + nth) % 7] for nth in range(length + 1))
    return tuple(day for day in WEEKDAYS if day in chosen)


def written(window: Window) -> str:
    """As it is read."""
    return f"{_written_days(window.days)} {_clock(window.start)}-{_clock(window.end)}"


def _written_days(days: tuple[Weekday, ...]) -> str:
    numbers = [WEEKDAYS.index(day) for day in days]
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"{days[0]}-{days[-1]}"
    return ",".join(days)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _read_week(value: Any) -> Any:
    if isinstance(value, str):
        value = [one for one in value.split(";") if one.strip()]
    if isinstance(value, list | tuple):
        return tuple(read_window(one) if isinstance(one, str) else one for one in value)
    return value


def _write_week(week: tuple[Window, ...]) -> list[str]:
    return [written(one) for one in week]


Week = Annotated[tuple[Window, ...], BeforeValidator(_read_week), PlainSerializer(_write_week, return_type=list[str])]
"""Hours of a week: a list of windows, or one text with semicolons. In JSON a list of texts."""
