"""What a group asks of those who lead it: the times of its sessions, and their minutes, once for all members."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from domain.cohort.decide import Context
from domain.cohort.events import PlannedSession
from domain.cohort.state import CohortState
from domain.ids import MentorId, SessionId, cohort_stream
from domain.kit import Kit, Pathway
from domain.mentor.bookings import Dated, FollowSessions
from domain.mentor.demand import Demand, session_asks
from domain.mentor.ledger import FollowHolder


def demand_of(kit: Kit, pathway: Pathway, sessions: Iterable[PlannedSession]) -> Demand:
    asks = (session_asks(kit, pathway.session(one.session), one.starts_at) for one in sessions)
    return Demand(shared=tuple(sorted(asks, key=lambda one: (one.week, one.session))))


def following(context: Context, state: CohortState, at: datetime) -> list[FollowSessions | FollowHolder]:
    """What is entered with every mentor who leads the group or has led it. Entering it again changes nothing."""
    current = () if state.closed_at else state.mentors
    gone = [one for one in (*state.former_mentors, *state.mentors) if one not in current]
    return [
        *(one for mentor in current for one in _of_leader(context, state, mentor, at)),
        *(one for mentor in gone for one in _of_former(context, state, mentor, at)),
    ]


def _of_leader(
    context: Context, state: CohortState, mentor: MentorId, at: datetime
) -> list[FollowSessions | FollowHolder]:
    pathway = context.pathway(state)
    planned = [PlannedSession(session=one.session, starts_at=one.starts_at) for one in state.meetings]
    return [
        FollowSessions(mentor, cohort_stream(context.cohort), state.version, _ahead(pathway, state)),
        FollowHolder(
            mentor=mentor,
            holder=cohort_stream(context.cohort),
            as_of=state.version,
            program=context.kit.program_id,
            standing="confirmed",
            places=0,
            demand=demand_of(context.kit, pathway, planned),
            since=at,
            until=at + _ONCE_MORE,
        ),
    ]


def _of_former(
    context: Context, state: CohortState, mentor: MentorId, at: datetime
) -> list[FollowSessions | FollowHolder]:
    holder = cohort_stream(context.cohort)
    return [
        FollowSessions(mentor, holder, state.version, {}, "closed" if state.closed_at else "mentor_left"),
        FollowHolder(
            mentor=mentor,
            holder=holder,
            as_of=state.version,
            program=context.kit.program_id,
            standing=None,
            because="cohort_ended" if state.closed_at else "mentor_released",
            places=0,
            since=at,
            until=at + _ONCE_MORE,
        ),
    ]


_ONCE_MORE = timedelta(hours=1)
"""Of no account for what is confirmed or released at once."""


def _ahead(pathway: Pathway, state: CohortState) -> Mapping[SessionId, Dated]:
    return {
        one.session: Dated(one.starts_at, one.starts_at + pathway.session(one.session).length, one.dated, chosen=True)
        for one in state.meetings
        if not one.settled
    }
