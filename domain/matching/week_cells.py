"""The hours of a week in cells of a quarter of an hour, in which those of different time zones are compared.

Cells are counted from midnight UTC of the day of `begins`.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.cohort.slots import Slot, zone_named
from domain.scheduling.week import WEEKDAYS, Week

Cells = NDArray[np.bool_]
_CELL: Final = 15
"""In minutes: fine enough for every time zone."""
CELLS_A_DAY: Final = 24 * 60 // _CELL
CELLS: Final = 7 * CELLS_A_DAY
_STEP: Final = 2
"""Groups begin at the full or half hour of the reference week, in cells."""


def hours(week: Week, zone: str | None, begins: datetime) -> Cells:
    """The cells in which somebody is free, of the eight days from midnight UTC of the day of `begins`: the week in
    which a group meets first, and a day more, for what begins at its end. All of them for those who have not said.
    """
    return _hours(week, zone or "UTC", begins.astimezone(UTC).date()).copy()


@lru_cache(maxsize=4_096)
def _hours(week: Week, zone: str, first_day: date) -> Cells:
    if not week:
        return np.ones(CELLS + CELLS_A_DAY, bool)
    free = np.zeros(CELLS + CELLS_A_DAY, bool)
    clock = zone_named(zone)
    origin = datetime.combine(first_day, time(), UTC)
    for nth in range(-1, 9):
        midnight = datetime.combine(first_day + timedelta(days=nth), time())
        for window in (one for one in week if WEEKDAYS[midnight.weekday()] in one.days):
            first, last = (
                ((midnight + timedelta(minutes=at)).replace(tzinfo=clock).astimezone(UTC) - origin).total_seconds() / 60
                for at in (window.start, window.end)
            )
            free[max(int(-(-first // _CELL)), 0) : max(int(last // _CELL), 0)] = True
    return free


def starts(free: Cells, length: timedelta) -> Cells:
    """The cells of the week at which something of this length can begin."""
    possible = free[:CELLS].copy()
    if cells_in(length) > CELLS_A_DAY:
        return np.zeros(CELLS, bool)
    for nth in range(1, cells_in(length)):
        possible &= free[nth : nth + CELLS]
    off_step = np.arange(CELLS) % _STEP != 0
    possible[off_step] = False
    return possible


def cells_in(length: timedelta) -> int:
    """How many, rounded up."""
    return max(int(-(-length.total_seconds() // (60 * _CELL))), 1)


def slot_at(cell: int, zone: str | None, begins: datetime) -> Slot:
    clock = zone_named(zone)
    first_day = datetime.combine(begins.astimezone(UTC).date(), time(), UTC)
    local = (first_day + timedelta(minutes=cell * _CELL)).astimezone(clock)
    return Slot(day=WEEKDAYS[local.weekday()], start=local.hour * 60 + local.minute, zone=clock.key)


def cell_of(slot: Slot, begins: datetime) -> int:
    """The one at which a group meets in the week from the day of `begins`, or in which its meeting begins."""
    first_day = datetime.combine(begins.astimezone(UTC).date(), time(), UTC)
    return int((slot.first(first_day) - first_day).total_seconds() // (60 * _CELL)) % CELLS


def book(free: Cells, cell: int, length: timedelta, buffer: timedelta) -> None:
    """Takes a meeting each week out of what is free, with the time that is kept free before and after it."""
    around = cells_in(buffer) if buffer else 0
    taken = np.arange(cell - around, cell + cells_in(length) + around) % CELLS
    free[taken] = False
    free[CELLS:][taken[taken < CELLS_A_DAY]] = False  # the same hours, a week later
