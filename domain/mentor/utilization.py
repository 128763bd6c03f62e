"""How much of a mentor is in use, and when places are free for those who wait (R18, R19)."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

from domain.ids import ProgramId
from domain.kit import Capacity
from domain.mentor.demand import monday, week_after, week_of
from domain.mentor.limits import Load, limits_of_minutes, limits_of_places, load_of
from domain.mentor.state import MentorState
from domain.profiles import MentorProfile
from domain.values import changed

Use = Literal["under_used", "below_target", "at_target", "over_limit"]
"""Under-used: less than half of the target. Over the limit: by places now, or by minutes in any of the coming weeks."""


@dataclass(frozen=True, slots=True)
class Utilization:
    """Of one mentor in one program; what they have in other programs counts where their own profile sets the limit."""

    places: int
    """The most that they can have here."""
    taken: int
    """With those that are reserved."""
    reserved: int
    """Those of them that are not confirmed."""
    minutes: int | None
    """The most in a week, at a utilization of 1. None: minutes have no limit."""
    planned: tuple[int, ...]
    """Minutes in the present week and the ones that follow."""
    share: float
    """Of places or of the present week's minutes, whichever is used more."""
    use: Use


def coming_weeks(at: datetime, many: int) -> tuple[str, ...]:
    """The present one first."""
    first = week_of(at)
    return tuple(week_after(first, nth) for nth in range(many))


def utilization(
    state: MentorState, program: ProgramId, policy: Capacity, profile: MentorProfile, weeks: Sequence[str]
) -> Utilization:
    """`profile`: the mentor's, completed by what is known beside the stream. `weeks`: from `coming_weeks`."""
    load = load_of(state.places)
    places = _most_places(load, program, policy, profile)
    most = _minutes(load, program, policy, profile, weeks)
    planned = tuple(load.minutes_in(program, week) for week in weeks)
    here = [one for one in state.places.values() if one.program == program]
    taken = sum(one.places for one in here)
    shares = [taken / places if places else float(taken > 0), planned[0] / most if most else 0.0]
    return Utilization(
        places=places,
        taken=taken,
        reserved=sum(one.places for one in here if not one.confirmed),
        minutes=most,
        planned=planned,
        share=max(shares),
        use=_use(max(shares), policy, over=taken > places or _over(planned, most, policy)),
    )


def _most_places(load: Load, program: ProgramId, policy: Capacity, profile: MentorProfile) -> int:
    elsewhere = load.places_in(None) - load.places_in(program)
    limits = limits_of_places(program, policy, profile)
    return max(0, min(int(one.most) - (0 if one.program else elsewhere) for one in limits))


def _minutes(
    load: Load, program: ProgramId, policy: Capacity, profile: MentorProfile, weeks: Sequence[str]
) -> int | None:
    """In the present week."""
    elsewhere = load.minutes_in(None, weeks[0]) - load.minutes_in(program, weeks[0])
    whole = changed(policy, {"limit_utilization": 1.0})
    limits = limits_of_minutes(program, whole, profile)
    most = [int(one.most) - (0 if one.program else elsewhere) for one in limits]
    return max(0, min(most)) if most else None


def _over(planned: Sequence[int], most: int | None, policy: Capacity) -> bool:
    return most is not None and any(one > most * policy.limit_utilization for one in planned)


def _use(share: float, policy: Capacity, *, over: bool) -> Use:
    if over:
        return "over_limit"
    if share >= policy.target_utilization:
        return "at_target"
    return "under_used" if share < policy.target_utilization / 2 else "below_target"


# Waiting


class Slot(NamedTuple):
    """A place that is free, or will be."""

    free_from: date
    mentor_type: str | None
    """None: nobody has said, so it suits any pathway."""


def slots(state: MentorState, program: ProgramId, kind: str | None, free_now: int, today: date) -> Iterable[Slot]:
    """Those of one mentor: the free ones, and those of learners whose pathway ends."""
    yield from [Slot(today, kind)] * free_now
    for place in state.places.values():
        if place.program == program and place.places and (last := place.demand.last_week):
            yield Slot(max(today, monday(week_after(last))), kind)


def expected(waiting: Sequence[str], free: Iterable[Slot]) -> list[date | None]:
    """When each of those who wait can expect a place, who has waited longest first, by the type of mentor that their
    pathway asks for. None: no date is known at which there will be one."""
    by_type: dict[str | None, deque[date]] = {}
    for slot in sorted(free, key=lambda one: one.free_from):
        by_type.setdefault(slot.mentor_type, deque()).append(slot.free_from)
    return [_earliest(by_type, kind) for kind in waiting]


def _earliest(by_type: dict[str | None, deque[date]], kind: str) -> date | None:
    those = [one for one in (by_type.get(kind), by_type.get(None)) if one]
    return min(those, key=lambda one: one[0]).popleft() if those else None
