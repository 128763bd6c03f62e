"""Who can lead the groups that are proposed: what one group takes of a mentor is not free for the next.

A proposed group is entered with its mentors just as a group that is formed: by the commands that book their time and
reserve their minutes (`domain.cohort.leading`). What they refuse is not proposed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from domain.cohort import Context
from domain.cohort.events import PlannedSession
from domain.cohort.leading import Asked, Reserving, demand_of
from domain.cohort.slots import Slot
from domain.holding import HOLD
from domain.ids import CohortId, MentorId, ProgramId
from domain.kit import Kit, Pathway
from domain.matching.groups import Group
from domain.matching.pool import Available
from domain.mentor import MENTOR, MentorCommand, MentorState
from domain.mentor.demand import Demand, WeekDemand
from domain.mentor.limits import Wanted, load_of, room_for
from domain.profiles import MentorProfile
from domain.refusal import Rejected
from domain.scheduling.free import Calendar
from domain.scheduling.intervals import Interval

_TRAINING: Final = "training_acknowledged"
"""The name of a hard rule of matching."""
_MOST_GROUPS: Final = 20
"""The most groups that are given to one mentor at once."""


@dataclass(frozen=True, slots=True)
class Leading:
    """A mentor of the program."""

    mentor: MentorId
    profile: MentorProfile
    """Completed by what is kept beside the stream."""
    state: MentorState
    calendar: Calendar


class Leaders:
    """The mentors of a program, with all that they have to do once the groups proposed so far are formed."""

    def __init__(self, kit: Kit, program: ProgramId, at: datetime, mentors: Iterable[Leading]) -> None:
        self._kit, self._program, self._at = kit, program, at
        self._mentors = {one.mentor: one for one in mentors}
        self._states = {one.mentor: one.state for one in self._mentors.values()}
        self._led: dict[MentorId, int] = {}
        self._groups = 0
        self.taken: dict[MentorId, list[tuple[Slot, timedelta]]] = {}
        """The hours of the week at which they lead a group that is proposed, and for how long at most."""

    @property
    def all(self) -> Iterable[MentorId]:
        return self._mentors.keys()

    def able(self, pathway: Pathway, asks: Sequence[PlannedSession], mentors: Iterable[MentorId]) -> list[Available]:
        """Each of these with how many groups they can take that meet at these dates or at most a week later."""
        demand = demand_of(self._kit, pathway, asks)
        own = Demand(weeks=tuple(WeekDemand(**week.model_dump(exclude={"session"})) for week in demand.shared))
        return [self._available(self._mentors[one], own) for one in mentors]

    def _available(self, one: Leading, asks: Demand) -> Available:
        kit = self._kit
        load = load_of(self._states[one.mentor].places)
        room = room_for(Wanted(one.mentor, self._program, 0, asks), load, kit.capacity, one.profile)
        free = room.free_to_target if kit.capacity.overflow == "wait" else room.free
        most = max(min(free, _MOST_GROUPS - self._led.get(one.mentor, 0)), 0)
        return Available(mentor=one.mentor, profile=one.profile, free=most, trained=_is_trained(kit, one.state))

    def can_be_booked(self, mentors: Iterable[MentorId], wanted: Interval) -> bool:
        """Whether they are neither away then nor meet somebody else, with the time that the kit wants in between."""
        around = Interval(wanted.start - self._kit.meeting.buffer, wanted.end + self._kit.meeting.buffer)
        return not any(
            _overlap(one, wanted if is_leave else around)
            for mentor in mentors
            for one, is_leave in self._kept_away(self._states[mentor])
        )

    @staticmethod
    def _kept_away(state: MentorState) -> Iterator[tuple[Interval, bool]]:
        for leave in state.leave:
            yield Interval(leave.starts_at, leave.ends_at), True
        for booked in state.booked.values():
            yield Interval(booked.starts_at, booked.ends_at), False
        for hours in state.office_hours.values():
            yield Interval(hours.starts_at, hours.ends_at), False

    def lead(
        self, group: Group, pathway: Pathway, length: timedelta, sessions: Sequence[PlannedSession]
    ) -> MentorId | None:
        """Gives the group its mentors at these dates. Otherwise changes nothing, and returns who has no time for it."""
        context = Context(CohortId(f"{self._program}.proposed-{self._groups}"), self._kit)
        states: dict[MentorId, MentorState] = {}
        for mentor in group.mentors:
            asked = Reserving(context, pathway, 0, Asked(mentor, sessions, sessions), self._at, "system")
            try:
                states[mentor] = self._after(mentor, asked)
            except Rejected:
                return mentor
        self._states |= states
        self._groups += 1
        for mentor in group.mentors:
            self._led[mentor] = self._led.get(mentor, 0) + 1
            if group.slot:
                self.taken.setdefault(mentor, []).append((group.slot, length))
        return None

    def _after(self, mentor: MentorId, asked: Reserving) -> MentorState:
        """Raises Rejected."""
        state, reservation = self._states[mentor], asked.reservation(HOLD)
        commands: list[MentorCommand] = [*asked.bookings(), *([reservation] if reservation else [])]
        for command in commands:
            state = MENTOR.fold(MENTOR.decide(state, command, self._at), state)
        return state


def _overlap(one: Interval, other: Interval) -> bool:
    return one.start < other.end and other.start < one.end


def _is_trained(kit: Kit, state: MentorState) -> bool:
    """As for a match: only where the kit says that it matters."""
    if _TRAINING not in kit.matching.rules:
        return True
    return all((kit.program_id, step) in state.acknowledged for step in kit.mentor_kit.training)
