"""The monthly review of a program: drafted from data, completed with words, released by a person, and sent to people.

In reading order: events, commands, state, evolve, decide; what it says is in `document`. The stream is `monthly-`, the
program's id, a dot, and the month: `monthly-job-ready.2026-11`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar, Literal, assert_never, get_args

from pydantic import Field, StringConstraints

from domain.decider import Decider
from domain.ids import ProgramId, StreamId
from domain.monthly_review.document import ReviewDocument
from domain.refusal import RefusalCode, Rejected
from domain.values import Actor, Event, Frozen, Personal, changed

NOTES_AT_MOST = 50
Month = Annotated[str, StringConstraints(pattern=r"^(19[7-9]\d|20\d\d|21\d\d)-(0[1-9]|1[0-2])$")]
"""A calendar month, as `2026-11`."""
LetterStatus = Literal["sent", "bounced", "not_taken", "uncertain", "skipped"]


def review_stream(program: ProgramId, month: str) -> StreamId:
    return StreamId(f"monthly-{program}.{month}")


def of_stream(stream: str) -> tuple[ProgramId, str]:
    """The program and the month."""
    program, _, month = stream.removeprefix("monthly-").rpartition(".")
    return ProgramId(program), month


class ReviewDrafted(Event):
    """The figures of a month were put together. A later draft takes the place of this one, until one is released."""

    type: ClassVar[str] = "review.drafted"
    draft: int
    """From 1."""
    name: str
    """Names the draft: asked for again under this name, nothing is drafted."""
    document: ReviewDocument
    by: Actor


class ReviewNoted(Event):
    """A person added words to the review: what is behind the figures, and what follows."""

    type: ClassVar[str] = "review.noted"
    note: int
    """From 1."""
    text: Personal
    by: Actor


class ReviewReleased(Event):
    """A person stands behind this draft. Whoever the kit names gets it by letter."""

    type: ClassVar[str] = "review.released"
    draft: int
    to: tuple[str, ...]
    """Ids of people; `ops` for the address of ops."""
    by: Actor


class ReviewHandedOver(Event):
    """An attempt to send it to somebody begins. Unless an event follows, nobody knows whether it arrived."""

    type: ClassVar[str] = "review.handed_over"
    recipient: str
    channel: str
    attempt: int


class ReviewDelivered(Event):
    """What became of an attempt. `sent`, `bounced`, `uncertain` and `skipped` are final."""

    type: ClassVar[str] = "review.delivered"
    recipient: str
    status: LetterStatus
    because: str = ""
    """In words, without names and addresses."""


ReviewEvent = ReviewDrafted | ReviewNoted | ReviewReleased | ReviewHandedOver | ReviewDelivered
EVENTS: dict[str, type[ReviewEvent]] = {event.type: event for event in get_args(ReviewEvent)}


class ReviewCommand(Frozen):
    by: Actor = "ops"


class DraftReview(ReviewCommand):
    name: str
    document: ReviewDocument


class NoteReview(ReviewCommand):
    text: Personal = Field(min_length=1)


class ReleaseReview(ReviewCommand):
    to: tuple[str, ...] = ()
    draft: int | None = None
    """The draft that was read. None: the latest, whatever it is."""


class ClaimLetter(ReviewCommand):
    """Take the letter to this person to hand it over. Only one claim of an attempt succeeds."""

    recipient: str
    channel: str
    attempt: int


class RecordLetter(ReviewCommand):
    recipient: str
    status: LetterStatus
    because: str = ""


Command = DraftReview | NoteReview | ReleaseReview | ClaimLetter | RecordLetter


class Code(RefusalCode):
    """Why a monthly review refuses a command."""

    NOT_DRAFTED = "review_not_drafted"
    RELEASED = "review_released"
    """It stands as it was released."""
    NOT_BEGUN = "month_not_begun"
    BEFORE_PROGRAM = "month_before_program"
    """`first`: the first month of the program."""
    NOT_OVER = "month_not_over"
    """It can be drafted, and is released once it is over and was drafted anew."""
    OTHER_DRAFT = "review_drafted_anew"
    """`draft`: the latest, which is another one than was read."""
    TOO_MANY_NOTES = "too_many_notes"
    """`most`: how many there can be."""


class Letter(Frozen):
    """The letter to one person."""

    status: Literal["wanted", "handed_over"] | LetterStatus = "wanted"
    attempts: int = 0
    because: str = ""

    @property
    def open(self) -> bool:
        """Whether it can be handed over."""
        return self.status in ("wanted", "not_taken")


class ReviewState(Frozen):
    draft: int = 0
    document: ReviewDocument | None = None
    names: frozenset[str] = frozenset()
    """Of drafts."""
    notes: tuple[ReviewNoted, ...] = ()
    released: ReviewReleased | None = None
    letters: Mapping[str, Letter] = {}
    """By recipient."""


INITIAL = ReviewState()


def evolve(state: ReviewState, event: ReviewEvent) -> ReviewState:
    match event:
        case ReviewDrafted():
            drafted = {"draft": event.draft, "document": event.document, "names": state.names | {event.name}}
            return changed(state, drafted)
        case ReviewNoted():
            return changed(state, {"notes": (*state.notes, event)})
        case ReviewReleased():
            return changed(state, {"released": event, "letters": {one: Letter() for one in event.to}})
        case ReviewHandedOver():
            return _letter(state, event.recipient, {"status": "handed_over", "attempts": event.attempt})
        case ReviewDelivered():
            return _letter(state, event.recipient, {"status": event.status, "because": event.because})
        case _:
            assert_never(event)


def _letter(state: ReviewState, recipient: str, changes: Mapping[str, object]) -> ReviewState:
    letter = changed(state.letters.get(recipient, Letter()), changes)
    return changed(state, {"letters": {**state.letters, recipient: letter}})


def decide(state: ReviewState, command: Command, at: datetime) -> list[ReviewEvent]:
    """Returns no events for what was done before.

    Raises:
        Rejected: when the state of the review does not allow it.
    """
    match command:
        case DraftReview():
            return _draft(state, command, at)
        case NoteReview():
            return _note(state, command, at)
        case ReleaseReview():
            return _release(state, command, at)
        case ClaimLetter():
            letter = state.letters.get(command.recipient)
            free = letter and (letter.open or letter.status == "handed_over")  # for channels that recognize repeats
            if letter is None or not free or command.attempt != letter.attempts + 1:
                return []
            claimed = {"recipient": command.recipient, "channel": command.channel, "attempt": command.attempt}
            return [ReviewHandedOver(at=at, **claimed)]
        case RecordLetter():
            told = {"recipient": command.recipient, "status": command.status, "because": command.because}
            return [ReviewDelivered(at=at, **told)] if command.recipient in state.letters else []
        case _:
            assert_never(command)


def _draft(state: ReviewState, command: DraftReview, at: datetime) -> list[ReviewEvent]:
    if command.name in state.names:
        return []
    _require_unreleased(state)
    if at < command.document.since:
        raise Rejected(Code.NOT_BEGUN, f"{command.document.month} has not begun; there is nothing to review")
    drafted = {"draft": state.draft + 1, "name": command.name, "document": command.document}
    return [ReviewDrafted(at=at, by=command.by, **drafted)]


def require_under_way(month: str, first: str, program: ProgramId) -> None:
    """`first`: the month in which the program began. Raises Rejected for a month before it."""
    if month < first:
        says = f"{program} began in {first}, so there is nothing to review of {month}; name that month or a later one"
        raise Rejected(Code.BEFORE_PROGRAM, says, {"first": first})


def _note(state: ReviewState, command: NoteReview, at: datetime) -> list[ReviewEvent]:
    _require_drafted(state)
    if any((one.text, one.by) == (command.text, command.by) for one in state.notes):
        return []
    _require_unreleased(state)
    if len(state.notes) >= NOTES_AT_MOST:
        says = f"the review has {NOTES_AT_MOST} notes, which is the most; write less, or release it"
        raise Rejected(Code.TOO_MANY_NOTES, says, {"most": NOTES_AT_MOST})
    return [ReviewNoted(at=at, note=len(state.notes) + 1, text=command.text, by=command.by)]


def _release(state: ReviewState, command: ReleaseReview, at: datetime) -> list[ReviewEvent]:
    if state.released:
        return []
    _require_drafted(state)
    if command.draft not in (None, state.draft):
        says = f"the review was drafted anew meanwhile: read draft {state.draft}, and release that"
        raise Rejected(Code.OTHER_DRAFT, says, {"draft": state.draft})
    assert state.document
    if not state.document.whole:
        says = f"{state.document.month} was not over when this was drafted; draft it anew afterwards, and release that"
        raise Rejected(Code.NOT_OVER, says)
    return [ReviewReleased(at=at, draft=state.draft, to=tuple(dict.fromkeys(command.to)), by=command.by)]


def _require_drafted(state: ReviewState) -> None:
    if state.document is None:
        raise Rejected(Code.NOT_DRAFTED, "this month has no draft yet; make one first")


def _require_unreleased(state: ReviewState) -> None:
    if state.released:
        on = f"{state.released.at:%Y-%m-%d %H:%M}"
        says = f"the review was released on {on} UTC and stands as it is; say what is to be added in the next one"
        raise Rejected(Code.RELEASED, says)


REVIEW: Decider[Command, ReviewState, ReviewEvent] = Decider(EVENTS, INITIAL, decide, evolve)
