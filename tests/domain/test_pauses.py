"""What a pause shifts: every date of the state says it by its type."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, get_args, get_type_hints

import pytest
from pydantic import AwareDatetime

from domain.journey import JourneyState
from domain.journey.parts import Fixed, Part, Pausing, Shifted, ShiftedIfAhead, ShiftedUntilSettled, shifted

BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)
WEEK = timedelta(weeks=1)


def parts_of(kind: type, found: set[type]) -> set[type]:
    if kind not in found:
        found.add(kind)
        for hint in get_type_hints(kind).values():
            for one in inner(hint):
                if is_dataclass(one) and isinstance(one, type):
                    parts_of(one, found)
    return found


def inner(hint: Any) -> Iterator[Any]:
    yield hint
    for one in get_args(hint):
        yield from inner(one)


DATES = [
    (kind, one.name, [*inner(get_type_hints(kind, include_extras=True)[one.name])])
    for kind in sorted(parts_of(JourneyState, set()), key=lambda kind: kind.__name__)
    for one in fields(kind)
    if any(plain in (datetime, AwareDatetime) for plain in inner(get_type_hints(kind)[one.name]))
]


def test_the_dates_of_the_state_are_found() -> None:
    assert {kind.__name__ for kind, *_ in DATES} >= {"JourneyState", "SessionStanding", "Case", "Ladder", "Closing"}


@pytest.mark.parametrize(("kind", "name", "hints"), DATES, ids=[f"{kind.__name__}.{name}" for kind, name, _ in DATES])
def test_every_date_says_whether_a_pause_shifts_it(kind: type, name: str, hints: list[Any]) -> None:
    assert sum(isinstance(one, Pausing) for one in hints) == 1, "give it one of the types of domain/journey/parts.py"


@dataclass(frozen=True, kw_only=True)
class Leg(Part):
    settled: bool
    due_at: ShiftedUntilSettled
    starts_at: ShiftedIfAhead


@dataclass(frozen=True, kw_only=True)
class Trip(Part):
    booked_at: Fixed
    ends_at: Shifted | None
    legs: tuple[Leg, ...] = ()
    first: Leg | None = None


def leg(days: int, *, settled: bool = False) -> Leg:
    at = BEGAN + timedelta(days=days)
    return Leg(settled=settled, due_at=at, starts_at=at)


def test_a_pause_shifts_what_lies_ahead_in_every_part() -> None:
    trip = Trip(booked_at=BEGAN, ends_at=BEGAN, legs=(leg(1), leg(1, settled=True)), first=leg(-1))
    later = Trip(
        booked_at=BEGAN,
        ends_at=BEGAN + WEEK,
        legs=(leg(8), leg(1, settled=True)),
        first=Leg(settled=False, due_at=leg(6).due_at, starts_at=leg(-1).starts_at),
    )
    assert shifted(trip, WEEK, BEGAN) == later
    assert shifted(Trip(booked_at=BEGAN, ends_at=None), WEEK, BEGAN) == Trip(booked_at=BEGAN, ends_at=None)
