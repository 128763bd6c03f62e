"""Who has places with mentors, journeys and groups: what their streams say about them, and what they ask for."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from domain.cohort import CohortEvent, CohortState
from domain.cohort.events import CohortClosed, CohortFormed, MentorReplaced, SessionMoved, SessionsPlanned
from domain.ids import CohortId, JourneyId, MentorId, StreamId, cohort_stream, journey_stream
from domain.journey import JourneyState, decide
from domain.journey.commands import ApproveMatch, OfferMatch
from domain.journey.matching import MentorMatched
from domain.journey.offers import MatchOffered
from domain.journey.plan import BEARS_ON_PLACES, ahead
from domain.kit import Kit
from domain.mentor.demand import Demand, demand_of, session_asks, week_of
from domain.mentor.ledger import FollowHolder, ReleaseReason, ReservePlace, Standing
from domain.mentor.state import MentorState
from domain.refusal import Rejected
from domain.values import Actor, Event

HOLD: Final = timedelta(hours=1)
"""How long whoever reserves a place has to record what it is for. Usually that takes milliseconds; while it cannot be
recorded, because Postgres is away, nobody else can take the place either."""

_NEVER: Final = datetime.min.replace(tzinfo=UTC)
OF_JOURNEYS: Final = journey_stream(JourneyId(""))
OF_GROUPS: Final = cohort_stream(CohortId(""))
_BEARS_ON_GROUPS: Final = frozenset(
    one.type for one in (CohortFormed, SessionsPlanned, SessionMoved, MentorReplaced, CohortClosed)
)
BEARING: Final = tuple(sorted(BEARS_ON_PLACES | _BEARS_ON_GROUPS))
"""The stored types of all events that bear on places."""


class Holder(Protocol):
    """A journey or a group, as far as it bears on places."""

    @property
    def mentors(self) -> Mapping[MentorId, bool]:
        """All who ever had a part in it, and whether they were its mentor."""
        ...

    def as_command(self, mentor: MentorId, now: datetime) -> FollowHolder: ...


@dataclass(frozen=True, slots=True)
class Bearing:
    """What the events of a stream say about places, as far as they have been read."""

    as_of: int = 0
    """The version of the last event that bears on places."""
    since: datetime = _NEVER
    """When that occurred."""
    mentors: Mapping[MentorId, bool] = field(default_factory=dict)

    def after(self, version: int, event: Event) -> "Bearing":
        """With the next event of a journey's stream."""
        if event.type not in BEARS_ON_PLACES:
            return self
        mentors = self.mentors
        if isinstance(event, MatchOffered | MentorMatched):
            mentors = {**mentors, event.mentor: mentors.get(event.mentor, False) or isinstance(event, MentorMatched)}
        return Bearing(version, event.at, mentors)

    def after_group(self, version: int, event: CohortEvent, mentors: Iterable[MentorId]) -> "Bearing":
        """With the next event of a group's stream, which has these mentors by then."""
        known = {**self.mentors, **dict.fromkeys(mentors, True)}
        if event.type in _BEARS_ON_GROUPS:
            return Bearing(version, event.at, known)
        return replace(self, mentors=known)


