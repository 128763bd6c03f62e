"""What can become of a message. Its stream is `message-` and its id."""

from typing import Annotated, ClassVar, get_args

from domain.ids import JourneyId, ProgramId
from domain.kit import Occasion, Role
from domain.values import Event, Repaired

Reason = Annotated[str, Repaired]
"""Why, in words for everybody: no names, no addresses, nothing of what was written."""


class NotificationRequested(Event):
    """A journey's event calls for it. Nobody has it yet."""

    type: ClassVar[str] = "message.wanted"
    journey: JourneyId
    program: ProgramId
    version: int
    """Of the event, in the journey's stream."""
    when: Occasion
    to: Role
    recipient: str
    """The id of the person; of ops, who are several: `ops`."""


class NotificationHandedOver(Event):
    """A channel is given it from this moment on. Where nothing follows, nobody knows whether it arrived."""

    type: ClassVar[str] = "message.handed_over"
    channel: str
    message: str
    """The name of the message in the kit."""
    attempt: int


class NotificationSent(Event):
    """The channel has taken it."""

    type: ClassVar[str] = "message.sent"


class NotificationNotTaken(Event):
    """The channel could not take it: it is not on its way. It is tried again."""

    type: ClassVar[str] = "message.not_taken"
    because: Reason


class NotificationBounced(Event):
    """It was refused for good, at once or, by a report, later."""

    type: ClassVar[str] = "message.bounced"
    because: Reason


class NotificationUncertain(Event):
    """Nobody knows whether it arrived. It is not sent again, unless a person asks for that."""

    type: ClassVar[str] = "message.uncertain"
    because: Reason


class NotificationSkipped(Event):
    """It is not sent, and why: nothing to tell any more, nowhere to send it, or not in the kit."""

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
