"""The groups that can be formed in a program, with when they meet: of who can join one, and of who can lead it.

    propose(Forming(kit, program, begins, learners, mentors)) -> Plan

Those who bring people together (`groups`) know hours of a week; here are dates, holidays, leave and what is booked.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from domain.cohort import CohortState
from domain.cohort.commands import FormCohort
from domain.cohort.events import Entrant, PlannedSession
from domain.cohort.joining import in_the_way
from domain.cohort.planning import plan, sessions_of
from domain.ids import JourneyId, MentorId, PathwayId, ProgramId
from domain.journey import JourneyState
from domain.journey.refusing import Code
from domain.kit import Kit, Pathway
from domain.matching.groups import Formation, Group, Unplaced, Wanted, form
from domain.matching.leaders import Leaders, Leading
from domain.matching.learner import learner_profile
from domain.matching.pool import Candidate
from domain.refusal import Rejected
from domain.scheduling.free import Calendar, free
from domain.scheduling.intervals import Interval, fits
from domain.values import Actor


@dataclass(frozen=True, slots=True)
class Joining:
    """A learner who can join a group."""

    pathway: PathwayId
    candidate: Candidate
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Forming:
    """What groups are formed of."""

    kit: Kit
    """The newest."""
    program: ProgramId
    at: datetime
    begins: datetime
    """No session is earlier."""
    learners: Sequence[Joining]
    mentors: Sequence[Leading]


@dataclass(frozen=True, slots=True)
class Unsuited:
    """Somebody who cannot come to a session of their group, by the hours that they gave."""

    who: str
    session: str
    local: str
    """When it begins on their clocks, such as `Tue 24 Mar 18:00 (Europe/Berlin)`."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A group that could be formed."""

    pathway: PathwayId
    group: Group
    sessions: tuple[PlannedSession, ...]
    unsuited: tuple[Unsuited, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    program: ProgramId
    kit: Kit
    proposals: tuple[Proposal, ...]
    unplaced: tuple[Unplaced, ...]
    learners: int
    """How many there were to place."""


def can_join(kit: Kit, state: JourneyState) -> bool:
    """Whether groups are formed of the learner, or would be if the journey followed a version that forms any."""
    return in_the_way(kit, state) in (None, Code.NO_COHORTS)


def lasts(state: CohortState) -> bool:
    """Whether the group still meets, so that its members join no other."""
    return state.closed_at is None and state.next_meeting is not None


def candidate(kit: Kit, journey: JourneyId, state: JourneyState, time_zone: str | None) -> Candidate:
    """By the newest kit, whichever the journey follows."""
    return Candidate(
        journey=journey,
        learner=state.learner,
        profile=learner_profile(kit, state.answers or {}, time_zone),
        waiting_since=state.stage_since,
    )


def require_groups(kit: Kit) -> None:
    """Raises Rejected."""
    if kit.cohorts is None:
        raise Rejected(
            Code.NO_COHORTS, f"{kit.program} forms no groups; a kit says in `cohorts` how its groups are formed"
        )


def propose(forming: Forming, pathway: str | None = None) -> Plan:
    """`pathway`: groups of this one only. Takes seconds of CPU for thousands of learners.

    Raises Rejected when the kit forms no groups, or has no such pathway.
    """
    kit, calendars = forming.kit, _Calendars(forming)
    require_groups(kit)
    leaders = Leaders(kit, forming.program, forming.at, forming.mentors)
    proposals: list[Proposal] = []
    unplaced: list[Unplaced] = []
    for one in _pathways(kit, pathway):
        on_it = _OnPathway(forming, one, leaders, calendars)
        unplaced += on_it.place([each.candidate for each in forming.learners if each.pathway == one.id])
        proposals += on_it.proposals
    learners = sum(len(one.group.members) for one in proposals) + len(unplaced)
    return Plan(forming.program, kit, tuple(proposals), tuple(unplaced), learners)


class _OnPathway:
    """The groups of one pathway. Each is given its mentors at once, so that nobody is proposed for two at one time."""

    def __init__(self, forming: Forming, pathway: Pathway, leaders: Leaders, calendars: "_Calendars") -> None:
        self.proposals: list[Proposal] = []
        self._forming, self._pathway, self._leaders, self._calendars = forming, pathway, leaders, calendars
        self._length = max(one.length for one in sessions_of(pathway))
        self._asks = plan(forming.kit, pathway, forming.begins, None)
        self._able = {one.mentor: one for one in leaders.able(pathway, self._asks, leaders.all)}

    def place(self, candidates: Sequence[Candidate]) -> tuple[Unplaced, ...]:
        """Those who are left over. A mentor who cannot take a group at its dates is passed over, and its members are
        placed again without them."""
        passed_over: set[MentorId] = set()
        left = candidates
        while True:
            found = self._form(left, passed_over)
            placed = {
                learner for group in found.groups if self._propose(group, passed_over) for learner, _ in group.members
            }
            again = [one for one in left if one.learner not in placed]
            if len(placed) + len(found.unplaced) == len(left):
                return found.unplaced
            left = again

    def _form(self, candidates: Sequence[Candidate], passed_over: set[MentorId]) -> Formation:
        kit, begins = self._forming.kit, self._forming.begins
        wanted = Wanted(
            kit=kit,
            pathway=self._pathway,
            begins=begins,
            length=self._length,
            key=self._forming.program,
            quiet=self._calendars.quiet,
            taken=self._leaders.taken,
        )
        return form(wanted, candidates, [one for one in self._able.values() if one.mentor not in passed_over])

    def _propose(self, group: Group, passed_over: set[MentorId]) -> bool:
        """Whether those who are to lead it can."""
        kit, begins = self._forming.kit, self._forming.begins
        suits = partial(self._suits, group)
        sessions = plan(kit, self._pathway, begins, group.slot, suits)
        if not_free := self._leaders.lead(group, self._pathway, self._length, sessions):
            passed_over.add(not_free)
            return False
        self._able |= {one.mentor: one for one in self._leaders.able(self._pathway, self._asks, group.mentors)}
        unsuited = self._calendars.unsuited(group, self._pathway, sessions)
        self.proposals.append(Proposal(PathwayId(self._pathway.id), group, sessions, tuple(unsuited)))
        return True

    def _suits(self, group: Group, wanted: Interval) -> bool:
        """A group whose learners need no hour in common asks only that nothing else is booked."""
        if not self._leaders.can_be_booked(group.mentors, wanted):
            return False
        return group.slot is None or self._calendars.suits(group.mentors, wanted)


def command(planned: Plan, proposal: Proposal, number: int, by: Actor) -> FormCohort:
    """Forms a group as it is proposed."""
    members = tuple(Entrant(learner=one, journey=journey) for one, journey in proposal.group.members)
    return FormCohort(
        program=planned.program,
        kit=planned.kit.digest,
        pathway=proposal.pathway,
        number=number,
        mentors=proposal.group.mentors,
        slot=proposal.group.slot,
        sessions=proposal.sessions,
        members=members,
        by=by,
    )


def _pathways(kit: Kit, wanted: str | None) -> list[Pathway]:
    """Those with sessions that are held together."""
    together = [one for one in kit.pathways if sessions_of(one)]
    if wanted is None:
        return together
    if found := [one for one in together if one.id == wanted]:
        return found
    ids = [one.id for one in together]
    raise Rejected(
        Code.UNKNOWN_PATHWAY,
        f"{wanted!r} is no pathway with sessions in the mode `cohort`; there are: {', '.join(ids) or 'none'}",
        {"pathways": ids},
    )


# When they meet


class _Calendars:
    def __init__(self, forming: Forming) -> None:
        self._learners = {one.candidate.learner: one.calendar for one in forming.learners}
        self._mentors = {one.mentor: one.calendar for one in forming.mentors}
        everybody: list[tuple[str, Calendar]] = [*self._learners.items(), *self._mentors.items()]
        self.quiet = {who: one.quiet for who, one in everybody if one.quiet}
        """Hours in which nobody meets, by person: their own, or the program's."""

    def suits(self, mentors: Iterable[MentorId], wanted: Interval) -> bool:
        return all(_suits(self._mentors[one], wanted) for one in mentors)

    def unsuited(self, group: Group, pathway: Pathway, sessions: Iterable[PlannedSession]) -> Iterator[Unsuited]:
        """Whom which sessions do not suit, by their hours, holidays, quiet hours, leave and what they have booked."""
        calendars: Mapping[str, Calendar] = {
            **{one: self._learners[one] for one, _ in group.members},
            **{one: self._mentors[one] for one in group.mentors},
        }
        for one in sessions:
            wanted = Interval(one.starts_at, one.starts_at + pathway.session(one.session).length)
            for who, calendar in calendars.items():
                if not _suits(calendar, wanted):
                    local = one.starts_at.astimezone(calendar.zone)
                    yield Unsuited(who, one.session, f"{local:%a %d %b %H:%M} ({calendar.zone})")


def _suits(calendar: Calendar, wanted: Interval) -> bool:
    return fits(free(calendar, *wanted), wanted)
