"""The wrap-up, the ends of a journey, its outcomes, and taking it up again."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Literal, assert_never

from pydantic import AwareDatetime, Field

from domain.ids import MentorId, PathwayId
from domain.journey.bases import ActorEvent, CorrectableCommand, Events, NamedCommand, Repeatable, TimerCommand
from domain.journey.duty import Context, pathway_of
from domain.journey.parts import changed
from domain.journey.pathway import held_back, term_end
from domain.journey.pausing import clocks_resumed
from domain.journey.refusing import Code, require_reason, require_stage
from domain.journey.repeating import digest, is_recorded, nothing_new
from domain.journey.state import Closing, JourneyState, Outcome, StageWait, Suspended
from domain.journey.steps import awaiting
from domain.journey.terms import Ending
from domain.journey.timer import Timer
from domain.kit import Kit
from domain.refusal import Rejected
from domain.values import STORABLE, Event, Personal


class WrapUpStarted(Event):
    """The pathway is over, by its end or because all of it is settled. The closing conversation is wanted."""

    type: ClassVar[str] = "journey.wrap_up_started"
    reason: Literal["all_settled", "pathway_ended"]
    due_at: AwareDatetime


class WrapUpTakenBack(Event):
    """The wrap-up had begun because all was settled, and after a correction it is not. The sessions go on."""

    type: ClassVar[str] = "journey.wrap_up_taken_back"
    match_due_at: AwareDatetime | None = None
    """Where there is no mentor: until when one is to be found."""


class OutcomeRecorded(Event):
    """What became of it: an interview, a job, a result. May come long after the journey closed."""

    type: ClassVar[str] = "journey.outcome_recorded"
    kind: str
    value: Personal


class OutcomeCorrected(ActorEvent, Repeatable):
    """An outcome was recorded wrongly; this one takes its place."""

    type: ClassVar[str] = "journey.outcome_corrected"
    kind: str
    value: Personal
    replaces: Personal
    reason: Personal

    def key_and_digest(self) -> tuple[str, str]:
        return f"outcome:{self.kind}", digest(self.value, self.replaces, self.reason)


class JourneyClosed(Event):
    """The journey is over. Open cases close with it; only outcomes can still be added, unless it is reopened."""

    type: ClassVar[str] = "journey.closed"
    schema_version: ClassVar[int] = 2
    ending: Ending
    reason: Personal
    done: tuple[str, ...] = ()
    """The items of the kit's checklist that a person said were done; none when it closed by itself."""


class JourneyReopened(ActorEvent, Repeatable):
    """The journey was closed by mistake and goes on from where it stood, as if its clocks had stopped meanwhile. A
    deadline that had closed it by passing is given anew."""

    type: ClassVar[str] = "journey.reopened"
    reason: Personal
    ending: Ending
    """With which it had closed."""
    stage: Literal["intake", "matching", "sessions", "wrap_up"]
    """In which it stood, and stands again."""
    mentor: MentorId | None = None
    moved_by: timedelta
    """By how much every open deadline lies later: the time for which it was closed; nothing in a pause, which goes
    on."""
    due_at: AwareDatetime | None = None
    """Until when the intake or the wrap-up is awaited; None where the journey is past or before them."""
    ends_by: AwareDatetime | None = None
    """The end of a fixed term, past which neither the pathway nor any work is moved."""

    def key_and_digest(self) -> tuple[str, str]:
        return "reopen", digest(self.reason)


EndingEvent = WrapUpStarted | WrapUpTakenBack | OutcomeRecorded | OutcomeCorrected | JourneyClosed | JourneyReopened


class CompleteWrapUp(NamedCommand):
    """Close the journey after the closing conversation."""

    name: ClassVar[str] = "complete_wrap_up"
    done: tuple[str, ...] = ()
    """The items of the kit's checklist that were done: all of them, or the journey stays open."""
    reason: Personal = ""


class RecordOutcome(CorrectableCommand):
    """Add what became of it; also after the journey has closed."""

    name: ClassVar[str] = "record_outcome"
    kind: Annotated[str, STORABLE] = Field(min_length=1, max_length=60)
    value: Personal = Field(min_length=1)
    replaces: Personal | None = None
    """With `corrects`: the value of this kind that was wrong; needed where several of the kind are recorded."""


class Withdraw(NamedCommand):
    """End the journey because the learner leaves."""

    name: ClassVar[str] = "withdraw"
    reason: Personal = Field(min_length=1)


class EndEarly(NamedCommand):
    """End the journey because the program decides so."""

    name: ClassVar[str] = "end_early"
    reason: Personal = Field(min_length=1)


class Reopen(NamedCommand):
    """Take up again a journey that was closed by mistake, from where it stood."""

    name: ClassVar[str] = "reopen"
    reason: Personal = Field(min_length=1)


