"""Rules that come true: what sets them off, and what they do."""

from collections.abc import Iterator
from datetime import datetime
from typing import assert_never

from domain.journey.bases import Events
from domain.journey.between_sessions import ActivitySeen, FeedbackGiven, RiskFlagRaised
from domain.journey.between_sessions import HelpAsked as HelpWasAsked
from domain.journey.cases import CaseOpened, case_id
from domain.journey.duty import effective_owner
from domain.journey.escalations import Escalate, EscalationCommand, Nudged, ReportActivity
from domain.journey.evolve import evolve
from domain.journey.ladders import (
    due_quiet_rungs,
    missed_since,
    misses_from,
    quiet_since,
    runs_of_misses,
    setbacks_of,
    struggling,
)
from domain.journey.remedies import RemediesOffered, can_be_taken, withdrawn
from domain.journey.sessions import AttendanceCorrected, AttendanceRecorded
from domain.journey.state import JourneyState
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
from domain.values import Event

ANY_FLAG = "any"


def decide(kit: Kit, state: JourneyState, command: EscalationCommand, at: datetime) -> Events:
    match command:
        case Escalate():
            return escalate(kit, state, command, at)
        case ReportActivity():
            return report_activity(kit, state, command, at)
        case _:
            assert_never(command)


_Fired = Nudged | CaseOpened | RemediesOffered


def come_true(rule: Escalation, step: int, about: str, state: JourneyState, at: datetime) -> Events:
    """What a rung of a rule's ladder does. Ways on that it offers take the place of those that are offered already."""
    raised = _fired(rule, step, about, state, at)
    if state.remedies and isinstance(raised, RemediesOffered):
        return [withdrawn(state.remedies, "another_offer", at), raised]
    return [raised]


def _fired(rule: Escalation, step: int, about: str, state: JourneyState, at: datetime) -> "_Fired":
    then = rule.ladder[step].then
    match then:
        case Nudge():
            return Nudged(at=at, rule=rule.id, about=about, step=step, to=effective_owner(then.nudge, state))
        case OpenCase():
            return CaseOpened(
                at=at,
                case=case_id(state.cases_opened + 1),
                rule=rule.id,
                about=about,
                step=step,
                severity=then.severity,
                owner=effective_owner(then.open_case, state),
                respond_by=at + then.respond_within,
            )
        case OfferRemedies():
            options = tuple(one for one in then.offer if can_be_taken(one, state))
            if not options:
                return Nudged(at=at, rule=rule.id, about=about, step=step, to="ops")
            return RemediesOffered(
                at=at, rule=rule.id, about=about, step=step, options=options, expires_at=at + then.stands_for
            )
        case _:
            assert_never(then)


def escalate(kit: Kit, state: JourneyState, command: Escalate, at: datetime) -> Events:
    return come_true(kit.escalation(command.escalation), command.step, command.about, state, at)


def report_activity(kit: Kit, state: JourneyState, command: ReportActivity, at: datetime) -> Events:
    """Seen since: the clock counts from there. Not seen: every rung whose time has come is taken."""
    if state.stage != "sessions" or state.pause or state.last_seen_at is None:
        return []
    events: list[Event] = []
    seen = min(command.last_active_at, at) if command.last_active_at else None
    if seen and seen > state.last_seen_at:
        events.append(ActivitySeen(at=at, last_active_at=seen))
        state = evolve(state, events[-1])
    while due := [(rule, step) for rule, step, due_at in due_quiet_rungs(kit, state) if due_at <= at]:
        rule, step = due[0]
        assert state.last_seen_at
        for event in come_true(rule, step, quiet_since(state.last_seen_at), state, at):
            events.append(event)
            state = evolve(state, event)
    return events


def set_off(kit: Kit, state: JourneyState, happened: Events, at: datetime) -> list[Event]:
    """The rules that the facts as they are now set off, without waiting for any clock."""
    events: list[Event] = []
    for rule in kit.rules_at_once:
        for about in _reasons(rule, state, happened, at):
            if not state.has_fired(rule.id, about):
                for event in come_true(rule, 0, about, state, at):
                    events.append(event)
                    state = evolve(state, event)
    return events


def _reasons(rule: Escalation, state: JourneyState, happened: Events, at: datetime) -> Iterator[str]:
    """For what this rule comes true now, each under a name of its own."""
    match rule.when:
        case MissedInARow(sessions_missed_in_a_row=limit):
            corrected = any(isinstance(one, AttendanceCorrected) for one in happened)
            runs = runs_of_misses(state) if corrected else [state.misses_in_a_row]
            yield from (missed_since(run[0]) for run in runs if len(run) >= limit)
        case MissedWithin(sessions_missed=limit, within=within):
            recent = [miss for miss in state.misses if miss.at > at - within]
            if len(recent) >= limit and any(_is_miss(one) for one in happened):
                yield misses_from(recent[0].name)
        case MilestoneSetbacks(milestone_setbacks=limit):
            yield from (setbacks_of(one) for one in struggling(state) if one.setbacks >= limit)
        case RiskFlag(risk_flag=flag):
            raised = [one for one in happened if isinstance(one, RiskFlagRaised)]
            yield from (f"flag:{one.flag}#{state.signs}" for one in raised if flag in (ANY_FLAG, one.flag))
        case HelpAsked():
            yield from (f"help#{state.signs}" for one in happened if isinstance(one, HelpWasAsked))
        case LowConfidence(confidence_below=limit):
            given = [one for one in happened if isinstance(one, FeedbackGiven)]
            yield from (f"confidence#{state.signs}" for one in given if one.confidence < limit)
        case NoActivity() | MentorSilent() | Overdue():
            return
        case _:
            assert_never(rule.when)


def _is_miss(event: Event) -> bool:
    return isinstance(event, AttendanceRecorded | AttendanceCorrected) and event.attendance == "missed_by_learner"
