"""Breaks: holidays in which nobody is expected to be seen, so that silence in them says nothing (R91)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Self

from pydantic import model_validator

from domain.kit.words import Text
from domain.values import Day, Frozen

LONGEST = timedelta(days=120)


class Break(Frozen):
    """From the beginning of its first day to the end of its last one, UTC."""

    title: Text
    starts_on: Day
    ends_on: Day
    """The last day of it."""

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if self.ends_on < self.starts_on:
            raise ValueError(f"the break ends on {self.ends_on}, before it starts; `ends_on` is its last day")
        if self.ends_on - self.starts_on >= LONGEST:
            raise ValueError(f"the break has more than {LONGEST.days} days; pause the journeys instead")
        return self

    @cached_property
    def begins(self) -> datetime:
        return _midnight(self.starts_on)

    @cached_property
    def is_over(self) -> datetime:
        return _midnight(self.ends_on) + timedelta(days=1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def elapsed(since: datetime, lasting: timedelta, breaks: Sequence[Break]) -> datetime:
    """When so much time outside of the breaks has passed. `breaks` may overlap, and are in no order."""
    at = since + lasting
    if not breaks:
        return at
    for one in sorted(breaks, key=lambda each: each.begins):
        if one.begins >= at:
            break
        rested_from = max(one.begins, since)
        if one.is_over > rested_from:
            at += one.is_over - rested_from
            since = one.is_over
    return at
