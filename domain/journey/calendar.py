"""A journey in people's calendars: what identifies an entry, how often it has changed, and whether it holds.

Feeds and invitations by mail agree on all three, so that a calendar which gets both shows one entry.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from domain.ids import CohortId, JourneyId, MilestoneId, SessionId
from domain.journey.events import JourneyEvent
from domain.journey.evolve import evolve
from domain.journey.state import JourneyState, MilestoneStanding, SessionStanding

Status = Literal["CONFIRMED", "TENTATIVE", "CANCELLED"]
"""As iCalendar (RFC 5545) writes it."""


@dataclass(frozen=True, slots=True)
class Change:
    """How often an entry has changed since it was planned, and when it changed last."""

    times: int
    at: datetime


def uid(journey: JourneyId, key: str) -> str:
    """Of the entry, forever."""
    return f"{journey}/{key}@trellis"


def session_key(session: SessionId) -> str:
    return f"session/{session}"


def milestone_key(milestone: MilestoneId) -> str:
    return f"milestone/{milestone}"


def titled(title: str, other: str | None, program: str, joined: str = "with") -> str:
    """`other`: the name of the other person, where the entry may contain it."""
    return f"{title}{f' {joined} {other}' if other else ''} ({program})"


def status_of_session(state: JourneyState, one: SessionStanding) -> Status:
    """Tentative as well while a session has nobody to hold it."""
    if one.attendance:
        return "CANCELLED" if one.attendance in ("cancelled_in_time", "cancelled_late") else "CONFIRMED"
    status = _status_of_date(state, one.starts_at)
    return "TENTATIVE" if status == "CONFIRMED" and state.mentor is None else status


def status_of_milestone(state: JourneyState, one: MilestoneStanding) -> Status:
    if one.status == "open":
        return _status_of_date(state, one.due_at)
    return "CANCELLED" if one.status == "waived" else "CONFIRMED"


def _status_of_date(state: JourneyState, at: datetime) -> Status:
    """Cancelled if it lies after the end of the journey, tentative during a pause, which will shift it."""
    if state.closing and at >= state.closing.at:
        return "CANCELLED"
    return "TENTATIVE" if state.pause and at >= state.pause.since else "CONFIRMED"


def group_of(state: JourneyState, one: SessionStanding) -> CohortId | None:
    """The group that the learner meets with in this session."""
    return state.cohort.cohort if state.cohort and one.session in state.cohort.times else None


def changes(events: Iterable[JourneyEvent]) -> Mapping[str, Change]:
    """By the key of the entry; also of entries that the journey no longer has."""
    state: JourneyState | None = None
    shown: dict[str, object] = {}
    found: dict[str, Change] = {}
    for event in events:
        state = evolve(state, event)
        now = dict(_shown(state))
        for key in now.keys() | shown.keys():
            if shown.get(key) != now.get(key):
                found[key] = Change(found[key].times + 1 if key in found else 0, event.at.astimezone(UTC))
        shown = now
    return found


def _shown(state: JourneyState) -> Iterator[tuple[str, object]]:
    """What an entry depends on. The kit is part of it, because another version may have other titles; so are the
    mentor of a session, who is named in it, and whether it is a group's."""
    for session in state.sessions:
        status = status_of_session(state, session)
        yield (
            session_key(session.session),
            (session.starts_at, status, state.kit, state.mentor, group_of(state, session)),
        )
    for milestone in state.milestones:
        status = status_of_milestone(state, milestone)
        yield milestone_key(milestone.milestone), (milestone.due_at, status, state.kit)
