"""Which events of a journey call for notifications."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import NAMESPACE_URL, uuid5

from pydantic import AwareDatetime

from domain.ids import MentorId, NotificationId, SessionId, StreamId, SurveyRequestId
from domain.journey import events as e
from domain.journey.events import JourneyEvent
from domain.kit import Change, Duty, NoticeReason, Role, Topic
from domain.values import Frozen, PersonalMark

_TOPICS: Mapping[Duty, Topic] = {"intake": "intake", "attendance": "session", "milestone": "milestone"}


class Notice(Frozen):
    """A notification that one event calls for, to one person or role."""

    when: NoticeReason
    to: Role
    subject: str
    """What it is about, as the journey names it: `milestone:cv#1`."""
    at: AwareDatetime
    """When the event occurred."""
    of: Topic | None = None
    rule: str | None = None
    """The escalation that is the reason, if any."""
    due_at: AwareDatetime | None = None
    quote: Annotated[str, PersonalMark()] = ""
    """What a person wrote, to be passed on. May join several texts, each as long as one may be."""
    mentor: MentorId | None = None
    """The mentor that it is about; also the recipient when `to` is mentor. None: the mentor of the journey."""
    headline: Annotated[str, PersonalMark()] = ""
    """The subject of a message that a person wrote."""
    result: str = ""
    """What was decided, such as the verdict of a review."""
    steps: tuple[e.ActionItem, ...] = ()
    """What is to be done next. Its texts are personal."""
    link: str = ""
    """Where the reader answers."""


def notices(event: JourneyEvent) -> tuple[Notice, ...]:
    """One for each recipient. Most events call for none."""
    of = _OF.get(type(event))
    return of(event) if of else ()


def _of_steps(event: JourneyEvent) -> tuple[Notice, ...]:
    """Of what somebody is to do now."""
    at = event.at
    match event:
        case e.ReminderFellDue():
            topic = _TOPICS.get(event.duty)
            return (Notice(when="reminder", to=event.to, subject=event.about, at=at, of=topic),)
        case e.Nudged():
            return (Notice(when="nudge", to=event.to, subject=event.about, at=at, rule=event.rule),)
        case e.CaseOpened():
            subject, due = f"case:{event.case}", event.respond_by
            return (Notice(when="case", to=event.owner, subject=subject, at=at, rule=event.rule, due_at=due),)
        case e.CaseReassigned() | e.CaseHandedOn():
            subject, due = f"case:{event.case}", event.respond_by
            return (Notice(when="case", to=event.owner, subject=subject, at=at, due_at=due),)
        case e.RemediesOffered():
            subject, due = event.about, event.expires_at
            return (Notice(when="remedies", to="learner", subject=subject, at=at, rule=event.rule, due_at=due),)
        case e.MatchOffered():
            subject, due = f"offer:{event.mentor}", event.expires_at
            why = event.reason
            return tuple(
                Notice(when="offer", to=who, subject=subject, at=at, due_at=due, quote=why) for who in event.asks
            )
        case e.FollowUpSent() | e.FollowUpCorrected():
            subject = f"follow_up:{event.session}"
            steps = event.items
            return (Notice(when="follow_up", to="learner", subject=subject, at=at, quote=event.summary, steps=steps),)
        case e.MessageWritten():
            written = {"quote": event.text, "headline": event.subject}
            return (Notice(when="message", to=event.to, subject="message", at=at, **written),)
        case e.MoreInformationRequested():
            due = event.intake_due_at
            return (
                Notice(when="more_information", to="learner", subject="intake", at=at, due_at=due, quote=event.reason),
            )
        case _:
            return ()


def _both(when: Change, event: JourneyEvent, subject: str, **more: Any) -> tuple[Notice, ...]:
    """For the learner and for the mentor."""
    return tuple(Notice(when=when, to=who, subject=subject, at=event.at, **more) for who in ("learner", "mentor"))


def _to_learner(when: Change, event: JourneyEvent, subject: str, **more: Any) -> Notice:
    """What a group does reaches its mentor once, and not in a letter for each of its members."""
    return Notice(when=when, to="learner", subject=subject, at=event.at, **more)


def _of_people(event: JourneyEvent) -> tuple[Notice, ...]:
    match event:
        case e.IntakeApproved():
            due = event.match_due_at
            return (Notice(when="approved", to="learner", subject="intake", at=event.at, due_at=due),)
        case e.PathwayChosenAnew():
            return (Notice(when="approved", to="learner", subject="intake", at=event.at),)
        case e.OfferWithdrawn():
            subject, mentor = f"offer:{event.mentor}", event.mentor
            return tuple(
                Notice(when="offer_withdrawn", to=who, subject=subject, at=event.at, mentor=mentor, quote=event.reason)
                for who in event.asked
            )
        case e.MentorMatched():
            return _both("matched", event, f"mentor:{event.mentor}", mentor=event.mentor)
        case e.MentorReleased():
            due = event.match_due_at
            return _both("mentor_left", event, f"mentor:{event.mentor}", mentor=event.mentor, due_at=due)
        case _:
            return ()


def _of_sessions(event: JourneyEvent) -> tuple[Notice, ...]:
    match event:
        case e.SessionRescheduled() if event.cohort:
            return (_to_learner("session_moved", event, f"session:{event.session}", due_at=event.starts_at),)
        case e.SessionRescheduled():
            return _both("session_moved", event, f"session:{event.session}", due_at=event.starts_at)
        case e.AttendanceRecorded(attendance="cancelled_in_time" | "cancelled_late"):
            return _both("session_cancelled", event, f"session:{event.session}")
        case _:
            return ()


def _of_work(event: JourneyEvent) -> tuple[Notice, ...]:
    match event:
        case e.MilestoneSubmitted():
            subject, due = f"milestone:{event.milestone}#{event.attempt}", event.review_due_at
            quote = "\n".join(filter(None, (event.link, event.note)))
            return (Notice(when="submitted", to="mentor", subject=subject, at=event.at, due_at=due, quote=quote),)
        case e.MilestoneReviewed() | e.ReviewCorrected():
            return (_review(event, f"milestone:{event.milestone}#{event.attempt}", event.feedback, event.verdict),)
        case e.MilestoneWaived():
            return (_review(event, f"milestone:{event.milestone}", event.reason, "waived"),)
        case _:
            return ()


def _review(
    event: e.MilestoneReviewed | e.ReviewCorrected | e.MilestoneWaived, subject: str, quote: str, result: str
) -> Notice:
    due = None if isinstance(event, e.MilestoneWaived) else event.due_at
    return Notice(when="reviewed", to="learner", subject=subject, at=event.at, due_at=due, quote=quote, result=result)


def _of_dates(event: JourneyEvent) -> tuple[Notice, ...]:
    match event:
        case e.PathwayReset():
            return _both("new_dates", event, "dates", due_at=event.ends_at)
        case e.MovedToKit() if event.sessions or event.milestones:
            return _both("new_dates", event, "dates", due_at=event.ends_at)
        case e.CohortJoined() if event.sessions:
            return (_to_learner("new_dates", event, "dates", due_at=event.ends_at),)
        case e.JourneyPaused() | e.PauseChanged():
            return _both("paused", event, "pause", due_at=event.until)
        case e.JourneyResumed():
            return _both("resumed", event, "pause")
        case _:
            return ()


def _of_ending(event: JourneyEvent) -> tuple[Notice, ...]:
    match event:
        case e.WrapUpStarted():
            return _both("wrap_up", event, "wrap_up", due_at=event.due_at)
        case e.JourneyClosed(ending="declined"):
            return (Notice(when="declined", to="learner", subject="journey", at=event.at, quote=event.reason),)
        case e.JourneyClosed():
            return _both("closed", event, "journey", result=event.ending.replace("_", " "))
        case e.JourneyReopened():
            return _both("reopened", event, "journey")
        case _:
            return ()


CALLING: Mapping[Callable[[JourneyEvent], tuple[Notice, ...]], Sequence[type[JourneyEvent]]] = {
    _of_steps: (
        e.ReminderFellDue,
        e.Nudged,
        e.CaseOpened,
        e.CaseReassigned,
        e.CaseHandedOn,
        e.RemediesOffered,
        e.MatchOffered,
        e.FollowUpSent,
        e.FollowUpCorrected,
        e.MessageWritten,
        e.MoreInformationRequested,
    ),
    _of_people: (e.IntakeApproved, e.PathwayChosenAnew, e.OfferWithdrawn, e.MentorMatched, e.MentorReleased),
    _of_sessions: (e.SessionRescheduled, e.AttendanceRecorded),
    _of_work: (e.MilestoneSubmitted, e.MilestoneReviewed, e.ReviewCorrected, e.MilestoneWaived),
    _of_dates: (e.PathwayReset, e.MovedToKit, e.CohortJoined, e.JourneyPaused, e.PauseChanged, e.JourneyResumed),
    _of_ending: (e.WrapUpStarted, e.JourneyClosed, e.JourneyReopened),
}
_OF = {kind: of for of, kinds in CALLING.items() for kind in kinds}

_TOO_LATE = timedelta(days=3)
_AHEAD = timedelta(hours=1)  # no clock is so wrong


def untimely(at: datetime, now: datetime) -> str | None:
    """Why nobody is notified of an event of that time: it is too old, or in the future. None: somebody is."""
    if at > now + _AHEAD:
        return "its time lies ahead: it is of a rehearsal"
    return "it would come too late" if at < now - _TOO_LATE else None


def notification_id(
    stream: StreamId, version: int, to: Role, session: SessionId | None = None, person: str | None = None
) -> NotificationId:
    """The id of the notification to this role about the event at this place; of an invitation: of this person to this
    session. Always the same."""
    invited = f":{session}:{person}" if session else ""
    return NotificationId(str(uuid5(NAMESPACE_URL, f"trellis:{stream}@{version}:{to}{invited}")))


def survey_notification_id(request: SurveyRequestId, reminder: int) -> NotificationId:
    """The id of the letter that asks, or of the reminder with this number. Always the same."""
    return NotificationId(str(uuid5(NAMESPACE_URL, f"trellis:survey:{request}:{reminder}")))
