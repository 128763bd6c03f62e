"""Pausing, wrapping up, and the ends of a journey."""

from datetime import datetime
from typing import Literal

from domain.journey import events as e
from domain.journey.commands import (
    CompleteWrapUp,
    EndEarly,
    JourneyCommand,
    Pause,
    RecordOutcome,
    ReportActivity,
    ReviewIntake,
    Withdraw,
)
from domain.journey.deciding.planning import held_back, term_end
from domain.journey.deciding.refusing import Rejected, only_in
from domain.journey.state import JourneyState, Outcome
from domain.kit import Kit


def closed(ending: e.Ending, reason: str, at: datetime) -> e.JourneyClosed:
    return e.JourneyClosed(at=at, ending=ending, reason=reason)


def wrap_up(kit: Kit, reason: Literal["all_settled", "pathway_ended"], at: datetime) -> e.WrapUpStarted:
    return e.WrapUpStarted(at=at, reason=reason, due_at=at + kit.service_levels.wrap_up)


def complete(kit: Kit, state: JourneyState, command: CompleteWrapUp, at: datetime) -> e.Events:
    only_in(state, "wrap_up")
    if missing := [item for item in kit.wrap_up.checklist if item not in command.done]:
        raise Rejected(f"not everything is done yet; still open: {'; '.join(missing)}. Say in `done` what was done")
    return [closed("completed", command.reason or tally(state), at)]


def tally(state: JourneyState) -> str:
    if not state.milestones:
        return "the pathway is complete"
    passed = sum(one.status == "passed" for one in state.milestones)
    return f"{passed} of {len(state.milestones)} milestones passed"


def record_outcome(state: JourneyState, command: RecordOutcome, at: datetime) -> e.Events:
    known = Outcome(kind=command.kind, value=command.value) in state.outcomes
    return [] if known else [e.OutcomeRecorded(at=at, kind=command.kind, value=command.value)]


def pause(kit: Kit, state: JourneyState, command: Pause, at: datetime) -> e.Events:
    return [] if state.pause else [paused(kit, state, command.reason, command.until, at)]


def paused(kit: Kit, state: JourneyState, reason: str, asked: datetime | None, at: datetime) -> e.JourneyPaused:
    """Until the moment that was asked for, or for as long as the kit and its term allow."""
    latest, end = at + kit.pausing.limit, term_end(kit, state)
    if end and end < latest:
        latest = end
    until = asked or latest
    if until <= at:
        raise Rejected("the pause would end before it began; give a later `until`, or none")
    if until > latest:
        at_most = f"{latest:%d %B %Y} at most" + (", when the term ends" if latest == end else "")
        raise Rejected(f"a pause may last until {at_most}; give an earlier `until`, or none")
    return e.JourneyPaused(at=at, reason=reason, until=until)


def resume(kit: Kit, state: JourneyState, at: datetime) -> e.Events:
    if state.pause is None:
        return []
    paused_for, end = at - state.pause.since, term_end(kit, state)
    if end is None:
        return [e.JourneyResumed(at=at, paused_for=paused_for)]
    resumed = e.JourneyResumed(at=at, paused_for=paused_for, ends_by=max(end, at))
    return [resumed, *held_back(kit, state, paused_for, end, at)]


def after_closing(state: JourneyState, command: JourneyCommand) -> e.Events:
    """A repeated farewell is no mistake; anything else comes too late."""
    assert state.closing
    repeats: dict[type, e.Ending] = {Withdraw: "withdrawn", EndEarly: "ended_early", CompleteWrapUp: "completed"}
    declines = isinstance(command, ReviewIntake) and command.verdict == "decline"
    farewell = "declined" if declines else repeats.get(type(command))
    if isinstance(command, ReportActivity) or farewell == state.closing.ending:
        return []
    raise Rejected(
        f"the journey closed on {state.closing.at:%d %B %Y} ({state.closing.ending.replace('_', ' ')}); "
        "only an outcome can still be recorded"
    )
