"""What a journey does when it is asked: where every command finds its rule."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import assert_never

from domain.journey import commands as c
from domain.journey import events as e
from domain.journey.deciding import (
    cases,
    closing,
    correcting,
    escalating,
    intake,
    matching,
    milestones,
    moving,
    planning,
    remedies,
    sessions,
)
from domain.journey.deciding.earlier import was_a_repeat, was_refused
from domain.journey.deciding.refusing import Rejected, SaysSomethingElse
from domain.journey.evolve import evolve, fold
from domain.journey.outlook import pathway_of
from domain.journey.saying import word
from domain.journey.state import JourneyState
from domain.journey.timers import is_due
from domain.kit import Kit
from domain.values import changed


def decide(
    kit: Kit, state: JourneyState | None, command: c.JourneyCommand, at: datetime, *, earlier: bool = False
) -> list[e.JourneyEvent]:
    """The events that a command brings about at a moment, with those that the kit's rules add to them.

    None come of a command that has already been obeyed. `earlier`: as it was decided before repeats were told from
    changes; for workflows that replay what they decided then.

    Raises:
        Rejected: when the command does not fit the journey as it stands.
    """
    if isinstance(command, c.StartJourney):
        return [] if state else [intake.start(kit, command, at)]
    if state is None:
        raise Rejected("this journey has not started")
    events = _signed(_obey(kit, state, command, at, earlier), command.by)
    if isinstance(command, c.AdoptKit):
        kit = command.content
    if not events:
        return []
    return [*events, *_consequences(kit, state, events, at, _FOLLOWED_EARLIER if earlier else _FOLLOWING)]


def _obey(kit: Kit, state: JourneyState, command: c.JourneyCommand, at: datetime, earlier: bool) -> e.Events:
    if isinstance(command, c.TimerCommand) and not is_due(kit, state, command, at):
        return []
    if state.closing and not isinstance(command, c.RecordOutcome | c.Reopen):
        return closing.after_closing(state, command)
    if state.pause and not isinstance(command, _ALLOWED_IN_A_PAUSE):
        raise Rejected(f"the journey has been paused since {state.pause.since:%d %B %Y}; resume it first")
    if _repeats(state, command, at):
        return []
    if not earlier:
        _bar(kit, state, command, at)
        return _obeyed(kit, state, command, at)
    try:
        return [] if was_a_repeat(state, command) else _obeyed(kit, state, command, at)
    except SaysSomethingElse:
        if was_refused(state, command):
            raise
        return []


def _bar(kit: Kit, state: JourneyState, command: c.JourneyCommand, at: datetime) -> None:
    """Refuses what the earlier rules let pass."""
    match command:
        case c.ApproveMatch() | c.OfferMatch():
            matching.could_be_mentor(kit, state, command)
        case c.AnswerOffer():
            matching.is_asked(state, command)
        case c.ReviewIntake():
            intake.is_coherent(command)
        case c.ReassignCase():
            cases.has_holder(state, command)
        case c.CompleteWrapUp() if state.stage == "wrap_up":
            closing.is_on_the_checklist(kit, command)
        case c.RecordAttendance() if state.stage in ("sessions", "wrap_up"):
            sessions.has_begun(state, command, at)
        case _:
            return


def _obeyed(kit: Kit, state: JourneyState, command: c.JourneyCommand, at: datetime) -> e.Events:
    match command:
        case c.SubmitIntake():
            return intake.submit(kit, state, command, at)
        case c.ReviewIntake():
            return intake.review(kit, state, command, at)
        case c.ChoosePathway():
            return intake.choose_pathway(kit, state, command, at)
        case c.OfferMatch():
            return matching.offer(kit, state, command, at)
        case c.AnswerOffer():
            return matching.answer(kit, state, command, at)
        case c.ApproveMatch():
            return matching.approve(kit, state, command, at)
        case c.ReleaseMentor():
            return matching.release(kit, state, command, at)
        case c.RescheduleSession():
            return planning.reschedule(kit, state, command, at)
        case c.ResetPathway():
            return planning.reset(kit, state, command, at)
        case c.PrepareSession():
            return sessions.prepare(kit, state, command, at)
        case c.RecordAttendance():
            return sessions.record_attendance(kit, state, command, at)
        case c.WriteNotes():
            return sessions.write_notes(kit, state, command, at)
        case c.SendFollowUp():
            return sessions.send_follow_up(state, command, at)
        case c.CloseActionItem():
            return sessions.close_action_item(state, command, at)
        case c.CheckIn():
            return sessions.check_in(kit, state, command, at)
        case c.RaiseRiskFlag():
            return sessions.raise_risk_flag(command, at)
        case c.AskForHelp():
            return sessions.ask_for_help(command, at)
        case c.GiveFeedback():
            return sessions.give_feedback(command, at)
        case c.SubmitMilestone():
            return milestones.submit(kit, state, command, at)
        case c.ReviewMilestone():
            return milestones.review(kit, state, command, at)
        case c.WaiveMilestone():
            return milestones.waive(state, command, at)
        case c.MoveToKit():
            return _unfound(state, command)
        case c.AdoptKit():
            return moving.adopt(kit, state, command, at)
        case c.AcknowledgeCase():
            return cases.acknowledge(state, command, at)
        case c.SnoozeCase():
            return cases.snooze(state, command, at)
        case c.ReassignCase():
            return cases.reassign(state, command, at)
        case c.ResolveCase():
            return cases.resolve(state, command, at)
        case c.ChooseRemedy():
            return remedies.choose(kit, state, command, at)
        case c.CompleteWrapUp():
            return closing.complete(kit, state, command, at)
        case c.RecordOutcome():
            return closing.record_outcome(state, command, at)
        case c.Pause():
            return closing.pause(kit, state, command, at)
        case c.Resume():
            return closing.resume(kit, state, at)
        case c.Withdraw():
            return [closing.closed("withdrawn", command.reason, at)]
        case c.EndEarly():
            return [closing.closed("ended_early", command.reason, at)]
        case c.Remind():
            return [e.ReminderFellDue(at=at, rule=command.rule, about=command.about, duty=command.duty, to=command.to)]
        case c.Escalate():
            return escalating.escalate(kit, state, command, at)
        case c.MissDeadline():
            return milestones.miss_deadline(state, command, at)
        case c.GiveUpIntake():
            return [closing.closed("ended_early", "the intake was not sent in", at)]
        case c.ExpireOffer():
            return [e.OfferExpired(at=at, mentor=state.offer.mentor)] if state.offer else []
        case c.ExpireRemedies():
            return [e.RemediesExpired(at=at)]
        case c.EndPathway():
            return [closing.wrap_up(kit, "pathway_ended", at)]
        case c.CloseAtEnd():
            return [closing.closed("completed", closing.tally(state), at)]
        case c.ReportActivity():
            return escalating.report_activity(kit, state, command, at)
        case c.Reopen():
            return closing.reopen(kit, state, command, at)
        case c.StartJourney():
            return []
        case _:
            assert_never(command)


def _signed(events: e.Events, by: str) -> e.Events:
    """What the learner or the mentor did says so."""
    if not by.startswith(("learner", "mentor")):
        return events
    return [changed(one, {"by": by}) if isinstance(one, e.Deed) else one for one in events]


def _unfound(state: JourneyState, command: c.MoveToKit) -> e.Events:
    if moving.follows(state, command.kit, command.reason):
        return []
    raise Rejected(f"there is no published kit {command.kit!r} of this program")


_ALLOWED_IN_A_PAUSE = (
    c.Pause,
    c.Resume,
    c.Withdraw,
    c.EndEarly,
    c.AcknowledgeCase,
    c.SnoozeCase,
    c.ReassignCase,
    c.ResolveCase,
    c.AskForHelp,
    c.RaiseRiskFlag,
    c.RecordOutcome,
    c.ReportActivity,
    c.MoveToKit,
    c.AdoptKit,
    c.Reopen,
)


def _repeats(state: JourneyState, command: c.JourneyCommand, at: datetime) -> bool:
    """Whether just this was said before on this day, of what may be said again and again."""
    said = _word(command, at)
    return said is not None and (said in state.said_today or said == state.last_word)


def _word(command: c.JourneyCommand, at: datetime) -> str | None:
    match command:
        case c.CheckIn():
            return word("check_in", command.notes, at)
        case c.RaiseRiskFlag():
            return word(f"flag {command.flag}", command.notes, at)
        case c.AskForHelp():
            return word("help", command.notes, at)
        case c.GiveFeedback():
            return word(f"confidence {command.confidence}", command.notes, at)
        case c.ResetPathway():
            return word("reset", command.reason, at)
        case _:
            return None


def _consequences(
    kit: Kit, state: JourneyState, happened: e.Events, at: datetime, following: "Sequence[_Following]"
) -> list[e.JourneyEvent]:
    """What the kit's rules make of the facts as they are now, without waiting for any clock."""
    if all(isinstance(one, e.ReminderFellDue) for one in happened):
        return []  # it changes nothing that a rule looks at
    after = fold(happened, state)
    if after is None or after.closing:
        return []
    events: list[e.JourneyEvent] = []
    for follows in following:
        for event in follows(kit, state, after, [*happened, *events] if events else happened):
            events.append(event)
            after = evolve(after, event)
    return [*events, *escalating.evaluate(kit, after, happened, at)]


_Following = Callable[[Kit, JourneyState, JourneyState, e.Events], e.Events]
"""What follows from what happened, by the state before it and by the one that has come of it so far."""


def _wrap_up(kit: Kit, _: JourneyState, after: JourneyState, happened: e.Events) -> e.Events:
    return [closing.wrap_up(kit, "all_settled", happened[0].at)] if _is_done(kit, after) else []


_FOLLOWING: Sequence[_Following] = (
    correcting.taken_back,
    correcting.reopened_work,
    _wrap_up,
    cases.handed_on,
    remedies.withdraw,
)
_FOLLOWED_EARLIER: Sequence[_Following] = (_wrap_up, remedies.withdraw)


def _is_done(kit: Kit, state: JourneyState) -> bool:
    if state.pause or state.stage != "sessions":
        return False
    pathway = pathway_of(kit, state)
    has_work = bool(state.sessions or state.milestones)
    return bool(pathway and pathway.ends_when_done and has_work and state.settled)