class EndPathway(TimerCommand):
    name: ClassVar[str] = "end_pathway"

    def in_words(self) -> str:
        return "the wrap-up begins"


class CloseAtEnd(TimerCommand):
    name: ClassVar[str] = "close_at_end"

    def in_words(self) -> str:
        return "the journey closes"


EndingCommand = CompleteWrapUp | RecordOutcome | Withdraw | EndEarly | Reopen | EndPathway | CloseAtEnd


# Rules


def decide(kit: Kit, state: JourneyState, command: EndingCommand, at: datetime) -> Events:
    match command:
        case CompleteWrapUp():
            return _complete(kit, state, command, at)
        case RecordOutcome():
            return _record_outcome(state, command, at)
        case Withdraw():
            return [closed("withdrawn", command.reason, at)]
        case EndEarly():
            return [closed("ended_early", command.reason, at)]
        case Reopen():
            return _reopen(kit, state, command, at)
        case EndPathway():
            return [wrap_up(kit, "pathway_ended", at)]
        case CloseAtEnd():
            return [closed("completed", tally(state), at)]
        case _:
            assert_never(command)


def wrap_up(kit: Kit, reason: Literal["all_settled", "pathway_ended"], at: datetime) -> WrapUpStarted:
    return WrapUpStarted(at=at, reason=reason, due_at=at + kit.service_levels.wrap_up)


def wrap_up_when_done(kit: Kit, _: JourneyState, after: JourneyState, happened: Events) -> Events:
    """Begins the wrap-up once all work is settled, where the pathway ends with its work."""
    return [wrap_up(kit, "all_settled", happened[0].at)] if _is_done(kit, after) else []


def _is_done(kit: Kit, state: JourneyState) -> bool:
    has_work = state.sessions or state.milestones
    if state.pause or state.stage != "sessions" or not has_work or not state.settled:
        return False
    pathway = pathway_of(kit, state)
    return pathway is not None and pathway.ends_when_done


def _complete(kit: Kit, state: JourneyState, command: CompleteWrapUp, at: datetime) -> Events:
    require_stage(state, "wrap_up")
    if missing := [item for item in kit.wrap_up.checklist if item not in command.done]:
        raise Rejected(
            Code.CHECKLIST_INCOMPLETE,
            f"not everything is done yet; still open: {'; '.join(missing)}. Say in `done` what was done",
            {"items": missing},
        )
    return [closed("completed", command.reason or tally(state), at, kit.wrap_up.checklist)]


def require_listed(kit: Kit, state: JourneyState, command: CompleteWrapUp, _: datetime) -> None:
    """Raises Rejected for what would be passed over."""
    if state.stage == "wrap_up" and any(item not in kit.wrap_up.checklist for item in command.done):
        there_are = "; ".join(kit.wrap_up.checklist) or "nothing"
        raise Rejected(
            Code.UNKNOWN_CHECKLIST_ITEM,
            f"`done` names what is not on the checklist, which has: {there_are}. Say other things in `reason`",
            {"items": kit.wrap_up.checklist},
        )


def closed(ending: Ending, reason: str, at: datetime, done: tuple[str, ...] = ()) -> JourneyClosed:
    return JourneyClosed(at=at, ending=ending, reason=reason, done=done)


def tally(state: JourneyState) -> str:
    if not state.milestones:
        return "the pathway is complete"
    passed = sum(one.status == "passed" for one in state.milestones)
    return f"{passed} of {len(state.milestones)} milestones passed"


def _record_outcome(state: JourneyState, command: RecordOutcome, at: datetime) -> Events:
    there = Outcome(kind=command.kind, value=command.value) in state.outcomes
    if command.corrects:
        return _correct_outcome(state, command, there, at)
    if command.replaces is not None or command.reason:
        raise Rejected(
            Code.FIELDS_CONFLICT,
            "`replaces` and `reason` go with `corrects`: leave them out, or say that you correct an outcome",
            {"fields": ("replaces", "reason")},
        )
    return [] if there else [OutcomeRecorded(at=at, kind=command.kind, value=command.value)]


def _correct_outcome(state: JourneyState, command: RecordOutcome, there: bool, at: datetime) -> Events:
    of_kind = [one.value for one in state.outcomes if one.kind == command.kind]
    wrong = command.replaces if command.replaces is not None else next(iter(of_kind), None) if not there else None
    if there and is_recorded(state, f"outcome:{command.kind}", command.value, command.replaces, command.reason):
        return []
    if there:
        raise Rejected(Code.NOTHING_TO_CORRECT, "this outcome is recorded already; there is nothing to correct")
    require_reason(command.reason, "say why what is recorded is corrected")
    if command.replaces is None and len(of_kind) > 1:
        raise Rejected(
            Code.UNKNOWN_OUTCOME, "several outcomes of this kind are recorded; say in `replaces` which value was wrong"
        )
    if wrong is None or wrong not in of_kind:
        raise Rejected(
            Code.UNKNOWN_OUTCOME,
            "no such outcome is recorded, so there is nothing to correct; leave `corrects` out to record it",
        )
    return [OutcomeCorrected(at=at, kind=command.kind, value=command.value, replaces=wrong, reason=command.reason)]


