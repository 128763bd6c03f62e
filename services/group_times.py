"""Keeps the times at which groups meet booked with whoever leads them, so that nothing else is offered then."""

from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from domain.cohort import Context
from domain.cohort.events import (
    AttendanceRecorded,
    CohortClosed,
    CohortFormed,
    MentorReplaced,
    SessionMoved,
    SessionsPlanned,
)
from domain.cohort.leading import following
from domain.ids import CohortId, StreamId, cohort_stream
from domain.mentor import MENTOR, mentor_stream
from domain.mentor.bookings import FollowSessions, ReleaseTime
from projections.views import bookings
from projections.views.bookings import Booking
from queries.cohorts import snapshot
from store import kits
from store.database import Pool
from store.errors import StoreError
from store.transact import given, transact

log = structlog.get_logger(__name__)

BEARS_ON_TIMES: Final = frozenset(
    event.type
    for event in (CohortFormed, SessionsPlanned, SessionMoved, AttendanceRecorded, MentorReplaced, CohortClosed)
)
"""The stored types of the events of a group that change who leads it, or when it meets."""

_GRACE = timedelta(minutes=2)
"""How long whoever books a time may take to record it for the group."""
_OF_GROUPS: Final = cohort_stream(CohortId(""))


async def follow(pool: Pool, stream: StreamId) -> None:
    """Enters when the group meets with the streams of those who lead it, and of those who did. Doing so again changes
    nothing.

    Raises NotDecodable, MissingKit.
    """
    group = CohortId(stream.removeprefix(_OF_GROUPS))
    state = (await snapshot(pool, group)).state
    if state.kit is None:
        return
    for command in following(Context(group, await kits.load(pool, state.kit)), state):
        await _enter(pool, command)


async def sweep(pool: Pool, grace: timedelta = _GRACE) -> int:
    """Frees times that were booked for a group that recorded nothing of them, because a process was killed in between.
    Returns how many. A group that was there before gets back what it has recorded.

    Raises BeingRebuilt while the view is not there.
    """
    at = datetime.now(UTC)
    unrecorded = await bookings.unrecorded_by_groups(pool, at, at - grace)
    return sum([await _freed(pool, one) for one in unrecorded])


async def _freed(pool: Pool, one: Booking) -> bool:
    """What cannot be done now is done by a later sweep."""
    try:
        await _enter(pool, ReleaseTime(one.mentor, one.holder, one.session))
        await follow(pool, one.holder)
    except StoreError as error:
        log.warning("booking_not_freed", stream=one.holder, session=one.session, because=repr(error))
        return False
    return True


async def _enter(pool: Pool, command: FollowSessions | ReleaseTime) -> None:
    await transact(pool, mentor_stream(command.mentor), MENTOR, command, datetime.now(UTC), meta=given(command))