@dataclass(frozen=True, slots=True)
class JourneyAsHolder:
    stream: StreamId
    state: JourneyState
    kit: Kit
    bearing: Bearing

    @property
    def mentors(self) -> Mapping[MentorId, bool]:
        return self.bearing.mentors

    @property
    def places(self) -> int:
        """None of their own for a member of a group that brings its mentor: the group has it."""
        groups = self.kit.cohorts
        return 0 if groups and groups.brings_mentor and self.state.cohort else 1

    def demand(self, at: datetime) -> Demand:
        plan = ahead(self.kit, self.state, at)
        return demand_of(self.kit, *plan) if plan else Demand()

    def first_meeting(self, at: datetime) -> datetime:
        """With a mentor who is matched at this moment; without one, the moment itself."""
        plan = ahead(self.kit, self.state, at)
        return min((date for _, date in plan.sessions if date >= at), default=at) if plan else at

    @property
    def is_urgent(self) -> bool:
        return self.kit.is_urgent(self.state.answers)

    def reservation(
        self, mentor: MentorId, wanted: "PlaceWanted", own_places: int | None, now: datetime
    ) -> ReservePlace:
        """What is asked of the mentor's stream. `own_places`: the most learners that the mentor takes, from where
        people are kept."""
        at = wanted.at
        return ReservePlace(
            mentor=mentor,
            holder=self.stream,
            as_of=wanted.as_of,
            program=self.state.program,
            places=self.places,
            demand=self.demand(at).since(week_of(at)),
            policy=self.kit.capacity,
            until=now + HOLD,
            first_meeting=self.first_meeting(at),
            own_places=own_places,
            urgent=self.is_urgent,
            past_capacity=wanted.past_capacity,
            reason=wanted.reason,
            by=wanted.by,
        )

    def as_command(self, mentor: MentorId, now: datetime) -> FollowHolder:
        standing = self._standing(mentor)
        return FollowHolder(
            mentor=mentor,
            holder=self.stream,
            as_of=self.bearing.as_of,
            program=self.state.program,
            standing=standing,
            because=self._because(mentor),
            places=self.places,
            demand=self.demand(self.bearing.since) if standing else Demand(),
            since=self.bearing.since,
            until=now + HOLD,
        )

    def claim(self, mentor: MentorId) -> Hashable:
        """What `as_command` says about the place, without calculating it. While it stays the same, following the
        journey again brings no events."""
        since, standing = self.bearing.since, self._standing(mentor)
        plan = ahead(self.kit, self.state, since) if standing else None
        if plan is None:
            return standing
        starts_at = plan.starts_at if plan.starts_at > since else None
        return standing, self.places, self.state.kit, plan.pathway.id, starts_at, plan.ends_at, plan.sessions

    def _standing(self, mentor: MentorId) -> Standing | None:
        if self.state.closing:
            return None
        if self.state.mentor == mentor:
            return "confirmed"
        return "held" if self.state.offer and self.state.offer.mentor == mentor else None

    def _because(self, mentor: MentorId) -> ReleaseReason:
        if self.state.closing:
            return "journey_closed"
        return "mentor_released" if self.mentors.get(mentor) else "offer_ended"


def needs_place(kit: Kit, state: JourneyState, command: ApproveMatch | OfferMatch, at: datetime) -> bool:
    """Whether a place is to be kept before the command is decided. Not where it would be refused, or changes nothing;
    nor for a match with the mentor of a group, which has the mentor's time."""
    if isinstance(command, ApproveMatch) and command.cohort:
        return False
    try:
        events = decide(kit, state, command, at)
    except Rejected:
        return False
    return any(isinstance(one, MatchOffered | MentorMatched) for one in events)


class PlaceWanted(Protocol):
    """A place that a journey needs, for what it decides on a version."""

    @property
    def as_of(self) -> int: ...
    @property
    def at(self) -> datetime:
        """When it is decided, by the clock of the journey."""
        ...

    @property
    def past_capacity(self) -> bool: ...
    @property
    def reason(self) -> str: ...
    @property
    def by(self) -> Actor: ...


@dataclass(frozen=True, slots=True)
class GroupAsHolder:
    """Its sessions cost each of its mentors once for all. It takes a place where it brings its members their mentor;
    otherwise they have places of their own, with another."""

    stream: StreamId
    state: CohortState
    kit: Kit
    bearing: Bearing

    @property
    def mentors(self) -> Mapping[MentorId, bool]:
        return self.bearing.mentors

    def as_command(self, mentor: MentorId, now: datetime) -> FollowHolder:
        leads = self.state.closed_at is None and mentor in self.state.mentors
        return FollowHolder(
            mentor=mentor,
            holder=self.stream,
            as_of=self.bearing.as_of,
            program=self.kit.program_id,
            standing="confirmed" if leads else None,
            because="cohort_ended" if self.state.closed_at else "mentor_released",
            places=1 if self.kit.cohorts and self.kit.cohorts.brings_mentor else 0,
            demand=self._demand() if leads else Demand(),
            since=self.bearing.since,
            until=now + HOLD,
        )

    def _demand(self) -> Demand:
        pathway = self.kit.pathway(self.state.pathway) if self.state.pathway else None
        sessions = {one.id: one for one in pathway.sessions} if pathway else {}
        asked = (
            session_asks(self.kit, sessions[one.session], one.starts_at)
            for one in self.state.meetings
            if one.session in sessions
        )
        return Demand(shared=tuple(sorted(asked, key=lambda one: (one.week, one.session))))


def may_have_news(state: MentorState, holder: StreamId, version: int, now: datetime) -> bool:
    """Whether a stream that has a place with the mentor, and is at this version, may say something else about it than
    the mentor's own."""
    place = state.places[holder]
    return version > place.as_of or (place.until is not None and place.until <= now)


def gave_up(state: MentorState, mentor: MentorId, holder: StreamId, now: datetime) -> FollowHolder:
    """For the place of a group that was not formed after all: there is nothing that could be followed."""
    place = state.places[holder]
    return FollowHolder(
        mentor=mentor, holder=holder, as_of=place.as_of, program=place.program, standing=None, since=now, until=now
    )
