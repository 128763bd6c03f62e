"""What a mentor can still take on: the places and minutes taken, against the limits of the kit and their own."""

import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Final, NamedTuple

from domain.ids import MentorId, ProgramId, StreamId
from domain.kit import Capacity
from domain.mentor.demand import Demand, SharedDemand, monday, week_after
from domain.mentor.state import Place
from domain.profiles import Leave, MentorProfile
from domain.refusal import Detail, RefusalCode, Rejected
from domain.values import changed

_FURTHEST = 52
"""How many weeks ahead a date is looked for at which a learner would find room."""


class Code(RefusalCode):
    """Why a mentor cannot take a learner on."""

    FULL = "mentor_full"
    """`places`: the most; `taken`; `wanted`; `free_from`: when the next place is expected to be free."""
    NO_MINUTES = "no_minutes_left"
    """`week`, such as 2026-W09; `minutes`: the most in it; `planned`; `wanted`; `free_from`: the week from which there
    would be room."""
    AT_TARGET = "mentor_at_target"
    """As the two before, of the target of utilization: the kit makes learners wait from there on."""
    OTHER_PROGRAM = "mentor_of_other_programs"
    """`program`: the one that they do not belong to."""
    ON_LEAVE = "mentor_on_leave"
    """`until`: when the leave ends."""


class Limit(NamedTuple):
    """One of the limits that hold for a mentor in a program."""

    most: float
    program: ProgramId | None
    """Where it counts; None: in all programs together, as the mentor's own profile says."""

    @property
    def where(self) -> str:
        return f"in {self.program}" if self.program else "in all programs together, by their own profile"


