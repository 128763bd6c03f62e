"""Pausing, wrapping up, and the ends of a journey."""

from datetime import datetime, timedelta
from typing import Literal

from domain.journey import events as e
from domain.journey.commands import (
    CompleteWrapUp,
    EndEarly,
    JourneyCommand,
    Pause,
    RecordOutcome,
    Reopen,
    ReportActivity,
    ReviewIntake,
    Withdraw,
)
from domain.journey.deciding.planning import held_back, term_end
from domain.journey.deciding.refusing import Rejected, SaysSomethingElse, only_in, wants_reason
from domain.journey.deciding.repeating import is_recorded, nothing_new
from domain.journey.parts import changed
from domain.journey.state import JourneyState, Outcome, Suspended
from domain.kit import Kit


def closed(ending: e.Ending, reason: str, at: datetime, done: tuple[str, ...] = ()) -> e.JourneyClosed:
    return e.JourneyClosed(at=at, ending=ending, reason=reason, done=done)


def wrap_up(kit: Kit, reason: Literal["all_settled", "pathway_ended"], at: datetime) -> e.WrapUpStarted:
    return e.WrapUpStarted(at=at, reason=reason, due_at=at + kit.service_levels.wrap_up)


def complete(kit: Kit, state: JourneyState, command: CompleteWrapUp, at: datetime) -> e.Events:
    only_in(state, "wrap_up")
    if missing := [item for item in kit.wrap_up.checklist if item not in command.done]:
        raise Rejected(f"not everything is done yet; still open: {'; '.join(missing)}. Say in `done` what was done")
    return [closed("completed", command.reason or tally(state), at, kit.wrap_up.checklist)]


def is_on_the_checklist(kit: Kit, command: CompleteWrapUp) -> None:
    """Raises Rejected for what would be passed over."""
    if any(item not in kit.wrap_up.checklist for item in command.done):
        there_are = "; ".join(kit.wrap_up.checklist) or "nothing"
        raise Rejected(
            f"`done` names what is not on the checklist, which has: {there_are}. Say other things in `reason`"
        )


def tally(state: JourneyState) -> str:
    if not state.milestones:
        return "the pathway is complete"
    passed = sum(one.status == "passed" for one in state.milestones)
    return f"{passed} of {len(state.milestones)} milestones passed"


def record_outcome(state: JourneyState, command: RecordOutcome, at: datetime) -> e.Events:
    there = Outcome(kind=command.kind, value=command.value) in state.outcomes
    if command.corrects:
        return _correct_outcome(state, command, there, at)
    if command.replaces is not None or command.reason:
        raise Rejected("`replaces` and `reason` go with `corrects`: leave them out, or say that you correct an outcome")
    return [] if there else [e.OutcomeRecorded(at=at, kind=command.kind, value=command.value)]


def _correct_outcome(state: JourneyState, command: RecordOutcome, there: bool, at: datetime) -> e.Events:
    of_kind = [one.value for one in state.outcomes if one.kind == command.kind]
    wrong = command.replaces if command.replaces is not None else next(iter(of_kind), None) if not there else None
    if there and is_recorded(state, f"outcome:{command.kind}", command.value, command.replaces, command.reason):
        return []
    if there:
        raise Rejected("this outcome is recorded already; there is nothing to correct")
    wants_reason(command.reason, "say why what is recorded is corrected")
    if command.replaces is None and len(of_kind) > 1:
        raise Rejected("several outcomes of this kind are recorded; say in `replaces` which value was wrong")
    if wrong is None or wrong not in of_kind:
        raise Rejected("no such outcome is recorded, so there is nothing to correct; leave `corrects` out to record it")
    return [e.OutcomeCorrected(at=at, kind=command.kind, value=command.value, replaces=wrong, reason=command.reason)]


def pause(kit: Kit, state: JourneyState, command: Pause, at: datetime) -> e.Events:
    """A second one gives the pause another end or another reason, at most as long from its beginning as the first."""
    if state.pause is None:
        return [paused(kit, state, command.reason, command.until, at)]
    since, now = state.pause.since, state.pause.until
    until = command.until or _latest(kit, state, since)
    if until == now and is_recorded(state, "pause", command.reason):
        return []
    if until != now:
        _within(kit, state, until, since, at)
    return [e.PauseChanged(at=at, reason=command.reason, until=until)]


