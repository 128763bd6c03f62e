"""Places with mentors: reserving them, and entering what journeys have recorded since.

A reservation is decided on the mentor's stream and appended at the version that was read, so that of any number who
want the last place one gets it. Before it is refused, what the journeys with a place have recorded is entered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from pydantic import AwareDatetime

from domain.ids import JourneyId, KitDigest, MentorId, StreamId, journey_stream
from domain.journey import EVENTS, JourneyEvent, JourneyState, evolve
from domain.journey.matching import MatchOffered, MentorMatched
from domain.journey.plan import BEARS_ON_PLACES, ahead
from domain.kit import Kit
from domain.kit.delivery import fits
from domain.mentor import MENTOR, MentorState, mentor_stream
from domain.mentor.demand import Demand, demand_of, week_of
from domain.mentor.ledger import FollowHolder, ReleaseReason, ReservePlace, Standing
from domain.mentor.profile import completed
from domain.profiles import MentorProfile
from domain.values import Actor, Frozen, Personal
from store import kits, people
from store.codec import Codec
from store.database import Pool, query
from store.errors import StoreError
from store.event_log import EventLog
from store.transact import Snapshot, given, read, transact

HOLD: Final = timedelta(hours=1)
"""How long whoever reserves a place has to record what it is for. Usually that takes milliseconds; while it cannot be
recorded, because Postgres is away, nobody else can take the place either."""
_CODEC: Codec[JourneyEvent] = Codec(EVENTS)


class LedgerNotFilled(StoreError):
    """Journeys that were matched by an earlier release are being entered. It takes some minutes at most."""

    def __init__(self) -> None:
        super().__init__("the places of journeys that were matched before are being entered; try again in a moment")


class Wanted(Frozen):
    """A place that a journey needs, for what it decides on this version."""

    journey: JourneyId
    as_of: int
    at: AwareDatetime
    """When it is decided, by the clock of the journey."""
    past_capacity: bool = False
    reason: Personal = ""
    by: Actor = "ops"


# Reserving


async def reserve_for_journey(pool: Pool, mentor: MentorId, wanted: Wanted) -> None:
    """Keeps a place for what the journey is about to record; again with the same values, nothing changes.

    Raises:
        Rejected: when the mentor has no room for this learner.
        LedgerNotFilled: when that cannot be known yet.
        MissingKit, KitNotReadable, TooManyConflicts.
    """
    journey = await _followed(pool, journey_stream(wanted.journey), up_to=wanted.as_of)
    assert journey, "a journey that decides has begun"
    demand, first_meeting = journey.demand(wanted.at), journey.first_meeting(wanted.at)
    command = ReservePlace(
        mentor=mentor,
        holder=journey.stream,
        as_of=wanted.as_of,
        program=journey.state.program,
        demand=demand.since(week_of(wanted.at)),
        policy=journey.kit.capacity,
        until=datetime.now(UTC) + HOLD,
        first_meeting=first_meeting,
        own_places=await _places_beside_the_stream(pool, mentor),
        urgent=journey.is_urgent,
        past_capacity=wanted.past_capacity,
        reason=wanted.reason,
        by=wanted.by,
    )
    await reserve(pool, command)


async def reserve(pool: Pool, command: ReservePlace) -> None:
    """For a journey or a group. Raises as `reserve_for_journey`."""
    if not await pool.fetchval(query("ledger_filled")):
        raise LedgerNotFilled

    async def catch_up_first(known: Snapshot[MentorState]) -> bool:
        return await _enter_news(pool, command.mentor, known)

    await transact(
        pool,
        mentor_stream(command.mentor),
        MENTOR,
        command,
        datetime.now(UTC),
        meta=given(command),
        before_refusing=catch_up_first,
    )


async def _places_beside_the_stream(pool: Pool, mentor: MentorId) -> int | None:
    known = await people.get(pool, mentor)
    return completed(MentorProfile(), known.attributes, known.time_zone).places if known else None


# Following


async def catch_up(pool: Pool, mentor: MentorId) -> bool:
    """Enters what the journeys with a place have recorded since. Returns whether anything was new."""
    return await _enter_news(pool, mentor, await read(pool, mentor_stream(mentor), MENTOR))


async def _enter_news(pool: Pool, mentor: MentorId, known: Snapshot[MentorState]) -> bool:
    holders = [one for one in known.state.places if one.startswith(_JOURNEY)]
    versions = await pool.fetch(query("streams_versions"), holders)
    changed = False
    for holder, version in ((row["stream"], row["version"]) for row in versions):
        if _may_have_news(known.state, holder, version):
            journey = await _followed(pool, holder)
            changed |= bool(journey and await _enter(pool, mentor, journey, known))
    for holder in _given_up_by_groups(known.state):
        changed |= await _give_back(pool, mentor, holder, known)
    return changed


def _given_up_by_groups(state: MentorState) -> list[StreamId]:
    """Groups that recorded nothing of what was reserved for them. What they record, their own workflows enter."""
    now = datetime.now(UTC)
    return [
        holder
        for holder, place in state.places.items()
        if not holder.startswith(_JOURNEY) and place.until is not None and place.until <= now
    ]


async def _give_back(pool: Pool, mentor: MentorId, holder: StreamId, known: Snapshot[MentorState]) -> bool:
    place, now = known.state.places[holder], datetime.now(UTC)
    command = FollowHolder(
        mentor=mentor, holder=holder, as_of=place.as_of, program=place.program, standing=None, since=now, until=now
    )
    done = await transact(pool, mentor_stream(mentor), MENTOR, command, now, meta=given(command), known=known)
    return bool(done.events)


async def follow(pool: Pool, journey: StreamId) -> bool:
    """Enters what this journey has recorded with every mentor who had a part in it. Returns whether anything was new.

    Raises MissingKit, KitNotReadable, NotDecodable, TooManyConflicts.
    """
    followed = await _followed(pool, journey)
    if followed is None:
        return False
    return any([await _enter(pool, mentor, followed) for mentor in sorted(followed.mentors)])


_JOURNEY: Final = journey_stream(JourneyId(""))


def _may_have_news(state: MentorState, holder: StreamId, version: int) -> bool:
    place = state.places[holder]
    return version > place.as_of or (place.until is not None and place.until <= datetime.now(UTC))


async def _enter(
    pool: Pool, mentor: MentorId, journey: "_Followed", known: Snapshot[MentorState] | None = None
) -> bool:
    done = await transact(
        pool,
        mentor_stream(mentor),
        MENTOR,
        journey.as_command(mentor),
        datetime.now(UTC),
        meta={"by": "system", "command": FollowHolder.__name__},
        known=known,
    )
    return bool(done.events)


@dataclass(frozen=True, slots=True)
class _Followed:
    """A journey, as far as it bears on places."""

    stream: StreamId
    state: JourneyState
    kit: Kit
    as_of: int
    """The version of the last event that bears on places."""
    since: datetime
    """When that occurred."""
    mentors: Mapping[MentorId, bool]
    """All who were ever proposed, and whether they were matched."""

    def demand(self, at: datetime) -> Demand:
        plan = ahead(self.kit, self.state, at)
        return demand_of(self.kit, *plan) if plan else Demand()

    def first_meeting(self, at: datetime) -> datetime:
        plan = ahead(self.kit, self.state, at)
        return min((date for _, date in plan.sessions if date >= at), default=at) if plan else at

    @property
    def is_urgent(self) -> bool:
        rounds, answers = self.kit.matching.rounds, self.state.answers
        return bool(rounds and rounds.urgent and answers and fits(rounds.urgent, answers))

    def as_command(self, mentor: MentorId) -> FollowHolder:
        standing = self._standing(mentor)
        return FollowHolder(
            mentor=mentor,
            holder=self.stream,
            as_of=self.as_of,
            program=self.state.program,
            standing=standing,
            because=self._because(mentor),
            places=0 if self._comes_with_group else 1,
            demand=self.demand(self.since) if standing else Demand(),
            since=self.since,
            until=datetime.now(UTC) + HOLD,
        )

    @property
    def _comes_with_group(self) -> bool:
        """Whether the mentor leads the learner's group, which asks for the time of all its members at once."""
        brought = self.kit.cohorts is not None and self.kit.cohorts.brings_mentor
        return brought and self.state.cohort is not None

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


async def _followed(pool: Pool, stream: StreamId, up_to: int | None = None) -> _Followed | None:
    """None for a stream without events. Raises MissingKit, KitNotReadable, NotDecodable."""
    recorded = await EventLog(pool).read_stream(stream, limit=up_to)
    state: JourneyState | None = None
    mentors: dict[MentorId, bool] = {}
    as_of, since = 0, datetime.now(UTC)
    for one, event in zip(recorded, _CODEC.decode_known(recorded), strict=True):
        state = evolve(state, event)
        if one.type in BEARS_ON_PLACES:
            as_of, since = one.version, one.occurred_at
        if isinstance(event, MatchOffered | MentorMatched):
            mentors[event.mentor] = mentors.get(event.mentor, False) or isinstance(event, MentorMatched)
    if state is None:
        return None
    return _Followed(stream, state, await kits.load(pool, KitDigest(state.kit)), as_of, since, mentors)


def bearing_types() -> Iterable[str]:
    """The stored types of the events of journeys that bear on places."""
    return sorted(BEARS_ON_PLACES)
