"""What can happen to a notification. Its stream is `message-` and its id."""

from typing import Annotated, ClassVar, get_args

from pydantic import Field

from domain.ids import JourneyId, ProgramId, SessionId, SurveyRequestId
from domain.kit import NoticeReason, Role
from domain.values import Event, Repaired, is_none

Reason = Annotated[str, Repaired]
"""Why, in words for everybody: no names, no addresses, nothing of its text."""


class NotificationRequested(Event):
    """An event of a journey calls for it."""

    type: ClassVar[str] = "message.wanted"
    journey: JourneyId
    program: ProgramId
    version: int
    """Of the event, in the journey's stream."""
    when: NoticeReason
    to: Role
    recipient: str
    """The id of the person; of ops, who are several: `ops`."""
    session: SessionId | None = None
    """That it invites to. None: it is no invitation."""
    survey: SurveyRequestId | None = Field(default=None, exclude_if=is_none)
    """That it asks the person to answer. None: it is about the event."""
    reminder: int | None = Field(default=None, exclude_if=is_none)
    """Of a survey: which reminder. None: it is no reminder."""


class NotificationHandedOver(Event):
    """An attempt to send it through a channel starts. Unless an event follows, nobody knows whether it arrived."""

    type: ClassVar[str] = "message.handed_over"
    channel: str
    message: str
    """The name of the message in the kit."""
    attempt: int


class NotificationSent(Event):
    """The channel accepted it."""

    type: ClassVar[str] = "message.sent"


class NotificationNotTaken(Event):
    """The channel could not accept it now. It is tried again."""

    type: ClassVar[str] = "message.not_taken"
    because: Reason


class NotificationBounced(Event):
    """It was refused for good, at once or by a later report."""

    type: ClassVar[str] = "message.bounced"
    because: Reason


class NotificationUncertain(Event):
    """Nobody knows whether it arrived. It is sent again only if a person asks for that."""

    type: ClassVar[str] = "message.uncertain"
    because: Reason


class NotificationSkipped(Event):
    """It is not sent: it is not needed any more, there is no address, or the kit has no text for it."""

    type: ClassVar[str] = "message.skipped"
    because: Reason


class NotificationRetried(Event):
    """A person asked for another attempt."""

    type: ClassVar[str] = "message.retried"
    by: Annotated[str, Repaired]


NotificationEvent = (
    NotificationRequested
    | NotificationHandedOver
    | NotificationSent
    | NotificationNotTaken
    | NotificationBounced
    | NotificationUncertain
    | NotificationSkipped
    | NotificationRetried
)
EVENTS: dict[str, type[NotificationEvent]] = {event.type: event for event in get_args(NotificationEvent)}
"""By the type under which each is stored."""
