"""The interface of every channel: it takes a letter and reports the result."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Letter:
    """A notification as delivered to one person. Names, addresses and texts are personal: they are never logged."""

    id: str
    """The same for every attempt to deliver the same letter."""
    to_name: str
    to_address: str
    subject: str
    text: str


class NotTaken(Exception):
    """The channel could not take the letter now. It was not delivered and may be retried later.

    The message is recorded permanently and shown to everybody: it has no address, no name and no text of the letter.
    """

    def __init__(self, because: str, *, retry_after: timedelta | None = None) -> None:
        """`retry_after`: the pause that the receiver asks for, if it does."""
        super().__init__(because)
        self.retry_after = retry_after


class Bounced(NotTaken):
    """The letter was refused for good. It was not delivered, and retrying would not help."""


class Uncertain(Exception):
    """The receiver went silent during delivery: the letter may have arrived or not. The message is as in NotTaken."""


class Channel(Protocol):
    """Delivers letters to people."""

    @property
    def name(self) -> str:
        """The name that is recorded, such as `smtp`."""
        ...

    @property
    def repeatable(self) -> bool:
        """Whether a letter that is delivered twice arrives once, because the receiver recognizes its id."""
        ...

    async def send(self, letter: Letter) -> None:
        """Returns when the letter is delivered. Raises NotTaken, Bounced or Uncertain; takes a minute at most."""
        ...

    async def close(self) -> None: ...
