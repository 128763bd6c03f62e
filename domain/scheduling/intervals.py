"""Stretches of time: in order, none touching the next, from a first instant to before a last one."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple


class Interval(NamedTuple):
    """From `start` until before `end`, both aware and in UTC."""

    start: datetime
    end: datetime


def merged(those: Iterable[Interval]) -> list[Interval]:
    """In order, with those joined that overlap or touch. Empty ones are left out."""
    found: list[Interval] = []
    for one in sorted(those):
        if one.start >= one.end:
            continue
        if found and one.start <= found[-1].end:
            found[-1] = Interval(found[-1].start, max(found[-1].end, one.end))
        else:
            found.append(one)
    return found


def without(taken: Iterable[Interval], begin: datetime, end: datetime) -> list[Interval]:
    """What these leave of the time from `begin` until `end`."""
    found: list[Interval] = []
    position = begin
    for one in merged(taken):
        if position < min(one.start, end):
            found.append(Interval(position, min(one.start, end)))
        position = max(position, one.end)
    if position < end:
        found.append(Interval(position, end))
    return found


def common(first: Sequence[Interval], second: Sequence[Interval]) -> list[Interval]:
    """What is in both, each as `merged` gives it."""
    return list(_common(first, second))


def _common(first: Sequence[Interval], second: Sequence[Interval]) -> Iterator[Interval]:
    left, right = 0, 0
    while left < len(first) and right < len(second):
        start = max(first[left].start, second[right].start)
        end = min(first[left].end, second[right].end)
        if start < end:
            yield Interval(start, end)
        if first[left].end < second[right].end:
            left += 1
        else:
            right += 1


def fits(those: Sequence[Interval], wanted: Interval) -> bool:
    """Whether one of these, as `merged` gives them, holds all of it."""
    nth = bisect_right(those, wanted.start, key=lambda one: one.start) - 1
    return nth >= 0 and wanted.end <= those[nth].end
