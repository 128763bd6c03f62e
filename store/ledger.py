"""Places with mentors: reserving them, and entering what journeys and groups have recorded since.

A reservation is decided on the mentor's stream and appended at the version that was read, so that of any number who
want the last place one gets it. Before it is refused, what those with a place have recorded is entered.
"""

from datetime import UTC, datetime

from pydantic import AwareDatetime

from domain.holding import Holder, gave_up, may_have_news
from domain.ids import JourneyId, MentorId, StreamId, journey_stream
from domain.mentor import MENTOR, MentorState, mentor_stream
from domain.mentor.ledger import FollowHolder, ReservePlace
from domain.profiles import MentorProfile
from domain.values import Actor, Frozen, Personal
from store import people
from store.database import Pool, query
from store.errors import StoreError
from store.holders import find_holder, find_journey
from store.transact import Snapshot, given, read, transact


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


async def reserve_for_journey(pool: Pool, mentor: MentorId, wanted: Wanted, now: datetime | None = None) -> None:
    """Keeps a place for what the journey is about to record; again with the same values, nothing changes. `now`: in a
    rehearsal, the time that it is there.

    Raises:
        Rejected: when the mentor has no room for this learner.
        LedgerNotFilled: when that cannot be known yet.
        MissingKit, KitNotReadable, TooManyConflicts.
    """
    await reserve(pool, await reservation(pool, mentor, wanted, now), now)


async def reservation(pool: Pool, mentor: MentorId, wanted: Wanted, now: datetime | None = None) -> ReservePlace:
    """What is asked of the mentor's stream. Raises MissingKit, KitNotReadable."""
    journey = await find_journey(pool, journey_stream(wanted.journey), up_to=wanted.as_of)
    assert journey, "a journey that decides has begun"
    own_places = await _places_beside_the_stream(pool, mentor)
    return journey.reservation(mentor, wanted, own_places, now or datetime.now(UTC))


async def reserve(pool: Pool, command: ReservePlace, now: datetime | None = None) -> None:
    """For a journey or a group. Raises as `reserve_for_journey`."""
    if not await pool.fetchval(query("ledger_filled")):
        raise LedgerNotFilled

    async def catch_up_first(known: Snapshot[MentorState]) -> bool:
        return await _enter_news(pool, command.mentor, known, now or datetime.now(UTC))

    await transact(
        pool,
        mentor_stream(command.mentor),
        MENTOR,
        command,
        now or datetime.now(UTC),
        meta=given(command),
        before_refusing=catch_up_first,
    )


async def _places_beside_the_stream(pool: Pool, mentor: MentorId) -> int | None:
    return people.profile_of(MentorProfile(), await people.get(pool, mentor)).places


# Following


async def catch_up(pool: Pool, mentor: MentorId, now: datetime | None = None) -> bool:
    """Enters what those with a place have recorded since. Returns whether anything was new. `now`: in a play, the time
    of its scenario."""
    known = await read(pool, mentor_stream(mentor), MENTOR)
    return await _enter_news(pool, mentor, known, now or datetime.now(UTC))


async def _enter_news(pool: Pool, mentor: MentorId, known: Snapshot[MentorState], now: datetime) -> bool:
    rows = await pool.fetch(query("streams_versions"), list(known.state.places))
    versions = {StreamId(row["stream"]): row["version"] for row in rows}
    changed = False
    for stream, version in sorted(versions.items()):  # one order, whichever the database has
        if may_have_news(known.state, stream, version, now):
            holder = await find_holder(pool, stream)
            changed |= bool(holder and await _enter(pool, mentor, holder, now, known))
    for stream in sorted(known.state.places.keys() - versions.keys()):
        if may_have_news(known.state, stream, 0, now):
            changed |= await _give_back(pool, mentor, stream, known, now)
    return changed


async def _give_back(
    pool: Pool, mentor: MentorId, holder: StreamId, known: Snapshot[MentorState], now: datetime
) -> bool:
    """Of a group that was not formed after all: there is nothing that could be followed."""
    command = gave_up(known.state, mentor, holder, now)
    done = await transact(pool, mentor_stream(mentor), MENTOR, command, now, meta=given(command), known=known)
    return bool(done.events)


async def follow(pool: Pool, stream: StreamId, now: datetime | None = None) -> bool:
    """Enters what a journey or a group has recorded with every mentor who had a part in it. Returns whether anything
    was new. `now`: in a play, the time of its scenario.

    Raises MissingKit, KitNotReadable, NotDecodable, TooManyConflicts.
    """
    holder = await find_holder(pool, stream)
    if holder is None:
        return False
    at = now or datetime.now(UTC)
    return any([await _enter(pool, mentor, holder, at) for mentor in sorted(holder.mentors)])


async def _enter(
    pool: Pool, mentor: MentorId, holder: Holder, now: datetime, known: Snapshot[MentorState] | None = None
) -> bool:
    done = await transact(
        pool,
        mentor_stream(mentor),
        MENTOR,
        holder.as_command(mentor, now),
        now,
        meta={"by": "system", "command": FollowHolder.__name__},
        known=known,
    )
    return bool(done.events)
