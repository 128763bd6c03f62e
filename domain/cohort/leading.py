"""What a group asks of those who lead it: the times of its sessions, and their minutes, once for all members."""

from collections.abc import Iterable, Mapping

from domain.cohort.decide import Context
from domain.cohort.events import PlannedSession
from domain.cohort.state import CohortState
from domain.ids import SessionId, cohort_stream
from domain.kit import Kit, Pathway
from domain.mentor.bookings import Dated, FollowSessions, ReleaseReason
from domain.mentor.demand import Demand, session_asks


def demand_of(kit: Kit, pathway: Pathway, sessions: Iterable[PlannedSession]) -> Demand:
    asks = (session_asks(kit, pathway.session(one.session), one.starts_at) for one in sessions)
    return Demand(shared=tuple(sorted(asks, key=lambda one: (one.week, one.session))))


def following(context: Context, state: CohortState) -> list[FollowSessions]:
    """The times that are entered with every mentor who leads the group or has led it. Entering them again changes
    nothing."""
    holder, leading = cohort_stream(context.cohort), () if state.closed_at else state.mentors
    ahead = _ahead(context.pathway(state), state)
    left = [one for one in (*state.former_mentors, *state.mentors) if one not in leading]
    because: ReleaseReason = "closed" if state.closed_at else "mentor_left"
    return [
        *(FollowSessions(one, holder, state.version, ahead) for one in leading),
        *(FollowSessions(one, holder, state.version, {}, because) for one in left),
    ]


def _ahead(pathway: Pathway, state: CohortState) -> Mapping[SessionId, Dated]:
    return {
        one.session: Dated(one.starts_at, one.starts_at + pathway.session(one.session).length, one.dated, chosen=True)
        for one in state.meetings
        if not one.settled
    }
