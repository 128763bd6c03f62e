"""Notifications of changes of a journey: what they say, and when they are no longer needed."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import assert_never

from domain.ids import MilestoneId, SessionId
from domain.journey.duty import pathway_of
from domain.journey.events import JourneyEvent
from domain.journey.state import JourneyState
from domain.kit import Change, Kit, Occasion
from domain.notification.notices import Notice, notices
from domain.values import Frozen

WITH_DATES: frozenset[Occasion] = frozenset({"matched", "new_dates", "resumed", "reopened"})
"""The occasions whose notifications list the dates ahead."""


class Dated(Frozen):
    """A session and when it starts, or a milestone and when its work is due."""

    what: str
    at: datetime
    work: bool


def ahead(kit: Kit, now: JourneyState, since: datetime) -> tuple[Dated, ...]:
    """Sessions and open work from this moment on, the earliest first. Empty during a pause, which moves all of them."""
    pathway = pathway_of(kit, now)
    if pathway is None or now.pause or now.closing:
        return ()
    held = (
        Dated(what=pathway.title_of_session(one.session), at=one.starts_at, work=False)
        for one in now.sessions
        if not one.attendance
    )
    due = (
        Dated(what=pathway.title_of_milestone(one.milestone), at=one.due_at, work=True)
        for one in now.milestones
        if one.status == "open"
    )
    return tuple(sorted((one for one in (*held, *due) if one.at >= since), key=lambda one: one.at))


def describe_change(
    kit: Kit, then: JourneyState, now: JourneyState, change: Change, subject: str
) -> tuple[str, datetime | None]:
    """What has changed, by its title in the kit, and the moment that belongs to it."""
    pathway = pathway_of(kit, now) or pathway_of(kit, then)
    name = subject.partition(":")[2].partition("#")[0]
    match change:
        case "session_moved" | "session_cancelled":
            standing = then.session(SessionId(name))
            title = pathway.title_of_session(SessionId(name)) if pathway else name
            return title, standing.starts_at if standing else None
        case "submitted" | "reviewed":
            return pathway.title_of_milestone(MilestoneId(name)) if pathway else name, None
        case "matched":
            dates = ahead(kit, now, then.stage_since)
            return pathway.title if pathway else kit.title, dates[0].at if dates else None
        case "approved":
            return pathway.title if pathway else kit.title, then.wait.due_at if then.wait else None
        case "mentor_left" | "new_dates" | "resumed" | "reopened":
            return pathway.title if pathway else kit.title, now.ends_at
        case "offer_withdrawn":
            return "a match", None
        case "wrap_up":
            return "the closing conversation", None
        case "declined" | "paused" | "closed":
            return kit.title, None
        case _:
            assert_never(change)


def obsolete_change(now: JourneyState, notice: Notice, change: Change) -> str | None:
    """Why the notification is not needed any more. None: it is. Changes are notified during a pause as well."""
    match change:
        case "reviewed" | "declined" | "closed":
            return None if change == "reviewed" or now.closing else "the journey is open again"
        case _ if now.closing:
            return "the journey has closed"
        case "approved":
            return None if now.stage == "matching" else "there is a mentor already"
        case "offer_withdrawn":
            again = now.mentor == notice.mentor or (now.offer and now.offer.mentor == notice.mentor)
            return "the same mentor was proposed again" if again else None
        case "matched":
            return None if now.mentor == notice.mentor else "the journey has another mentor by now, or none"
        case "mentor_left":
            return _obsolete_farewell(now, notice)
        case "session_moved":
            return _obsolete_move(now, notice)
        case "session_cancelled":
            return _obsolete_cancellation(now, notice)
        case "submitted":
            waits = any(
                f"milestone:{one.milestone}#{one.attempt}" == notice.subject and one.status == "submitted"
                for one in now.milestones
            )
            return None if waits else "the work is not waiting for a review any more"
        case "paused":
            return None if now.pause else "the pause is over"
        case "reopened":
            return None
        case "new_dates" | "resumed":
            return "the journey is paused, and its dates will move" if now.pause else None
        case "wrap_up":
            return None if now.stage == "wrap_up" else "the wrap-up is over"
        case _:
            assert_never(change)


def _obsolete_farewell(now: JourneyState, notice: Notice) -> str | None:
    if now.mentor == notice.mentor:
        return "the mentor is back"
    return "there is another mentor already" if now.mentor and notice.to == "learner" else None


def _obsolete_move(now: JourneyState, notice: Notice) -> str | None:
    session = now.session(SessionId(notice.subject.partition(":")[2]))
    if session is None or session.attendance:
        return "the session is over, or not planned any more"
    if session.starts_at != notice.due_at:
        return "the session has another date by now"
    return "the letter about the end of the pause tells of it" if now.resumed_at == notice.at else None


def _obsolete_cancellation(now: JourneyState, notice: Notice) -> str | None:
    session = now.session(SessionId(notice.subject.partition(":")[2]))
    if session is None or session.attendance not in ("cancelled_in_time", "cancelled_late"):
        return "the session is not cancelled any more"
    recorded_later = session.starts_at < notice.at and now.resumed_at != notice.at
    return "its time was past when it was recorded as cancelled" if recorded_later else None


def superseded(later: Sequence[JourneyEvent], notice: Notice) -> str | None:
    """Why this notification is not needed: a later event calls for one that covers it. None: there is no such event."""
    if any(_same_subject(one, notice) and one.when == notice.when for event in later for one in notices(event)):
        return "a later letter tells of it"
    return None


def earlier(events: Sequence[JourneyEvent], version: int, notice: Notice) -> Iterator[int]:
    """Earlier versions that notify the same person of the same subject, the latest first."""
    for before in range(version - 1, 0, -1):
        if any(_same_subject(one, notice) for one in notices(events[before - 1])):
            yield before


def _same_subject(one: Notice, notice: Notice) -> bool:
    return (one.to, one.subject) == (notice.to, notice.subject)


def undone(known: JourneyState, now: JourneyState, notice: Notice) -> str | None:
    """Why there is no change for somebody who knows the journey as of `known`. None: there is one."""
    same: object = False
    match notice.when:
        case "approved":
            same = known.pathway == now.pathway
        case "session_moved":
            session = SessionId(notice.subject.partition(":")[2])
            before, after = known.session(session), now.session(session)
            same = before and after and (before.starts_at, before.attendance) == (after.starts_at, after.attendance)
        case "paused":
            same = known.pause and now.pause and known.pause.until == now.pause.until
        case "new_dates" | "resumed" | "reopened" if known.closing is None:
            same = known.pause is None and _dates(known) == _dates(now)
        case _:
            pass
    return "it was undone before anybody was told of it" if same else None


def _dates(state: JourneyState) -> set[tuple[str, datetime]]:
    sessions = {(one.session, one.starts_at) for one in state.sessions if not one.attendance}
    return sessions | {(one.milestone, one.due_at) for one in state.milestones if one.status == "open"}