def _reopen(kit: Kit, state: JourneyState, command: Reopen, at: datetime) -> Events:
    """From where it stood, as if the clocks had stopped when it closed. What had closed it by passing is given anew."""
    if state.closing is None:
        return nothing_new(
            state,
            "reopen",
            command.reason,
            otherwise="the journey is open; only a closed one is reopened",
            code=Code.OPEN,
        )
    before = state.closing.before
    assert before, "a journey is taken up from the log, by a version that keeps what a closing ended"
    stood = changed(state, **vars(before))
    assert before.stage != "closed", "what is closed is not closed again"
    moved_by = timedelta(0) if before.pause else at - state.closing.at
    end = None if before.pause else term_end(kit, stood)
    reopened = JourneyReopened(
        at=at,
        reason=command.reason,
        ending=state.closing.ending,
        stage=before.stage,
        mentor=state.mentor,
        moved_by=moved_by,
        due_at=None if before.pause else _awaited_until(kit, before, at),
        ends_by=max(end, at) if end else None,
    )
    return [
        reopened,
        *(() if before.pause else held_back(kit, stood, state.closing.at, end, at)),
    ]


def _awaited_until(kit: Kit, before: Suspended, at: datetime) -> datetime | None:
    match before.wait.duty if before.wait else None:
        case "intake":
            return at + kit.intake.within
        case "wrap_up":
            return at + kit.service_levels.wrap_up
        case _:
            return None


# The state


def evolve(state: JourneyState, event: EndingEvent) -> JourneyState:
    match event:
        case WrapUpStarted():
            state = awaiting(state, "wrap_up", event.at, event.due_at)
            return changed(state, stage="wrap_up", stage_since=event.at, offer=None)
        case WrapUpTakenBack():
            return _wrap_up_taken_back(state, event)
        case OutcomeRecorded():
            return changed(state, outcomes=(*state.outcomes, Outcome(kind=event.kind, value=event.value)))
        case OutcomeCorrected():
            return _outcome_corrected(state, event)
        case JourneyClosed():
            return _closed(state, event)
        case JourneyReopened():
            return _reopened(state, event)
        case _:
            assert_never(event)


def _wrap_up_taken_back(state: JourneyState, event: WrapUpTakenBack) -> JourneyState:
    """Another wrap-up has another name."""
    state = changed(state, stage="sessions", stage_since=event.at, wait=None, turns=state.turns + 1)
    return awaiting(state, "match", event.at, event.match_due_at) if event.match_due_at else state


def _outcome_corrected(state: JourneyState, event: OutcomeCorrected) -> JourneyState:
    wrong = Outcome(kind=event.kind, value=event.replaces)
    right = Outcome(kind=event.kind, value=event.value)
    return changed(state, outcomes=tuple(right if one == wrong else one for one in state.outcomes))


def _closed(state: JourneyState, event: JourneyClosed) -> JourneyState:
    return changed(
        state,
        stage="closed",
        stage_since=event.at,
        wait=None,
        offer=None,
        check_in=None,
        action_items=(),
        ladders=(),
        remedies=None,
        cases=(),
        flags=(),
        pause=None,
        closing=Closing(
            ending=event.ending, at=event.at, reason=event.reason, done=event.done, before=_suspended(state)
        ),
    )


def _suspended(state: JourneyState) -> Suspended:
    return Suspended(**{name: getattr(state, name) for name in _SUSPENDED})


_SUSPENDED = tuple(one.name for one in fields(Suspended))


def _reopened(state: JourneyState, event: JourneyReopened) -> JourneyState:
    """As it stood; in a pause the clocks have stood anyway, and otherwise they stood from the closing until now."""
    assert state.closing, "only what was closed is reopened"
    before = state.closing.before
    assert before, "a journey is reopened by a version that keeps what a closing ended"
    state = changed(state, closing=None, **vars(before))
    if state.pause is None:
        state = clocks_resumed(state, event.at, event.moved_by, event.ends_by)
    if event.due_at and state.wait:
        return awaiting(state, state.wait.duty, event.at, event.due_at, again=True)
    return state


# Timers


def timer_of_pathway(pathway: PathwayId | None, ends_at: datetime) -> Timer:
    return Timer(ends_at, f"pathways.{pathway}.ends", "the pathway ends", EndPathway(), "ops")


def timers(wait: StageWait, context: Context) -> Iterator[Timer]:
    if context.stage == "wrap_up":
        yield Timer(wait.due_at, "service_levels.wrap_up", "close the journey", CloseAtEnd(), "ops")
