"""What a journey does when it is asked: where every command finds the rule of its topic."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, cast, get_args

from domain.journey import (
    attendance,
    between_sessions,
    cases,
    closed,
    cohort,
    corrections,
    ending,
    escalating,
    escalations,
    follow_ups,
    intake,
    matching,
    messages,
    milestones,
    moving,
    offers,
    pathway,
    pausing,
    remedies,
    reminders,
    sessions,
)
from domain.journey.bases import ActorEvent, DailyCommand, Events, JourneyCommand, TimerCommand
from domain.journey.duties import NamesAwaited
from domain.journey.earlier import was_a_repeat, was_refused
from domain.journey.events import JourneyEvent
from domain.journey.evolve import evolve, fold
from domain.journey.refusing import Code, RecordedOtherwise
from domain.journey.repeating import is_repeated_today
from domain.journey.state import JourneyState
from domain.journey.timers import is_due
from domain.kit import Kit
from domain.refusal import Rejected
from domain.values import Event, changed


def decide(
    kit: Kit, state: JourneyState | None, command: JourneyCommand, at: datetime, *, earlier: bool = False
) -> list[JourneyEvent]:
    """The events that a command brings about at a moment, with those that the kit's rules add to them.

    None come of a command that has been carried out before. `earlier`: as it was decided before repeats were
    distinguished from changes, for workflows that replay those decisions.

    Raises:
        Rejected: when the command does not fit the state of the journey.
    """
    if isinstance(command, intake.StartJourney):
        return [] if state else [intake.start(kit, command, at)]
    if state is None:
        raise Rejected(Code.NOT_STARTED, "this journey has not started")
    events = _with_actor(_handle(kit, state, command, at, earlier), command.by)
    if isinstance(command, moving.AdoptKit):
        kit = command.content
    if not events:
        return []
    consequences = _consequences(kit, state, events, at, _FOLLOWED_EARLIER if earlier else _FOLLOWING)
    return cast("list[JourneyEvent]", [*events, *consequences])  # every topic's events are in the union


def _handle(kit: Kit, state: JourneyState, command: JourneyCommand, at: datetime, earlier: bool) -> Events:
    if isinstance(command, TimerCommand) and not is_due(kit, state, command, at):
        return []
    if state.closing and not (closed.was_taken(command) if earlier else closed.is_taken(command)):
        return closed.after_closing(state, command)
    if state.pause and not isinstance(command, _ALLOWED_IN_A_PAUSE) and not sessions.is_of_group(command):
        raise Rejected(Code.PAUSED, f"the journey has been paused since {state.pause.since:%d %B %Y}; resume it first")
    if isinstance(command, DailyCommand) and is_repeated_today(state, command, at):
        return []
    rules = _RULES[type(command)]
    if not earlier:
        if check := _CHECKS.get(type(command)):
            check(kit, state, command, at)
        return rules(kit, state, command, at)
    try:
        return [] if was_a_repeat(state, command) else rules(kit, state, command, at)
    except RecordedOtherwise:
        if was_refused(state, command):
            raise
        return []


_Rules = Callable[[Kit, JourneyState, Any, datetime], Events]

_TOPICS: Mapping[Any, _Rules] = {
    intake.IntakeCommand: intake.decide,
    offers.OfferCommand: offers.decide,
    matching.MatchingCommand: matching.decide,
    pathway.ResetPathway: pathway.decide,
    sessions.SessionCommand: sessions.decide,
    attendance.AttendanceCommand: attendance.decide,
    follow_ups.FollowUpCommand: follow_ups.decide,
    between_sessions.BetweenSessionsCommand: between_sessions.decide,
    messages.SendMessage: messages.decide,
    milestones.MilestoneCommand: milestones.decide,
    reminders.Remind: reminders.decide,
    escalations.EscalationCommand: escalating.decide,
    cases.CaseCommand: cases.decide,
    remedies.RemedyCommand: remedies.decide,
    moving.MovingCommand: moving.decide,
    pausing.PauseCommand: pausing.decide,
    cohort.CohortCommand: cohort.decide,
    ending.EndingCommand: ending.decide,
}

_RULES: Mapping[type, _Rules] = {
    kind: rules for kinds, rules in _TOPICS.items() for kind in get_args(kinds) or (kinds,)
}

_CHECKS: Mapping[type, Callable[[Kit, JourneyState, Any, datetime], None]] = {
    matching.ApproveMatch: matching.require_eligible_mentor,
    offers.OfferMatch: offers.require_eligible_mentor,
    offers.AnswerOffer: offers.require_asked,
    intake.ReviewIntake: intake.require_coherent,
    cases.ReassignCase: cases.require_holder,
    ending.CompleteWrapUp: ending.require_listed,
    attendance.RecordAttendance: attendance.require_begun,
    sessions.RescheduleSession: sessions.require_movable,
}
"""Checks that earlier releases lacked. They are skipped when decisions of such a release are replayed."""

_ALLOWED_IN_A_PAUSE = (
    *get_args(pausing.PauseCommand),
    *get_args(cases.CaseCommand),
    *get_args(moving.MovingCommand),
    between_sessions.AskForHelp,
    between_sessions.RaiseRiskFlag,
    cohort.LeaveCohort,
    messages.SendMessage,
    ending.Withdraw,
    ending.EndEarly,
    ending.RecordOutcome,
    ending.Reopen,
    escalations.ReportActivity,
)


def _with_actor(events: Events, by: str) -> Events:
    """What the learner or the mentor did says so."""
    if not by.startswith(("learner", "mentor")):
        return events
    return [changed(one, {"by": by}) if isinstance(one, ActorEvent) else one for one in events]


# What follows without waiting for any clock


def _consequences(
    kit: Kit, state: JourneyState, happened: Events, at: datetime, following: "Sequence[_Following]"
) -> list[Event]:
    """What the kit's rules make of the facts as they are now."""
    if all(isinstance(one, reminders.ReminderFellDue) for one in happened):
        return []  # it changes nothing that a rule looks at
    after = fold(happened, state)
    if after is None or after.closing:
        return []
    events: list[Event] = []
    for follows in following:
        for event in follows(kit, state, after, [*happened, *events] if events else happened):
            events.append(event)
            after = evolve(after, event)
    return [*events, *escalating.evaluate(kit, after, happened, at)]


_Following = Callable[[Kit, JourneyState, JourneyState, Events], Events]
"""What follows from what happened, by the state before it and by the one that has come of it so far."""


def _withdraw_remedies(kit: Kit, _: JourneyState, after: JourneyState, happened: Events) -> Events:
    return remedies.withdraw(kit, after, happened, partial(NamesAwaited, after))


_FOLLOWING: Sequence[_Following] = (
    corrections.taken_back,
    corrections.reopened_work,
    ending.wrap_up_when_done,
    cases.handed_on,
    _withdraw_remedies,
)
_FOLLOWED_EARLIER: Sequence[_Following] = (ending.wrap_up_when_done, _withdraw_remedies)
