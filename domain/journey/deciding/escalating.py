"""Escalations that fire: at once, by the clock, or after a look at activity; and what they do."""

from datetime import datetime
from typing import assert_never

from domain.journey import events as e
from domain.journey.commands import Escalate, ReportActivity
from domain.journey.deciding.cases import case_id, there
from domain.journey.deciding.remedies import can_be_taken, withdrawn
from domain.journey.evolve import Raised, evolve
from domain.journey.ladders import after_a_check
from domain.journey.state import JourneyState
from domain.kit import Escalation, Kit, Nudge, OfferRemedies, OpenCase


def fire(rule: Escalation, step: int, subject: str, state: JourneyState, at: datetime) -> e.Events:
    """What a step of a rule's ladder does. Remedies that it offers replace those that are offered already."""
    raised = _raised(rule, step, subject, state, at)
    if state.remedies and isinstance(raised, e.RemediesOffered):
        return [withdrawn(state.remedies, "another_offer", at), raised]
    return [raised]


def _raised(rule: Escalation, step: int, subject: str, state: JourneyState, at: datetime) -> Raised:
    then = rule.ladder[step].then
    match then:
        case Nudge():
            return e.Nudged(at=at, rule=rule.id, about=subject, step=step, to=there(then.nudge, state))
        case OpenCase():
            return e.CaseOpened(
                at=at,
                case=case_id(state.cases_opened + 1),
                rule=rule.id,
                about=subject,
                step=step,
                severity=then.severity,
                owner=there(then.open_case, state),
                respond_by=at + then.respond_within,
            )
        case OfferRemedies():
            options = tuple(one for one in then.offer if can_be_taken(one, state))
            if not options:
                return e.Nudged(at=at, rule=rule.id, about=subject, step=step, to="ops")
            return e.RemediesOffered(
                at=at, rule=rule.id, about=subject, step=step, options=options, expires_at=at + then.stands_for
            )
        case _:
            assert_never(then)


def escalate(kit: Kit, state: JourneyState, command: Escalate, at: datetime) -> e.Events:
    return fire(kit.escalation(command.escalation), command.step, command.about, state, at)


def report_activity(kit: Kit, state: JourneyState, command: ReportActivity, at: datetime) -> e.Events:
    """Seen since: the clock counts from there. Not seen: every step whose time has come is taken."""
    if state.stage != "sessions" or state.pause or state.last_seen_at is None:
        return []
    events: list[e.JourneyEvent] = []
    seen = min(command.last_active_at, at) if command.last_active_at else None
    if seen and seen > state.last_seen_at:
        events.append(e.ActivitySeen(at=at, last_active_at=seen))
        state = evolve(state, events[-1])
    while due := [rung for rung in after_a_check(kit, state) if rung.at <= at]:
        first = due[0]
        for event in fire(first.rule, first.step, first.subject, state, at):
            events.append(event)
            state = evolve(state, event)
    return events


def evaluate(kit: Kit, state: JourneyState, happened: e.Events, at: datetime) -> list[e.JourneyEvent]:
    """What the rules do that the facts as they are now fire, without waiting for any clock."""
    events: list[e.JourneyEvent] = []
    for rule in kit.rules_at_once:
        for subject in rule.when.subjects(state, happened, at):
            if not state.has_fired(rule.id, subject):
                for event in fire(rule, 0, subject, state, at):
                    events.append(event)
                    state = evolve(state, event)
    return events
