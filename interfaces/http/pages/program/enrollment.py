"""Enrollment: whether a program takes learners in, who waits for a place, and whether it is ready to grow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.program import ProgramState
from domain.values import counted
from domain.words import plain
from queries.growth import GrowthReadiness

PAGE = 50


@dataclass(frozen=True, slots=True)
class WaitingLine:
    place: int
    learner: str
    name: str


@dataclass(frozen=True, slots=True)
class ConditionLine:
    rule: str
    wanted: str
    found: str
    met: bool


@dataclass(frozen=True, slots=True)
class EnrollmentPage:
    program: str
    standing: str
    is_open: bool
    figures: Sequence[tuple[str, str]]
    waiting: Sequence[WaitingLine]
    total_waiting: int
    next: str | None
    first: str | None
    growth: str
    conditions: Sequence[ConditionLine]
    acts: bool
    enrolls: bool


def standing(now: ProgramState) -> str:
    if not now.is_open:
        return "Enrollment is closed: nobody is taken in. The waiting list is kept."
    if now.places is None:
        return "Enrollment is open, for any number of learners."
    room = counted(now.room or 0, "place")
    return f"Enrollment is open for {counted(now.places, 'learner')}; {room} left."


def figures(now: ProgramState) -> list[tuple[str, str]]:
    return [
        ("Places", "unlimited" if now.places is None else f"{now.places:,}"),
        ("Have a place", f"{len(now.enrolled):,}"),
        ("Wait for one", f"{len(now.waiting):,}"),
        ("Have ended", f"{len(now.ended):,}"),
    ]


def shown(now: ProgramState, after: int) -> Sequence[str]:
    """The learners of a page of the waiting list."""
    return now.waiting[after : after + PAGE]


def waiting_lines(now: ProgramState, after: int, names: Mapping[str, str]) -> list[WaitingLine]:
    return [WaitingLine(after + nth, one, names.get(one, one)) for nth, one in enumerate(shown(now, after), start=1)]


def conditions(found: GrowthReadiness) -> list[ConditionLine]:
    return [ConditionLine(plain(one.rule), one.wanted, one.found, one.met) for one in found.conditions]
