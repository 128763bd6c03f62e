"""Keeps the rosters of groups in step with the journeys of their members, where an attendance was corrected there."""

from datetime import UTC, datetime
from typing import Final

from domain.cohort import Context, cohort
from domain.cohort.comparing import differences
from domain.ids import JourneyId, cohort_stream
from domain.journey.attendance import AttendanceCorrected, AttendanceRecorded, AttendanceTakenBack
from queries.cohorts import snapshot
from queries.journey_record import read_record
from store import kits
from store.database import Pool
from store.transact import given, transact

BEARS_ON_ROSTERS: Final = frozenset(
    event.type for event in (AttendanceRecorded, AttendanceCorrected, AttendanceTakenBack)
)
"""The stored types of the events of a journey by which it may come to differ from its group."""


async def follow(pool: Pool, journey: JourneyId) -> bool:
    """Enters with the group what its member's journey says otherwise. Doing so again changes nothing.

    Returns False while that is not known, because the journeys of the group are being told something: to be tried
    again.

    Raises NoSuchJourney; NotDecodable, NotFoldable, MissingKit, TooManyConflicts.
    """
    member = (await read_record(pool, journey)).state.cohort
    while member:
        group = (await snapshot(pool, member.cohort)).state
        if group.kit is None or group.told < group.news:
            return group.kit is None
        # The journey is read after the group: whatever the group records later has another version.
        found = next(differences(group, (await read_record(pool, journey)).state), None)
        if found is None:
            return True
        decider = cohort(Context(member.cohort, await kits.load(pool, group.kit)))
        stream, at = cohort_stream(member.cohort), datetime.now(UTC)
        if not (await transact(pool, stream, decider, found, at, meta=given(found))).events:
            return False
    return True