def _latest(kit: Kit, state: JourneyState, since: datetime) -> datetime:
    """Until when a pause that begins then may last: for as long as the kit says, and not past the end of a term."""
    latest, end = since + kit.pausing.limit, term_end(kit, state)
    return min(latest, end) if end else latest


def _within(kit: Kit, state: JourneyState, until: datetime, since: datetime, at: datetime) -> None:
    if until <= at:
        raise Rejected(
            "the pause would end before it began; give a later `until`, or none"
            if since == at
            else "the pause would have ended already; give a later `until`, or resume the journey"
        )
    latest = _latest(kit, state, since)
    if until > latest:
        at_most = f"{latest:%d %B %Y} at most" + (", when the term ends" if latest == term_end(kit, state) else "")
        raise Rejected(f"a pause may last until {at_most}; give an earlier `until`, or none")


def paused(kit: Kit, state: JourneyState, reason: str, asked: datetime | None, at: datetime) -> e.JourneyPaused:
    """Until the moment that was asked for, or for as long as the kit and its term allow."""
    until = asked or _latest(kit, state, at)
    _within(kit, state, until, at, at)
    return e.JourneyPaused(at=at, reason=reason, until=until)


def resume(kit: Kit, state: JourneyState, at: datetime) -> e.Events:
    if state.pause is None:
        if state.resumed_at:
            return []
        raise SaysSomethingElse("the journey has not been paused; pause it first")
    paused_for, end = at - state.pause.since, term_end(kit, state)
    if end is None:
        return [e.JourneyResumed(at=at, paused_for=paused_for)]
    resumed = e.JourneyResumed(at=at, paused_for=paused_for, ends_by=max(end, at))
    return [resumed, *held_back(kit, state, state.pause.since, end, at)]


def after_closing(state: JourneyState, command: JourneyCommand) -> e.Events:
    """The command that closed the journey, given again, does nothing; anything else comes too late."""
    assert state.closing
    if isinstance(command, ReportActivity) or _is_the_closing(state, command):
        return []
    raise Rejected(
        f"the journey closed on {state.closing.at:%d %B %Y} ({state.closing.ending.replace('_', ' ')}); an outcome can "
        "still be recorded, and what was closed by mistake is taken up again by: reopen"
    )


def _is_the_closing(state: JourneyState, command: JourneyCommand) -> bool:
    assert state.closing
    match command:
        case Withdraw():
            ending, reason = "withdrawn", command.reason
        case EndEarly():
            ending, reason = "ended_early", command.reason
        case ReviewIntake(verdict="decline", pathway=None):
            ending, reason = "declined", command.reason
        case CompleteWrapUp():
            ending, reason = "completed", command.reason or tally(state)
            if set(command.done) != set(state.closing.done):
                return False
        case _:
            return False
    return (ending, reason) == (state.closing.ending, state.closing.reason)


def reopen(kit: Kit, state: JourneyState, command: Reopen, at: datetime) -> e.Events:
    """From where it stood, as if the clocks had stopped when it closed. What had closed it by passing is given anew."""
    if state.closing is None:
        return nothing_new(
            state, "reopen", command.reason, otherwise="the journey is open; only a closed one is reopened"
        )
    before = state.closing.before
    assert before, "a journey is taken up from the log, by a version that keeps what a closing ended"
    stood = changed(state, **vars(before))
    assert before.stage != "closed", "what is closed is not closed again"
    moved_by = timedelta(0) if before.pause else at - state.closing.at
    end = None if before.pause else term_end(kit, stood)
    reopened = e.JourneyReopened(
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
        *(held_back(kit, stood, state.closing.at, end, at) if end else ()),
    ]


def _awaited_until(kit: Kit, before: Suspended, at: datetime) -> datetime | None:
    match before.wait.duty if before.wait else None:
        case "intake":
            return at + kit.intake.within
        case "wrap_up":
            return at + kit.service_levels.wrap_up
        case _:
            return None
