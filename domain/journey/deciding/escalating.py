"""Rules that come true: what sets them off, and what they do."""

from collections.abc import Iterator
from datetime import datetime
from typing import assert_never

from domain.journey import events as e
from domain.journey.commands import Escalate, ReportActivity
from domain.journey.deciding.cases import case_id, there
from domain.journey.deciding.remedies import can_be_taken, withdrawn
from domain.journey.evolve import Raised, evolve
from domain.journey.state import JourneyState
from domain.journey.timers import (
    due_quiet_rungs,
    missed_since,
    misses_from,
    quiet_since,
    runs_of_misses,
    setbacks_of,
    struggling,
)
from domain.kit import (
    Escalation,
    HelpAsked,
    Kit,
    LowConfidence,
    MentorSilent,
    MilestoneSetbacks,
    MissedInARow,
    MissedWithin,
    NoActivity,
    Nudge,
    OfferRemedies,
    OpenCase,
    Overdue,
    RiskFlag,
)

ANY_FLAG = "any"


def come_true(rule: Escalation, step: int, about: str, state: JourneyState, at: datetime) -> e.Events:
    """What a rung of a rule's ladder does. Ways on that it offers take the place of those that are offered already."""
    raised = _raised(rule, step, about, state, at)
    if state.remedies and isinstance(raised, e.RemediesOffered):
        return [withdrawn(state.remedies, "another_offer", at), raised]
    return [raised]


def _raised(rule: Escalation, step: int, about: str, state: JourneyState, at: datetime) -> Raised:
    then = rule.ladder[step].then
    match then:
        case Nudge():
            return e.Nudged(at=at, rule=rule.id, about=about, step=step, to=there(then.nudge, state))
        case OpenCase():
            return e.CaseOpened(
                at=at,
                case=case_id(state.cases_opened + 1),
                rule=rule.id,
                about=about,
                step=step,
                severity=then.severity,
                owner=there(then.open_case, state),
                respond_by=at + then.respond_within,
            )
        case OfferRemedies():
            options = tuple(one for one in then.offer if can_be_taken(one, state))
            if not options:
                return e.Nudged(at=at, rule=rule.id, about=about, step=step, to="ops")
            return e.RemediesOffered(
                at=at, rule=rule.id, about=about, step=step, options=options, expires_at=at + then.stands_for
            )
        case _:
            assert_never(then)


def escalate(kit: Kit, state: JourneyState, command: Escalate, at: datetime) -> e.Events:
    return come_true(kit.escalation(command.escalation), command.step, command.about, state, at)


def report_activity(kit: Kit, state: JourneyState, command: ReportActivity, at: datetime) -> e.Events:
    """Seen since: the clock counts from there. Not seen: every rung whose time has come is taken."""
    if state.stage != "sessions" or state.pause or state.last_seen_at is None:
        return []
    events: list[e.JourneyEvent] = []
    seen = min(command.last_active_at, at) if command.last_active_at else None
    if seen and seen > state.last_seen_at:
        events.append(e.ActivitySeen(at=at, last_active_at=seen))
        state = evolve(state, events[-1])
    while due := [(rule, step) for rule, step, due_at in due_quiet_rungs(kit, state) if due_at <= at]:
        rule, step = due[0]
        assert state.last_seen_at
        for event in come_true(rule, step, quiet_since(state.last_seen_at), state, at):
            events.append(event)
            state = evolve(state, event)
    return events


def set_off(kit: Kit, state: JourneyState, happened: e.Events, at: datetime) -> list[e.JourneyEvent]:
    """The rules that the facts as they are now set off, without waiting for any clock."""
    events: list[e.JourneyEvent] = []
    for rule in kit.rules_at_once:
        for about in _reasons(rule, state, happened, at):
            if not state.has_fired(rule.id, about):
                for event in come_true(rule, 0, about, state, at):
                    events.append(event)
                    state = evolve(state, event)
    return events


def _reasons(rule: Escalation, state: JourneyState, happened: e.Events, at: datetime) -> Iterator[str]:
    """For what this rule comes true now, each under a name of its own."""
    match rule.when:
        case MissedInARow(sessions_missed_in_a_row=limit):
            corrected = any(isinstance(one, e.AttendanceCorrected) for one in happened)
            runs = runs_of_misses(state) if corrected else [state.misses_in_a_row]
            yield from (missed_since(run[0]) for run in runs if len(run) >= limit)
        case MissedWithin(sessions_missed=limit, within=within):
            recent = [miss for miss in state.misses if miss.at > at - within]
            if len(recent) >= limit and any(_is_miss(one) for one in happened):
                yield misses_from(recent[0].name)
        case MilestoneSetbacks(milestone_setbacks=limit):
            yield from (setbacks_of(one) for one in struggling(state) if one.setbacks >= limit)
        case RiskFlag(risk_flag=flag):
            raised = [one for one in happened if isinstance(one, e.RiskFlagRaised)]
            yield from (f"flag:{one.flag}#{state.signs}" for one in raised if flag in (ANY_FLAG, one.flag))
        case HelpAsked():
            yield from (f"help#{state.signs}" for one in happened if isinstance(one, e.HelpAsked))
        case LowConfidence(confidence_below=limit):
            given = [one for one in happened if isinstance(one, e.FeedbackGiven)]
            yield from (f"confidence#{state.signs}" for one in given if one.confidence < limit)
        case NoActivity() | MentorSilent() | Overdue():
            return
        case _:
            assert_never(rule.when)


def _is_miss(event: e.JourneyEvent) -> bool:
    return isinstance(event, e.AttendanceRecorded | e.AttendanceCorrected) and event.attendance == "missed_by_learner"
