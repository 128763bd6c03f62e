"""The activities of monthly reviews: draft a month, and send what a person has released, once to each.

How a month is put together, and how it reads, is handed in: the same is shown by commands, pages and the API.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.heartbeats import heartbeats
from channels.channel import Bounced, Channel, Notification, NotTaken, Uncertain
from domain.ids import ProgramId
from domain.kit.monthly_review import MonthlyReview
from domain.monthly_review import (
    REVIEW,
    ClaimLetter,
    Command,
    DraftReview,
    LetterStatus,
    RecordLetter,
    ReviewState,
    review_stream,
)
from domain.monthly_review.document import ReviewDocument
from domain.monthly_review.period import last_whole_month
from domain.refusal import Rejected
from kits.lookup import NoSuchProgram, newest
from store import people
from store.database import Pool
from store.transact import Transaction, given, read, transact
from workflows.journey_activities import NO_SUCH_KIT
from workflows.review_activities import (
    DRAFT_REVIEW,
    LETTERS_DUE,
    SEND_REVIEW_LETTER,
    SILENCE_OF_LETTERS,
    Drafted,
    DraftMonth,
    LettersDue,
    LetterSent,
    SendLetter,
    SendReview,
)

log = structlog.get_logger()

Draft = Callable[[Pool, ProgramId, str, datetime], Awaitable[ReviewDocument]]
Written = Callable[[ReviewState], tuple[str, str]]
"""The subject and the text of a released review."""
OPS = "ops"
_LONGEST_WAIT = timedelta(hours=12)
_FIRST_RETRY, _LAST_RETRY = timedelta(minutes=1), timedelta(hours=1)


class MonthlyReviews:
    """Can be repeated at any time: what is drafted under a name stays. Contract: workflows/review_activities.py."""

    def __init__(self, pool: Pool, draft: Draft) -> None:
        self._pool = pool
        self._draft = draft

    @property
    def all(self) -> Sequence[Callable[..., Any]]:
        return (self.draft_review,)

    @activity.defn(name=DRAFT_REVIEW)
    async def draft_review(self, asked: DraftMonth) -> Drafted:
        """Drafts nothing of a month before the program began.

        Raises a non-retryable ApplicationError when the program has published no kit.
        """
        try:
            kit = await newest(self._pool, asked.program)
        except NoSuchProgram as error:
            raise ApplicationError(str(error), type=NO_SUCH_KIT, non_retryable=True) from error
        month = last_whole_month(asked.at, (kit.monthly_review or MonthlyReview()).zone)
        stream = review_stream(asked.program, month)
        known = (await read(self._pool, stream, REVIEW)).state
        if known.released or asked.name in known.names:
            return Drafted(month=month, draft=0 if known.released else known.draft)
        try:
            document = await self._draft(self._pool, asked.program, month, datetime.now(UTC))
        except Rejected as rejected:
            log.info("monthly_review_not_drafted", program=asked.program, month=month, because=str(rejected))
            return Drafted(month=month, draft=0)
        command = DraftReview(name=asked.name, document=document, by="system")
        done = await transact(self._pool, stream, REVIEW, command, datetime.now(UTC), meta=given(command))
        log.info("monthly_review_drafted", program=asked.program, month=month, draft=done.after.state.draft)
        return Drafted(month=month, draft=done.after.state.draft)


class ReviewLetters:
    """Nobody is sent the same review twice, whenever a sender is killed (docs/adr/0009)."""

    def __init__(self, pool: Pool, channel: Channel, written: Written, ops_address: str | None = None) -> None:
        self._pool = pool
        self._channel = channel
        self._written = written
        self._ops_address = ops_address

    @property
    def all(self) -> Sequence[Callable[..., Any]]:
        return (self.letters_due, self.send_review_letter)

    @activity.defn(name=LETTERS_DUE)
    async def letters_due(self, asked: SendReview) -> LettersDue:
        state = await self._state(asked.program, asked.month)
        due = [name for name, one in state.letters.items() if one.open or one.status == "handed_over"]
        return LettersDue(recipients=tuple(due))

    @activity.defn(name=SEND_REVIEW_LETTER)
    async def send_review_letter(self, asked: SendLetter) -> LetterSent:
        """Claims the letter, hands it to the channel, and records the result.

        Raises:
            ApplicationError: when the channel could not accept it now. To be retried.
        """
        async with heartbeats(SILENCE_OF_LETTERS):
            return await self._send_once(asked)

    async def _send_once(self, asked: SendLetter) -> LetterSent:
        state = await self._state(asked.program, asked.month)
        letter = state.letters[asked.recipient]
        if letter.status == "handed_over" and not self._channel.repeatable:
            return await self._came(asked, "uncertain", "the sender stopped in the middle of an attempt")
        if not letter.open and letter.status != "handed_over":
            return LetterSent(status=letter.status)
        name, address = await self._address(asked.recipient)
        if not address:
            return await self._came(asked, "skipped", "the recipient has no address")
        attempt = letter.attempts + 1
        claim = ClaimLetter(recipient=asked.recipient, channel=self._channel.name, attempt=attempt, by="system")
        if not (await self._transact(asked, claim)).events:
            return LetterSent(status="uncertain")  # by another worker, which records the result
        subject, text = self._written(state)
        return await self._hand_over(asked, Notification(_id(asked), name, address, subject, text))

    async def _hand_over(self, asked: SendLetter, letter: Notification) -> LetterSent:
        try:
            await self._channel.send(letter)
        except Bounced as error:
            return await self._came(asked, "bounced", str(error))
        except NotTaken as error:
            await self._came(asked, "not_taken", str(error))
            wait = min(error.retry_after, _LONGEST_WAIT) if error.retry_after else _retry_delay()
            raise ApplicationError(str(error), type="NotTaken", next_retry_delay=wait) from error
        except Uncertain as error:
            return await self._came(asked, "uncertain", str(error))
        return await self._came(asked, "sent")

    async def _came(self, asked: SendLetter, status: LetterStatus, because: str = "") -> LetterSent:
        await self._transact(
            asked, RecordLetter(recipient=asked.recipient, status=status, because=because, by="system")
        )
        log.info("review_letter", program=asked.program, month=asked.month, came=status)
        return LetterSent(status=status)

    async def _address(self, recipient: str) -> tuple[str, str | None]:
        """The name and the address of a recipient."""
        if recipient == OPS:
            return OPS, self._ops_address
        person = await people.get(self._pool, recipient)
        return (person.name, person.email) if person else (recipient, None)

    async def _state(self, program: ProgramId, month: str) -> ReviewState:
        return (await read(self._pool, review_stream(program, month), REVIEW)).state

    async def _transact(self, asked: SendLetter, command: Command) -> Transaction[ReviewState, Any]:
        stream = review_stream(asked.program, asked.month)
        return await transact(self._pool, stream, REVIEW, command, datetime.now(UTC), meta=given(command))


def _id(asked: SendLetter) -> str:
    """The same for every attempt."""
    return str(uuid5(NAMESPACE_URL, f"trellis:{review_stream(asked.program, asked.month)}:{asked.recipient}"))


def _retry_delay() -> timedelta:
    """After a receiver that did not say when to retry: a minute, twice as long after each attempt, up to an hour."""
    doublings = min(activity.info().attempt - 1, 10)
    return min(_FIRST_RETRY * (1 << doublings), _LAST_RETRY)
