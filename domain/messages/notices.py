"""Which events of a journey somebody is told of."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from pydantic import AwareDatetime

from domain.ids import MessageId, StreamId
from domain.journey import events as e
from domain.journey.events import JourneyEvent
from domain.kit import Duty, Occasion, Role, Topic
from domain.values import Frozen, Personal

_TOPICS: Mapping[Duty, Topic] = {"intake": "intake", "attendance": "session", "milestone": "milestone"}


class Notice(Frozen):
    """Something that one person is to be told, because of one event."""

    when: Occasion
    to: Role
    about: str
    """What it is about, as the journey names it: `milestone:cv#1`."""
    at: AwareDatetime
    """When there came to be something to tell."""
    of: Topic | None = None
    rule: str | None = None
    """The escalation that is the reason, if one is."""
    due_at: AwareDatetime | None = None
    said: Personal = ""
    """The words of a person that are passed on."""


def notices(event: JourneyEvent) -> tuple[Notice, ...]:
    """What the event calls for: nothing, mostly; one for each who is told."""
    at = event.at
    match event:
        case e.ReminderFellDue():
            topic = _TOPICS.get(event.duty)
            return (Notice(when="reminder", to=event.to, about=event.about, at=at, of=topic),)
        case e.Nudged():
            return (Notice(when="nudge", to=event.to, about=event.about, at=at, rule=event.rule),)
        case e.CaseOpened():
            about, due = f"case:{event.case}", event.respond_by
            return (Notice(when="case", to=event.owner, about=about, at=at, rule=event.rule, due_at=due),)
        case e.CaseReassigned() | e.CaseHandedOn():
            about, due = f"case:{event.case}", event.respond_by
            return (Notice(when="case", to=event.owner, about=about, at=at, due_at=due),)
        case e.RemediesOffered():
            about, due = event.about, event.expires_at
            return (Notice(when="remedies", to="learner", about=about, at=at, rule=event.rule, due_at=due),)
        case e.MatchOffered():
            about, due = f"offer:{event.mentor}", event.expires_at
            return tuple(Notice(when="offer", to=who, about=about, at=at, due_at=due) for who in event.asks)
        case e.FollowUpSent() | e.FollowUpCorrected():
            about = f"follow_up:{event.session}"
            return (Notice(when="follow_up", to="learner", about=about, at=at, said=event.summary),)
        case e.MoreInformationRequested():
            due = event.intake_due_at
            return (
                Notice(when="more_information", to="learner", about="intake", at=at, due_at=due, said=event.reason),
            )
        case _:
            return ()


_TOO_LATE = timedelta(days=3)
_AHEAD = timedelta(hours=1)  # no clock is so wrong


def untimely(at: datetime, now: datetime) -> str | None:
    """Why nobody is told any more, or yet, of what came up `at` that time; None when somebody is."""
    if at > now + _AHEAD:
        return "its time lies ahead: it is of a rehearsal"
    return "it would come too late" if at < now - _TOO_LATE else None


def message_id(stream: StreamId, version: int, to: Role) -> MessageId:
    """Of the message to this role about the event in this place: the same, whoever asks and however often."""
    return MessageId(str(uuid5(NAMESPACE_URL, f"trellis:{stream}@{version}:{to}")))
