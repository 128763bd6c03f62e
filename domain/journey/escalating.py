"""Escalations that fire: at once, by the clock, or after a look at activity; and what they do."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial, reduce
from typing import assert_never

from domain.journey.bases import Events
from domain.journey.between_sessions import ActivitySeen
from domain.journey.cases import CaseOpened, case_id
from domain.journey.duties import NamesAwaited
from domain.journey.duty import effective_owner
from domain.journey.escalations import ComparedWithOthers, Escalate, EscalationCommand, Nudged, ReportActivity
from domain.journey.evolve import evolve
from domain.journey.ladders import after_a_check
from domain.journey.remedies import RemediesOffered, can_be_taken, withdraw, withdrawn
from domain.journey.state import JourneyState
from domain.kit import Escalation, Kit, Nudge, OfferRemedies, OpenCase
from domain.values import Event

Fired = Nudged | CaseOpened | RemediesOffered
"""What a step of a ladder does."""


def decide(kit: Kit, state: JourneyState, command: EscalationCommand, at: datetime) -> Events:
    match command:
        case Escalate():
            return _escalate(kit, state, command, at)
        case ReportActivity():
            return _report_activity(kit, state, command, at)
        case _:
            assert_never(command)


def fire(rule: Escalation, step: int, subject: str, state: JourneyState, at: datetime) -> Events:
    """What a step of a rule's ladder does. Remedies that it offers replace those that are offered already."""
    raised = _fired(rule, step, subject, state, at)
    if state.remedies and isinstance(raised, RemediesOffered):
        return [withdrawn(state.remedies, "another_offer", at), raised]
    return [raised]


def _fired(rule: Escalation, step: int, subject: str, state: JourneyState, at: datetime) -> Fired:
    then = rule.ladder[step].then
    match then:
        case Nudge():
            return Nudged(at=at, rule=rule.id, about=subject, step=step, to=effective_owner(then.nudge, state))
        case OpenCase():
            return CaseOpened(
                at=at,
                case=case_id(state.cases_opened + 1),
                rule=rule.id,
                about=subject,
                step=step,
                severity=then.severity,
                owner=effective_owner(then.open_case, state),
                respond_by=at + then.respond_within,
            )
        case OfferRemedies():
            options = tuple(one for one in then.offer if can_be_taken(one, state))
            if not options:
                return Nudged(at=at, rule=rule.id, about=subject, step=step, to="ops")
            return RemediesOffered(
                at=at, rule=rule.id, about=subject, step=step, options=options, expires_at=at + then.stands_for
            )
        case _:
            assert_never(then)


def _escalate(kit: Kit, state: JourneyState, command: Escalate, at: datetime) -> Events:
    return fire(kit.escalation(command.escalation), command.step, command.about, state, at)


def _report_activity(kit: Kit, state: JourneyState, command: ReportActivity, at: datetime) -> Events:
    """Seen since: the clock counts from there. Not seen: every step whose time has come is taken."""
    if state.stage != "sessions" or state.pause or state.last_seen_at is None:
        return []
    events: list[Event] = []
    seen = min(command.last_active_at, at) if command.last_active_at else None
    if seen and seen > state.last_seen_at:
        events.append(ActivitySeen(at=at, last_active_at=seen))
        state = evolve(state, events[-1])
    for compared in _compared(kit, state, command, at):
        events.append(compared)
        state = evolve(state, compared)
    while due := [step for step in after_a_check(kit, state, until=at) if step.at <= at]:
        first = due[0]
        for event in fire(first.rule, first.step, first.subject, state, at):
            events.append(event)
            state = evolve(state, event)
    return events


def _compared(kit: Kit, state: JourneyState, command: ReportActivity, at: datetime) -> Iterator[ComparedWithOthers]:
    """One for each comparison whose time has come, but for rules that have fired for this silence."""
    made: set[str] = set()
    for rule in kit.rules_that_compare:
        deadline, comparison = rule.when.deadline(state, kit.breaks), rule.when.comparison
        if deadline is None or deadline.at > at or comparison is None or comparison in made:
            continue
        if state.has_fired(rule.id, deadline.subject):
            continue
        assert state.quiet_from, "there is a silence"
        made.add(comparison)
        seen_since, look_again_at = rule.when.compared(state.quiet_from, command.others, at)
        yield ComparedWithOthers(
            at=at,
            rule=rule.id,
            comparison=comparison,
            others=command.others.learners if command.others else 0,
            seen_since=seen_since,
            look_again_at=look_again_at,
        )


def evaluate(kit: Kit, state: JourneyState, happened: Events, at: datetime) -> list[Event]:
    """The events of all rules whose condition is met right now, without waiting for any timer."""
    events: list[Event] = []
    for rule in kit.rules_at_once_after(frozenset([one.type for one in happened])):
        for subject in rule.when.subjects(state, happened, at):
            if state.has_fired(rule.id, subject):
                continue
            raised = fire(rule, 0, subject, state, at)
            after = reduce(evolve, raised, state)
            if _offers_in_vain(kit, after, raised):
                continue
            events += raised
            state = after
    return events


def _offers_in_vain(kit: Kit, after: JourneyState, raised: Events) -> bool:
    """Whether remedies are offered for what is over already, as a correction of an earlier session can show. The next
    event would withdraw them."""
    offers = any(isinstance(one, RemediesOffered) for one in raised)
    return offers and bool(withdraw(kit, after, raised, partial(NamesAwaited, after)))