class Load:
    """What has been taken of a mentor, by program and week."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._places = tuple(places)

    @cached_property
    def _taken(self) -> Mapping[ProgramId, int]:
        taken: dict[ProgramId, int] = {}
        for one in self._places:
            taken[one.program] = taken.get(one.program, 0) + one.places
        return taken

    @cached_property
    def _minutes(self) -> Mapping[ProgramId, Mapping[str, int]]:
        """Added up when somebody asks for them: most look first whether there is a place left at all."""
        found: dict[ProgramId, dict[str, int]] = {}
        met: set[str] = set()
        for one in self._places:
            minutes = found.setdefault(one.program, {})
            for week, asked in one.demand.minutes.items():
                minutes[week] = minutes.get(week, 0) + asked
            for shared in one.demand.shared:
                if shared.session not in met:
                    met.add(shared.session)
                    minutes[shared.week] = minutes.get(shared.week, 0) + shared.total
        return found

    @cached_property
    def _shared(self) -> frozenset[str]:
        return frozenset([shared.session for one in self._places for shared in one.demand.shared])

    def new(self, shared: Iterable[SharedDemand]) -> Iterable[SharedDemand]:
        """Those for which the mentor meets nobody yet."""
        return [one for one in shared if one.session not in self._shared]

    def places_in(self, program: ProgramId | None) -> int:
        return sum(self._taken.values()) if program is None else self._taken.get(program, 0)

    def minutes_in(self, program: ProgramId | None, week: str) -> int:
        if program is None:
            return sum(one.get(week, 0) for one in self._minutes.values())
        return self._minutes.get(program, _NOTHING).get(week, 0)


_NOTHING: Final[Mapping[str, int]] = {}


def load_of(places: Mapping[StreamId, Place], without: StreamId | None = None) -> Load:
    return Load(place for holder, place in places.items() if holder != without)


def limits_of_places(program: ProgramId, policy: Capacity, profile: MentorProfile) -> Iterable[Limit]:
    yield Limit(policy.learners_per_mentor, program)
    if profile.places is not None:
        yield Limit(profile.places, None)


def limits_of_minutes(program: ProgramId, policy: Capacity, profile: MentorProfile) -> Iterable[Limit]:
    """The kit may plan beyond its own minutes, where it says so; never beyond those that the mentor gives. A kit that
    does not say what sessions cost limits no minutes: before there were costs, many had a number that no week of
    theirs can keep to."""
    if policy.minutes_a_week is not None and policy.costs:
        yield Limit(policy.minutes_a_week * policy.limit_utilization, program)
    if profile.minutes_a_week is not None:
        share = min(policy.limit_utilization, 1)
        yield Limit(profile.minutes_a_week * share, None)


class Wanted(NamedTuple):
    """A place that is asked for."""

    mentor: MentorId
    program: ProgramId
    places: int
    demand: Demand


def require_place(wanted: Wanted, places: Mapping[StreamId, Place], load: Load, limit: Limit) -> None:
    if not _is_full(wanted, load, limit):
        return
    taken = load.places_in(limit.program)
    free_from = _next_free(places, limit.program)
    raise _refused(
        Code.FULL,
        wanted,
        f"has {taken} of {limit.most:g} places taken {limit.where}",
        f"the next is expected to be free on {free_from}" if free_from else "and no date is known for the next one",
        {"places": int(limit.most), "taken": taken, "wanted": wanted.places, "free_from": free_from},
    )


def _is_full(wanted: Wanted, load: Load, limit: Limit) -> bool:
    return bool(wanted.places) and load.places_in(limit.program) + wanted.places > limit.most


def require_minutes(wanted: Wanted, load: Load, limit: Limit) -> None:
    week = first_week_over(wanted, load, limit)
    if week is None:
        return
    planned, asked = load.minutes_in(limit.program, week), _asked(wanted, load)[week]
    later = next(
        (
            weeks
            for weeks in range(1, _FURTHEST)
            if first_week_over(wanted._replace(demand=wanted.demand.later_by(weeks)), load, limit) is None
        ),
        None,
    )
    begins = min(_asked(wanted, load))
    free_from = week_after(begins, later) if later else None
    raise _refused(
        Code.NO_MINUTES,
        wanted,
        f"has {planned} of {limit.most:g} minutes planned in the week of {monday(week)} {limit.where}, and this would "
        f"take {asked}",
        f"there would be room from the week of {monday(free_from)} on"
        if free_from
        else "there is no room within a year",
        {"week": week, "minutes": int(limit.most), "planned": planned, "wanted": asked, "free_from": free_from},
    )


def first_week_over(wanted: Wanted, load: Load, limit: Limit) -> str | None:
    """The first week in which this would be more than the limit."""
    asked = _asked(wanted, load)
    over = (week for week in sorted(asked) if load.minutes_in(limit.program, week) + asked[week] > limit.most)
    return next(over, None)


def require_below_target(wanted: Wanted, load: Load, policy: Capacity, profile: MentorProfile) -> None:
    """A mentor who has reached the target gets nobody further, where the kit makes learners wait then."""
    for limit in limits_of_places(wanted.program, policy, profile) if wanted.places else ():
        taken = load.places_in(limit.program)
        if taken >= limit.most * policy.target_utilization > 0:
            raise _at_target(wanted, f"{taken} of {limit.most:g} places taken {limit.where}")
    of_the_whole = changed(policy, {"limit_utilization": 1.0})
    for limit in limits_of_minutes(wanted.program, of_the_whole, profile):
        for week in sorted(_asked(wanted, load)):
            planned = load.minutes_in(limit.program, week)
            if planned >= limit.most * policy.target_utilization > 0:
                where = f"in the week of {monday(week)} {limit.where}"
                raise _at_target(wanted, f"{planned} of {limit.most:g} minutes planned {where}")


def _at_target(wanted: Wanted, how: str) -> Rejected:
    return _refused(
        Code.AT_TARGET, wanted, f"is at the target of utilization, with {how}", "this program makes learners wait then"
    )


class Room(NamedTuple):
    """How many more learners a mentor can take, of whom each asks for the same."""

    free: int
    free_to_target: int
    """How many of them until the mentor has reached the target of utilization."""


def room_for(wanted: Wanted, load: Load, policy: Capacity, profile: MentorProfile) -> Room:
    """For learners like this one; at most a thousand."""
    limits = tuple(limits_of_places(wanted.program, policy, profile)) if wanted.places else ()
    taken = [(load.places_in(one.program), one.most) for one in limits]
    if any(already + wanted.places > most for already, most in taken):
        return Room(0, 0)
    weeks = _weeks(wanted, load, limits_of_minutes(wanted.program, policy, profile))
    free = min([_MOST_ROOM, *(_places_within(wanted, *one) for one in taken), *(one.within() for one in weeks)])
    if not free:
        return Room(0, 0)
    share = policy.target_utilization
    of_the_whole = changed(policy, {"limit_utilization": 1.0})
    whole = (
        weeks
        if policy.limit_utilization == of_the_whole.limit_utilization
        else _weeks(wanted, load, limits_of_minutes(wanted.program, of_the_whole, profile))
    )
    below = (_places_below(wanted, already, most * share) for already, most in taken)
    return Room(free, min([free, *below, *(one.below(share) for one in whole)]))


_MOST_ROOM = 1_000


def _places_within(wanted: Wanted, taken: int, most: float) -> int:
    return int(most - taken) // wanted.places


def _places_below(wanted: Wanted, taken: int, target: float) -> int:
    """How many are taken on, one after another, before `require_below_target` refuses by places."""
    return max(math.ceil((target - taken) / wanted.places), 0) if target > 0 else _MOST_ROOM


class _Week(NamedTuple):
    """What learners who are alike ask of a week, one after another."""

    most: float
    planned: int
    first: int
    """Minutes of the first of them."""
    further: int | None
    """Of each further one, whose shared sessions take place already. None: they ask for nothing in it."""

    def within(self) -> int:
        """How many there is room for."""
        left = math.floor(self.most) - self.planned - self.first
        if left < 0:
            return 0
        return 1 + left // self.further if self.further else _MOST_ROOM

    def below(self, share: float) -> int:
        """How many are taken on before `require_below_target` refuses by minutes."""
        target = math.ceil(self.most * share)
        if target <= 0:
            return _MOST_ROOM
        if self.planned >= target:
            return 0
        left = target - self.planned - self.first
        if self.further is None:
            return _MOST_ROOM
        if left <= 0:
            return 1
        return 1 + math.ceil(left / self.further) if self.further else _MOST_ROOM


def _weeks(wanted: Wanted, load: Load, limits: Iterable[Limit]) -> list[_Week]:
    first, further = _asked(wanted, load), wanted.demand.minutes
    return [
        _Week(limit.most, load.minutes_in(limit.program, week), minutes, further.get(week))
        for limit in limits
        for week, minutes in first.items()
    ]


def require_room(
    wanted: Wanted, places: Mapping[StreamId, Place], load: Load, policy: Capacity, profile: MentorProfile
) -> None:
    """By places and minutes, up to the limits."""
    for limit in limits_of_places(wanted.program, policy, profile):
        require_place(wanted, places, load, limit)
    for limit in limits_of_minutes(wanted.program, policy, profile):
        require_minutes(wanted, load, limit)


def require_belonging(wanted: Wanted, *, belongs: bool) -> None:
    if not belongs:
        data = {"program": wanted.program}
        raise _refused(Code.OTHER_PROGRAM, wanted, f"is not a mentor of {wanted.program}", "", data)


def require_presence(wanted: Wanted, leave: Iterable[Leave], first: datetime) -> None:
    """`first`: when the mentor would meet the learner for the first time."""
    until = max((one.ends_at for one in leave if one.starts_at <= first < one.ends_at), default=None)
    if until:
        raise _refused(Code.ON_LEAVE, wanted, f"is on leave until {until:%d %B %Y}", "", {"until": until.isoformat()})


def _asked(wanted: Wanted, load: Load) -> Mapping[str, int]:
    """By week, in minutes."""
    if not wanted.demand.shared:
        return wanted.demand.minutes
    found = dict(wanted.demand.minutes)
    for one in load.new(wanted.demand.shared):
        found[one.week] = found.get(one.week, 0) + one.total
    return found


def _next_free(places: Mapping[StreamId, Place], program: ProgramId | None) -> str | None:
    """The Monday after the last week of whoever ends first."""
    ends = [
        last
        for place in places.values()
        if place.places and program in (None, place.program) and (last := place.demand.last_week)
    ]
    return monday(week_after(min(ends))).isoformat() if ends else None


def _refused(code: Code, wanted: Wanted, how: str, when: str, data: Mapping[str, Detail] | None = None) -> Rejected:
    says = f"{wanted.mentor!r} {how}; {when}" if when else f"{wanted.mentor!r} {how}"
    return Rejected(
        code,
        f"{says}. Take another mentor, or insist with `past_capacity` and a reason",
        {"mentor": wanted.mentor, **(data or {})},
    )
