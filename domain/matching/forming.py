"""The groups that can be formed in a program, with when they meet: of who can join one, and of who can lead it.

    propose(Forming(kit, program, begins, learners, mentors)) -> Plan

Those who bring people together (`groups`) know hours of a week; here are dates, holidays, leave and what is booked.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.cohort import CohortState
from domain.cohort.commands import FormCohort
from domain.cohort.events import Entrant, PlannedSession
from domain.cohort.leading import demand_of
from domain.cohort.planning import plan, sessions_of
from domain.ids import JourneyId, MentorId, PathwayId, ProgramId
from domain.journey import JourneyState
from domain.journey.refusing import Code
from domain.kit import Kit, Pathway
from domain.matching.groups import Group, Unplaced, Wanted, form
from domain.matching.learner import learner_profile
from domain.matching.pool import Available, Candidate
from domain.mentor import MentorState
from domain.mentor.demand import Demand, WeekDemand
from domain.mentor.limits import Wanted as RoomWanted
from domain.mentor.limits import room_for
from domain.profiles import MentorProfile
from domain.refusal import Rejected
from domain.scheduling.free import Calendar, free
from domain.scheduling.intervals import Interval, fits
from domain.values import Actor

_TRAINING = "training_acknowledged"
"""The name of a hard rule of matching."""
_MOST_GROUPS = 20
"""The most groups that are given to one mentor at once."""


@dataclass(frozen=True, slots=True)
class Joining:
    """A learner who can join a group."""

    pathway: PathwayId
    candidate: Candidate
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Leading:
    """A mentor of the program."""

    mentor: MentorId
    profile: MentorProfile
    """Completed by what is kept beside the stream."""
    state: MentorState
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Forming:
    """What groups are formed of."""

    kit: Kit
    """The newest."""
    program: ProgramId
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


def can_join(state: JourneyState) -> bool:
    return state.stage in ("matching", "sessions") and not state.pause and state.cohort is None and bool(state.pathway)


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
    proposals: list[Proposal] = []
    unplaced: list[Unplaced] = []
    for one in _pathways(kit, pathway):
        asks = _asks(kit, one, forming.begins)
        led = Counter(mentor for each in proposals for mentor in each.group.mentors)
        able = [_able(kit, mentor, asks, led[mentor.mentor]) for mentor in forming.mentors]
        wanted = Wanted(kit=kit, pathway=one, begins=forming.begins, length=_longest(one), key=forming.program)
        found = form(wanted, [each.candidate for each in forming.learners if each.pathway == one.id], able)
        proposals += [_proposal(forming, one, group, calendars) for group in found.groups]
        unplaced += found.unplaced
    learners = sum(len(one.group.members) for one in proposals) + len(unplaced)
    return Plan(forming.program, kit, tuple(proposals), tuple(unplaced), learners)


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


def _longest(pathway: Pathway) -> timedelta:
    return max(one.length for one in sessions_of(pathway))


# Who leads


def _asks(kit: Kit, pathway: Pathway, begins: datetime) -> Demand:
    """What one group asks of a mentor."""
    demand = demand_of(kit, pathway, plan(kit, pathway, begins, None))
    return Demand(weeks=tuple(WeekDemand(**week.model_dump(exclude={"session"})) for week in demand.shared))


def _able(kit: Kit, one: Leading, asks: Demand, led: int) -> Available:
    """As many groups as the mentor has minutes for, less those that are proposed already."""
    wanted = RoomWanted(one.mentor, kit.program_id, 0, asks)
    room = min(room_for(wanted, one.state.places, kit.capacity, one.profile).free, _MOST_GROUPS)
    trained = _is_trained(kit, one.state)
    return Available(mentor=one.mentor, profile=one.profile, free=max(room - led, 0), trained=trained)


def _is_trained(kit: Kit, state: MentorState) -> bool:
    """As for a match: only where the kit says that it matters."""
    if _TRAINING not in kit.matching.rules:
        return True
    return all((kit.program_id, step) in state.acknowledged for step in kit.mentor_kit.training)


# When they meet


class _Calendars:
    def __init__(self, forming: Forming) -> None:
        self._learners = {one.candidate.learner: one.calendar for one in forming.learners}
        self._mentors = {one.mentor: one.calendar for one in forming.mentors}

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


def _proposal(forming: Forming, pathway: Pathway, group: Group, calendars: _Calendars) -> Proposal:
    kit, begins = forming.kit, forming.begins
    sessions = plan(kit, pathway, begins, group.slot, lambda wanted: calendars.suits(group.mentors, wanted))
    unsuited = calendars.unsuited(group, pathway, sessions)
    return Proposal(PathwayId(pathway.id), group, sessions, tuple(unsuited))
