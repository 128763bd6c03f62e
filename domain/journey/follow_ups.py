"""After a session: its notes, its follow-up, and the next steps that the follow-up leaves."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import ClassVar, assert_never

from pydantic import AwareDatetime, Field

from domain.ids import SessionId
from domain.journey.bases import ActorEvent, CorrectableCommand, Events, Repeatable
from domain.journey.duty import Awaited, Context
from domain.journey.parts import changed
from domain.journey.refusing import Code, require_session, require_under_way, require_within_a_year
from domain.journey.repeating import corrected, corrects, digest, is_first, is_recorded
from domain.journey.sessions import require_complete, template_of, with_session
from domain.journey.state import ActionItemStanding, JourneyState, SessionStanding
from domain.journey.steps import mentor_seen
from domain.journey.terms import Answers
from domain.kit import Kit, Role
from domain.refusal import Rejected
from domain.values import Frozen, Instant, Personal, Truth


class NotesWritten(Repeatable):
    """The mentor wrote down what happened in a session, in the form that the kit gives."""

    type: ClassVar[str] = "journey.notes_written"
    session: SessionId
    answers: Answers

    def key_and_digest(self) -> tuple[str, str]:
        return f"notes:{self.session}", digest(self.answers)


class NotesCorrected(ActorEvent, Repeatable):
    """The notes of a session have another wording, and why. The earlier one stays in the history."""

    type: ClassVar[str] = "journey.notes_corrected"
    session: SessionId
    answers: Answers
    reason: Personal

    def key_and_digest(self) -> tuple[str, str]:
        return f"notes:{self.session}", corrected(digest(self.answers), self.reason)


class ActionItem(Frozen):
    item: str
    owner: Role
    due_at: AwareDatetime
    text: Personal


class FollowUpSent(Repeatable):
    """The learner has a summary, the next steps, and by when. Each step is awaited from its owner."""

    type: ClassVar[str] = "journey.follow_up_sent"
    session: SessionId
    summary: Personal
    items: tuple[ActionItem, ...]

    def key_and_digest(self) -> tuple[str, str]:
        return f"follow_up:{self.session}", digest(self.summary, _contents(self.items))


class FollowUpCorrected(ActorEvent, Repeatable):
    """The follow-up of a session is replaced: its open next steps are no longer asked, and the new ones are."""

    type: ClassVar[str] = "journey.follow_up_corrected"
    session: SessionId
    summary: Personal
    items: tuple[ActionItem, ...]
    reason: Personal

    def key_and_digest(self) -> tuple[str, str]:
        return f"follow_up:{self.session}", corrected(digest(self.summary, _contents(self.items)), self.reason)


class ActionItemClosed(ActorEvent, Repeatable):
    """A next step was taken, or was given up with a reason."""

    type: ClassVar[str] = "journey.action_item_closed"
    item: str
    done: bool
    reason: Personal = ""

    def key_and_digest(self) -> tuple[str, str]:
        return f"item:{self.item}", digest(self.done, self.reason)


FollowUpEvent = NotesWritten | NotesCorrected | FollowUpSent | FollowUpCorrected | ActionItemClosed


class WriteNotes(CorrectableCommand):
    """Write down what happened in a session, in the form that the kit gives."""

    name: ClassVar[str] = "write_notes"
    session: SessionId
    answers: Answers = Field(default_factory=dict)


class NextStep(Frozen):
    text: Personal = Field(min_length=1)
    owner: Role = "learner"
    due_at: Instant


class SendFollowUp(CorrectableCommand):
    """Leave the learner with a summary, next steps, and by when."""

    name: ClassVar[str] = "send_follow_up"
    session: SessionId
    summary: Personal = Field(min_length=1)
    next_steps: tuple[NextStep, ...] = Field(min_length=1, max_length=20)


class CloseActionItem(CorrectableCommand):
    """Say that a next step was taken, or given up."""

    name: ClassVar[str] = "close_action_item"
    item: str
    done: Truth = True
    reason: Personal = ""
    """Needed when it is not done, and when a correction says so."""


FollowUpCommand = WriteNotes | SendFollowUp | CloseActionItem


def _contents(steps: Iterable[ActionItem] | Iterable[NextStep]) -> list[tuple[str, str, datetime]]:
    """What next steps say, without the ids that they are given."""
    return [(one.text, one.owner, one.due_at) for one in steps]


def decide(kit: Kit, state: JourneyState, command: FollowUpCommand, at: datetime) -> Events:
    match command:
        case WriteNotes():
            return _write_notes(kit, state, command, at)
        case SendFollowUp():
            return _send_follow_up(state, command, at)
        case CloseActionItem():
            return _close_action_item(state, command, at)
        case _:
            assert_never(command)


def _write_notes(kit: Kit, state: JourneyState, command: WriteNotes, at: datetime) -> Events:
    require_under_way(state, corrects=command.corrects)
    session = require_session(state, command.session)
    if not session.held:
        raise Rejected(
            Code.SESSION_NOT_HELD, f"session {session.session!r} has not been held; record the attendance first"
        )
    template = template_of(kit, state, session.session, "notes")
    key, what = f"notes:{session.session}", f"the notes of session {session.session!r} have been written"
    written = session.notes_due_at is None and key in state.said
    if written:
        if not corrects(state, command, key, command.answers, there=what):
            return []
        require_complete(template, command.answers)
        return [NotesCorrected(at=at, session=session.session, answers=command.answers, reason=command.reason)]
    is_first(command, f"a note on session {session.session!r}")
    require_complete(template, command.answers)
    return [NotesWritten(at=at, session=session.session, answers=command.answers)]


def _send_follow_up(state: JourneyState, command: SendFollowUp, at: datetime) -> Events:
    require_under_way(state)
    session = require_session(state, command.session)
    if not session.held:
        raise Rejected(
            Code.SESSION_NOT_HELD, f"session {session.session!r} has not been held; record the attendance first"
        )
    key, what = f"follow_up:{session.session}", f"the follow-up of session {session.session!r} has been sent"
    sent = session.follow_up_due_at is None and key in state.said
    if sent and not corrects(state, command, key, command.summary, _contents(command.next_steps), there=what):
        return []
    if not sent:
        is_first(command, f"a follow-up of session {session.session!r}")
    for step in command.next_steps:
        require_within_a_year(step.due_at, at, "a next step would be due at a moment")
    items = tuple(
        ActionItem(item=_item(session, nth), owner=step.owner, due_at=step.due_at, text=step.text)
        for nth, step in enumerate(command.next_steps, start=session.next_steps + 1)
    )
    if sent:
        reason = command.reason
        return [FollowUpCorrected(at=at, session=session.session, summary=command.summary, items=items, reason=reason)]
    return [FollowUpSent(at=at, session=session.session, summary=command.summary, items=items)]


def _item(session: SessionStanding, nth: int) -> str:
    return f"{session.session}-{nth}"


def _items(session: SessionStanding) -> set[str]:
    """All that its follow-up left, taken or not."""
    return {_item(session, nth) for nth in range(1, session.next_steps + 1)}


def _close_action_item(state: JourneyState, command: CloseActionItem, at: datetime) -> Events:
    require_under_way(state)
    if any(one.item == command.item for one in state.action_items):
        is_first(command, f"what became of the next step {command.item!r}", reason_of_its_own=True)
        if not command.done and not command.reason.strip():
            raise Rejected(Code.REASON_REQUIRED, "a reason is missing; say why the step is given up")
        return [ActionItemClosed(at=at, item=command.item, done=command.done, reason=command.reason)]
    key = f"item:{command.item}"
    if any(command.item in _items(one) for one in state.sessions):
        if key not in state.said:
            raise Rejected(
                Code.UNKNOWN_NEXT_STEP,
                f"the next step {command.item!r} is no longer asked: the follow-up that left it was corrected",
            )
        if is_recorded(state, key, command.done, command.reason):
            return []
        corrects(state, command, key, command.done, command.reason, there=f"the next step {command.item!r} is closed")
        return [ActionItemClosed(at=at, item=command.item, done=command.done, reason=command.reason)]
    open_ones = ", ".join(one.item for one in state.action_items) or "none"
    raise Rejected(Code.UNKNOWN_NEXT_STEP, f"there is no next step {command.item!r}; open are: {open_ones}")


def evolve(state: JourneyState, event: FollowUpEvent) -> JourneyState:
    match event:
        case NotesWritten() | NotesCorrected():
            return mentor_seen(with_session(state, event.session, notes_due_at=None), event.at)
        case FollowUpSent() | FollowUpCorrected():
            return _follow_up_sent(state, event)
        case ActionItemClosed():
            kept = tuple(one for one in state.action_items if one.item != event.item)
            return changed(state, action_items=kept)
        case _:
            assert_never(event)


def _follow_up_sent(state: JourneyState, event: FollowUpSent | FollowUpCorrected) -> JourneyState:
    """One that is corrected leaves only the next steps of the correction open; their numbers go on."""
    session = state.session(event.session)
    before = session.next_steps if session else 0
    replaced = {f"{event.session}-{nth}" for nth in range(1, before + 1)}
    opened = tuple(
        ActionItemStanding(item=one.item, owner=one.owner, since=event.at, due_at=one.due_at) for one in event.items
    )
    state = with_session(state, event.session, follow_up_due_at=None, next_steps=before + len(opened))
    kept = (one for one in state.action_items if one.item not in replaced)
    return mentor_seen(changed(state, action_items=(*kept, *opened)), event.at)


def duties(item: ActionItemStanding, context: Context) -> Iterator[Awaited]:
    yield Awaited(
        duty="action_item",
        about=f"item:{item.item}",
        who=context.mentor if item.owner == "mentor" else item.owner,
        since=item.since,
        due_at=item.due_at,
        rule="service_levels.follow_up",
    )
