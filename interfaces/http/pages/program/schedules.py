"""What a program does at intervals: when it happens next, by which rule of the kit, and whether it is paused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.values import say_duration
from interfaces.http.pages.rendering import When
from services.schedule_settings import ScheduleShown


@dataclass(frozen=True, slots=True)
class ScheduleLine:
    name: str
    does: str
    when: str
    rule: str
    standing: str
    paused: bool
    kept: bool
    next: When | None
    last: When | None


@dataclass(frozen=True, slots=True)
class SchedulesPage:
    program: str
    version: str
    rows: Sequence[ScheduleLine]
    acts: bool


def schedule_lines(found: Sequence[ScheduleShown], now: datetime) -> list[ScheduleLine]:
    return [
        ScheduleLine(
            name=one.name,
            does=one.does,
            when=f"every {say_duration(one.every).removeprefix('1 ')}" if one.every else f"once a month, {one.monthly}",
            rule=one.place,
            standing={"runs": "runs", "paused": "paused", "missing": "not kept yet"}[one.standing],
            paused=one.standing == "paused",
            kept=one.standing != "missing",
            next=When.of(one.next[0], now) if one.next else None,
            last=When.of(one.last, now) if one.last else None,
        )
        for one in found
    ]
