"""The port of every channel: it takes a notification and says whether that was accepted."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, Protocol

Method = Literal["REQUEST", "CANCEL"]
"""Of iTIP (RFC 5546): invite to a session, or tell of another date; cancel."""


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """An invitation for a calendar (iCalendar), which every channel carries beside the text."""

    method: Method
    content: str
    """Its lines end in CR LF, and have at most 75 octets."""


@dataclass(frozen=True, slots=True)
class Notification:
    """What is sent to one person. Names, addresses and texts are personal data and never logged."""

    id: str
    """The same for every attempt at the same notification."""
    to_name: str
    to_address: str
    subject: str
    text: str
    calendar: CalendarFile | None = None


class NotTaken(Exception):
    """The channel could not accept the notification now: it was not sent, and can be tried again later.

    The message is recorded for good and shown to everybody: it holds no address, no name and nothing of the text.
    """

    def __init__(self, because: str, *, retry_after: timedelta | None = None) -> None:
        """`retry_after`: how long the receiver asks to be left alone. None: it does not say."""
        super().__init__(because)
        self.retry_after = retry_after


class Bounced(NotTaken):
    """The notification was refused for good: it was not sent, and another attempt would change nothing."""


class Uncertain(Exception):
    """The channel stopped answering midway: the notification may or may not have been sent. The message is as that of
    NotTaken."""


class Channel(Protocol):
    """Sends notifications to where people read them."""

    @property
    def name(self) -> str:
        """As it is recorded, such as `smtp`."""
        ...

    @property
    def repeatable(self) -> bool:
        """Whether a notification that is sent twice arrives once, because the receiver recognizes its id."""
        ...

    async def send(self, notification: Notification) -> None:
        """Returns once the notification was accepted, within a minute. Raises NotTaken, Bounced, Uncertain."""
        ...

    async def close(self) -> None: ...
