"""Invitations to sessions: who is invited to what, which events change that, and what a calendar is told then.

Of one session at a time: an iTIP message (RFC 5546) has one UID.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from pydantic import AwareDatetime

from domain.ids import KitDigest, MentorId, SessionId
from domain.journey import JourneyEvent, JourneyState, evolve
from domain.journey import events as e
from domain.journey.calendar import Status, group_of, status_of_session
from domain.journey.duty import pathway_of
from domain.journey.state import SessionStanding
from domain.kit import Kit, Role
from domain.notification.notices import Notice
from domain.values import Frozen

Kits = Mapping[KitDigest, Kit]
"""Every version of the program that the journey has followed."""

_NO_PLAN = timedelta(hours=1)
"""The length of a session that the kit no longer has."""


class Invited(NamedTuple):
    """Somebody who is or was invited to the sessions of a journey."""

    to: Role
    person: str


class Entry(Frozen):
    """A session in the calendar of somebody who is invited to it."""

    title: str
    purpose: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    status: Status
    other: str | None
    """The id of the other person; None while there is no mentor."""


class Call(NamedTuple):
    """An event after which somebody's calendar is to show a session otherwise, or no longer."""

    version: int
    """Of the event, in the journey's stream."""
    notice: Notice
    invited: Invited
    session: SessionId


def may_call(event: JourneyEvent) -> bool:
    """Whether an event can change an invitation, by itself alone: most cannot, and nobody has to read their journey."""
    match event:
        case e.AttendanceRecorded():
            return event.attendance in _CALLED_OFF
        case e.AttendanceCorrected():
            return event.was in _CALLED_OFF or event.attendance in _CALLED_OFF
        case _:
            return isinstance(event, _CALLING)


_CALLED_OFF = ("cancelled_in_time", "cancelled_late")
_CALLING = (
    e.MentorMatched,
    e.MentorReleased,
    e.PathwayStarted,
    e.PathwayReset,
    e.SessionRescheduled,
    e.AttendanceTakenBack,
    e.CohortJoined,
    e.CohortLeft,
    e.MovedToKit,
    e.JourneyPaused,
    e.PauseChanged,
    e.JourneyResumed,
    e.JourneyClosed,
    e.JourneyReopened,
)


def followed(events: Iterable[JourneyEvent]) -> Iterator[KitDigest]:
    """The kits that `calls` needs."""
    for event in events:
        if isinstance(event, e.JourneyStarted | e.MovedToKit):
            yield event.kit


def calls(events: Sequence[JourneyEvent], kits: Kits, first: int = 1) -> Iterator[Call]:
    """In the order of the events, from version `first` on. Empty for a journey whose kit has no invitations."""
    state: JourneyState | None = None
    for version, event in enumerate(events, 1):
        before, state = state, evolve(state, event)
        if before and version >= first and may_call(event):
            yield from _calls(version, event.at, before, state, kits)


def _calls(version: int, at: datetime, before: JourneyState, after: JourneyState, kits: Kits) -> Iterator[Call]:
    everybody = (_learner(after), _mentor(before), _mentor(after))
    for invited in dict.fromkeys(one for one in everybody if one):
        was, now = _calendar(kits, before, invited), _calendar(kits, after, invited)
        for session in dict.fromkeys((*was, *now)):
            entry = now.get(session) or was[session]
            if was.get(session) == now.get(session) or entry.ends_at <= at or _took_place(after, session):
                continue
            if kits[after.kit].message_for("invitation", invited.to):
                yield Call(version, _notice(invited, session, entry, at), invited, session)


def _learner(state: JourneyState) -> Invited:
    return Invited("learner", state.learner)


def _mentor(state: JourneyState) -> Invited | None:
    return Invited("mentor", state.mentor) if state.mentor else None


def _notice(invited: Invited, session: SessionId, entry: Entry, at: datetime) -> Notice:
    mentor = MentorId(invited.person) if invited.to == "mentor" else None
    subject = f"session:{session}"
    return Notice(when="invitation", to=invited.to, subject=subject, at=at, due_at=entry.starts_at, mentor=mentor)


def _calendar(kits: Kits, state: JourneyState, invited: Invited) -> Mapping[SessionId, Entry]:
    """What to invite to. In a pause the sessions beyond its end stand as they did: they move when it ends, and need not
    be told of twice."""
    shown: dict[SessionId, Entry] = {}
    for one in state.sessions:
        entry = _entry_of(kits[state.kit], state, one, invited)
        if entry.status == "TENTATIVE" and state.mentor and state.pause and one.starts_at >= state.pause.until:
            entry = entry.model_copy(update={"status": "CONFIRMED"})
        if entry.status != "CANCELLED":
            shown[one.session] = entry
    return shown


def _took_place(state: JourneyState, session: SessionId) -> bool:
    one = state.session(session)
    return bool(one and one.attendance and one.attendance not in _CALLED_OFF)


def entry(kits: Kits, state: JourneyState, session: SessionId, invited: Invited) -> Entry | None:
    """How the session stands for this person. None: the journey does not have it any more."""
    standing = state.session(session)
    return _entry_of(kits[state.kit], state, standing, invited) if standing else None


def _entry_of(kit: Kit, state: JourneyState, one: SessionStanding, invited: Invited) -> Entry:
    """To the sessions of a group, the journey of each member invites the learner alone; to asynchronous ones, nobody
    is invited."""
    pathway = pathway_of(kit, state)
    plan = next((planned for planned in pathway.sessions if planned.id == one.session), None) if pathway else None
    belongs = invited.to == "learner" or (invited.person == state.mentor and not group_of(state, one))
    belongs = belongs and not (plan and plan.mode == "asynchronous")
    return Entry(
        title=plan.title if plan else one.session,
        purpose=plan.purpose if plan else "",
        starts_at=one.starts_at,
        ends_at=one.starts_at + (plan.length if plan else _NO_PLAN),
        status=status_of_session(state, one) if belongs else "CANCELLED",
        other=state.mentor if invited.to == "learner" else state.learner,
    )


Result = Literal["new", "changed", "tentative", "cancelled"]
"""What an invitation does to an entry."""


class Telling(NamedTuple):
    """What a calendar is told of a session."""

    entry: Entry
    result: Result


def telling(now: Entry | None, told: Entry | None, at: datetime) -> Telling | str:
    """What to tell somebody who was told `told` last and is to see `now`, or why nothing.

    `told`: None when nothing was sent to them yet.
    """
    shown = told if told and told.status != "CANCELLED" else None
    if now is None or now.status == "CANCELLED":
        if shown is None:
            return "they were not invited to the session"
        return _in_time(shown, "cancelled", at)
    if now == shown:
        return "it was undone before anybody was told of it"
    if shown is None:
        return _in_time(now, "tentative" if now.status == "TENTATIVE" else "new", at)
    return _in_time(now, "tentative" if now.status == "TENTATIVE" else "changed", at)


def _in_time(entry: Entry, result: Result, at: datetime) -> Telling | str:
    return Telling(entry, result) if entry.ends_at > at else "the session is over"
