"""Who has places with mentors, journeys and groups: what their streams say about them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from domain import cohort
from domain.cohort import CohortEvent, CohortState
from domain.cohort.events import CohortClosed, CohortFormed, MentorReplaced, SessionMoved, SessionsPlanned
from domain.ids import CohortId, JourneyId, KitDigest, MentorId, StreamId, cohort_stream, journey_stream
from domain.journey import EVENTS, JourneyEvent, JourneyState, evolve
from domain.journey.matching import MatchOffered, MentorMatched
from domain.journey.plan import BEARS_ON_PLACES, ahead
from domain.kit import Kit
from domain.mentor.demand import Demand, demand_of, session_asks
from domain.mentor.ledger import FollowHolder, ReleaseReason, Standing
from store import kits
from store.codec import Codec
from store.database import Pool
from store.event_log import EventLog

HOLD: Final = timedelta(hours=1)
"""How long whoever reserves a place has to record what it is for. Usually that takes milliseconds; while it cannot be
recorded, because Postgres is away, nobody else can take the place either."""

_JOURNEYS: Codec[JourneyEvent] = Codec(EVENTS)
_GROUPS: Codec[CohortEvent] = Codec(cohort.EVENTS)
_OF_JOURNEYS: Final = journey_stream(JourneyId(""))
_OF_GROUPS: Final = cohort_stream(CohortId(""))
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

    def as_command(self, mentor: MentorId) -> FollowHolder: ...


async def find_holder(pool: Pool, stream: StreamId) -> Holder | None:
    """None for a stream without events, and for one that holds no places.

    Raises MissingKit, KitNotReadable, NotDecodable.
    """
    if stream.startswith(_OF_JOURNEYS):
        return await find_journey(pool, stream)
    return await find_group(pool, stream) if stream.startswith(_OF_GROUPS) else None


# Journeys


@dataclass(frozen=True, slots=True)
class JourneyAsHolder:
    stream: StreamId
    state: JourneyState
    kit: Kit
    as_of: int
    """The version of the last event that bears on places."""
    since: datetime
    """When that occurred."""
    mentors: Mapping[MentorId, bool]

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

    def as_command(self, mentor: MentorId) -> FollowHolder:
        standing = self._standing(mentor)
        return FollowHolder(
            mentor=mentor,
            holder=self.stream,
            as_of=self.as_of,
            program=self.state.program,
            standing=standing,
            because=self._because(mentor),
            places=self.places,
            demand=self.demand(self.since) if standing else Demand(),
            since=self.since,
            until=datetime.now(UTC) + HOLD,
        )

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


async def find_journey(pool: Pool, stream: StreamId, up_to: int | None = None) -> JourneyAsHolder | None:
    """None for a stream without events. `up_to`: only so many are read.

    Raises MissingKit, KitNotReadable, NotDecodable.
    """
    recorded = await EventLog(pool).read_stream(stream, limit=up_to)
    state: JourneyState | None = None
    mentors: dict[MentorId, bool] = {}
    as_of, since = 0, datetime.now(UTC)
    for one, event in zip(recorded, _JOURNEYS.decode_known(recorded), strict=True):
        state = evolve(state, event)
        if one.type in BEARS_ON_PLACES:
            as_of, since = one.version, one.occurred_at
        if isinstance(event, MatchOffered | MentorMatched):
            mentors[event.mentor] = mentors.get(event.mentor, False) or isinstance(event, MentorMatched)
    if state is None:
        return None
    return JourneyAsHolder(stream, state, await kits.load(pool, KitDigest(state.kit)), as_of, since, mentors)


# Groups


@dataclass(frozen=True, slots=True)
class GroupAsHolder:
    """Its sessions cost each of its mentors once for all. It takes a place where it brings its members their mentor;
    otherwise they have places of their own, with another."""

    stream: StreamId
    state: CohortState
    kit: Kit
    as_of: int
    since: datetime
    mentors: Mapping[MentorId, bool]

    def as_command(self, mentor: MentorId) -> FollowHolder:
        leads = self.state.closed_at is None and mentor in self.state.mentors
        return FollowHolder(
            mentor=mentor,
            holder=self.stream,
            as_of=self.as_of,
            program=self.kit.program_id,
            standing="confirmed" if leads else None,
            because="cohort_ended" if self.state.closed_at else "mentor_released",
            places=1 if self.kit.cohorts and self.kit.cohorts.brings_mentor else 0,
            demand=self._demand() if leads else Demand(),
            since=self.since,
            until=datetime.now(UTC) + HOLD,
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


async def find_group(pool: Pool, stream: StreamId) -> GroupAsHolder | None:
    recorded = await EventLog(pool).read_stream(stream)
    state, mentors = cohort.INITIAL, dict[MentorId, bool]()
    as_of, since = 0, datetime.now(UTC)
    for one, event in zip(recorded, _GROUPS.decode_known(recorded), strict=True):
        state = cohort.evolve(state, event)
        mentors |= dict.fromkeys(state.mentors, True)
        if one.type in _BEARS_ON_GROUPS:
            as_of, since = one.version, one.occurred_at
    if state.kit is None:
        return None
    return GroupAsHolder(stream, state, await kits.load(pool, state.kit), as_of, since, mentors)
