"""The port that every channel has: a letter goes in, and it is known what became of it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Letter:
    """What is carried to one person. Names, addresses and texts are personal: they are never logged."""

    id: str
    """The same for the same letter, whoever hands it over and however often."""
    to_name: str
    to_address: str
    subject: str
    text: str


class NotTaken(Exception):
    """The channel could not take the letter now: it is not on its way, and may be handed over again later.

    What it says is recorded for good and shown to everybody: no address, no name, none of the letter's text.
    """

    def __init__(self, because: str, *, retry_after: timedelta | None = None) -> None:
        """`retry_after`: how long the receiver asks to be left alone. None: it does not say."""
        super().__init__(because)
        self.retry_after = retry_after


class Bounced(NotTaken):
    """The letter was refused for good: handing it over again would change nothing. Also not on its way."""


class Uncertain(Exception):
    """The channel fell silent in the middle: the letter may be on its way, or not. Says no more than NotTaken does."""


class Channel(Protocol):
    """Carries letters to where people read them."""

    @property
    def name(self) -> str:
        """As it is recorded, such as `smtp`."""
        ...

    @property
    def repeatable(self) -> bool:
        """Whether a letter that is handed over twice arrives once: whoever receives it knows its id."""
        ...

    async def send(self, letter: Letter) -> None:
        """When it returns, the letter is on its way. Raises NotTaken, Bounced, Uncertain; never takes over a minute."""
        ...

    async def close(self) -> None: ...
