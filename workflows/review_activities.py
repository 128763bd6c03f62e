"""The contracts of the activities of monthly reviews. activities/monthly_review.py implements them."""

from datetime import timedelta
from typing import Annotated

from domain.ids import SLUG, ProgramId
from domain.monthly_review import LetterStatus
from domain.values import Frozen, Instant


class BeginReview(Frozen):
    """What a review is started with, by its schedule."""

    program: Annotated[ProgramId, SLUG]


class DraftMonth(Frozen):
    """Draft the last month that was over at this moment; again with the same name, nothing changes."""

    program: ProgramId
    name: str
    at: Instant


class Drafted(Frozen):
    month: str
    draft: int
    """0: nothing was drafted, as the month was released before, or was over before the program began."""


class SendReview(Frozen):
    """What sending a released review is started with."""

    program: ProgramId
    month: str


class LettersDue(Frozen):
    recipients: tuple[str, ...]
    """To whom a letter is still to be sent."""


class SendLetter(Frozen):
    program: ProgramId
    month: str
    recipient: str


class LetterSent(Frozen):
    status: LetterStatus


class Sent(Frozen):
    """How many letters came to what."""

    sent: int = 0
    failed: int = 0


DRAFT_REVIEW = "draft_review"
LETTERS_DUE = "review_letters_due"
SEND_REVIEW_LETTER = "send_review_letter"
"""The names of the activities. They are stored in histories and never change."""

SILENCE_OF_LETTERS = timedelta(seconds=15)
"""A sender that reports no heartbeat for so long is taken for dead, and another makes the next attempt."""
