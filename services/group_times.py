"""Keeps the times at which groups meet booked with whoever leads them, so that nothing else is offered then."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

from domain.cohort import EVENTS, CohortEvent, CohortState
from domain.cohort import evolve as evolve_cohort
from domain.cohort.events import (
    AttendanceRecorded,
    CohortClosed,
    CohortFormed,
    MentorReplaced,
    SessionMoved,
    SessionsPlanned,
)
from domain.ids import MentorId, SessionId, StreamId
from domain.kit import Kit
from domain.mentor import MENTOR, mentor_stream
from domain.mentor.bookings import Dated, FollowSessions, ReleaseReason
from queries.availability import length_of
from store import kits
from store.codec import Codec
from store.database import Pool
from store.event_log import EventLog
from store.transact import given, transact

BEARS_ON_TIMES: Final = frozenset(
    event.type
    for event in (CohortFormed, SessionsPlanned, SessionMoved, AttendanceRecorded, MentorReplaced, CohortClosed)
)
"""The stored types of the events of a group that change who leads it, or when it meets."""

_CODEC: Codec[CohortEvent] = Codec(EVENTS)


async def follow(pool: Pool, group: StreamId) -> None:
    """Enters when the group meets with the streams of those who lead it, and of those who did. Doing so again changes
    nothing.

    Raises NotDecodable, MissingKit.
    """
    recorded = await EventLog(pool).read_stream(group)
    events = _CODEC.decode_known(recorded)
    state, dated = _dated(zip((one.version for one in recorded), events, strict=True))
    if state.kit is None:
        return
    sessions = _to_be_held(state, dated, await kits.load(pool, state.kit))
    for mentor in _ever_led(events):
        leads = mentor in state.mentors and not state.closed_at
        because: ReleaseReason = "closed" if state.closed_at else "session_over" if leads else "mentor_left"
        command = FollowSessions(mentor, group, recorded[-1].version, sessions if leads else {}, because)
        await transact(pool, mentor_stream(mentor), MENTOR, command, datetime.now(UTC), meta=given(command))


def _dated(events: Iterable[tuple[int, CohortEvent]]) -> tuple[CohortState, Mapping[SessionId, int]]:
    """The state, and for each session the version of the event that gave it its time."""
    state, versions = CohortState(), dict[SessionId, int]()
    for version, event in events:
        state = evolve_cohort(state, event)
        match event:
            case SessionsPlanned():
                versions.update({one.session: version for one in event.sessions})
            case SessionMoved():
                versions[event.session] = version
            case _:
                pass
    return state, versions


def _to_be_held(state: CohortState, dated: Mapping[SessionId, int], kit: Kit) -> dict[SessionId, Dated]:
    pathway = kit.pathway(state.pathway) if state.pathway else None
    return {
        one.session: Dated(
            one.starts_at, one.starts_at + length_of(pathway, one.session), dated[one.session], chosen=True
        )
        for one in state.meetings
        if not one.settled
    }


def _ever_led(events: Iterable[CohortEvent]) -> list[MentorId]:
    found: list[MentorId] = []
    for one in events:
        match one:
            case CohortFormed():
                found += one.mentors
            case MentorReplaced():
                found.append(one.replacement)
            case _:
                pass
    return list(dict.fromkeys(found))
