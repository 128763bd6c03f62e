"""The dates that a journey asks of its mentor from now on: as they will be, also for one that is paused or that has not
begun yet."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple, get_args

from domain.ids import SessionId
from domain.journey.attendance import AttendanceCorrected, AttendanceRecorded, AttendanceTakenBack
from domain.journey.cohort import CohortEvent
from domain.journey.decide import decide
from domain.journey.duty import pathway_of
from domain.journey.ending import JourneyClosed, JourneyReopened
from domain.journey.evolve import fold
from domain.journey.matching import MatchingEvent
from domain.journey.moving import MovedToKit
from domain.journey.offers import OfferEvent
from domain.journey.pathway import PathwayEvent, planned
from domain.journey.pausing import PauseEvent, Resume
from domain.journey.sessions import SessionRescheduled
from domain.journey.state import JourneyState, SessionStanding
from domain.kit import Kit, Pathway
from domain.refusal import Rejected

BEARS_ON_PLACES: Final = frozenset(
    event.type
    for event in (
        *get_args(OfferEvent),
        *get_args(MatchingEvent),
        *get_args(PathwayEvent),
        *get_args(PauseEvent),
        *get_args(CohortEvent),
        SessionRescheduled,
        AttendanceRecorded,
        AttendanceCorrected,
        AttendanceTakenBack,
        MovedToKit,
        JourneyClosed,
        JourneyReopened,
    )
)
"""The stored types of the events that change whom a journey has as its mentor, or when."""


class Ahead(NamedTuple):
    pathway: Pathway
    starts_at: datetime
    ends_at: datetime
    sessions: tuple[tuple[SessionId, datetime], ...]
    """Those that take place, with their dates; held ones as well. Without those of a group, which its mentor has once
    for all."""


def ahead(kit: Kit, state: JourneyState, at: datetime) -> Ahead | None:
    """None before a pathway is chosen, and after the end. Before the match: as if it were made at this moment."""
    pathway = pathway_of(kit, state)
    if pathway is None or state.closing:
        return None
    if state.pause:
        at = max(at, state.pause.until)
        state = _as_of_its_end(kit, state)
    if state.ends_at is None:
        plan = planned(kit, state, at)
        dates = tuple((one.session, one.starts_at) for one in plan.sessions)
        return Ahead(pathway, plan.starts_at, plan.ends_at, _own(state, dates))
    return Ahead(pathway, at, max(state.ends_at, at), _own(state, _dates(state.sessions)))


def _own(state: JourneyState, dates: Iterable[tuple[SessionId, datetime]]) -> tuple[tuple[SessionId, datetime], ...]:
    of_group = state.cohort.times if state.cohort else {}
    return tuple((session, at) for session, at in dates if session not in of_group)


def _as_of_its_end(kit: Kit, state: JourneyState) -> JourneyState:
    """As it goes on when the pause ends at the date that was set."""
    assert state.pause, "only a pause that is there ends"
    try:
        events = decide(kit, state, Resume(by="system"), state.pause.until)
    except Rejected:
        return state
    return fold(events, state) or state


def _dates(sessions: Iterable[SessionStanding]) -> Iterable[tuple[SessionId, datetime]]:
    """Without those that were called off."""
    for one in sessions:
        if one.attendance not in ("cancelled_in_time", "cancelled_late"):
            yield one.session, one.starts_at
