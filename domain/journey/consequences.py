"""What the kit's rules make of the facts: escalations, and the wrap-up when all is settled."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, assert_never

from domain.ids import CaseId
from domain.journey.commands import ReportActivity
from domain.journey.events import (
    ActivitySeen,
    AttendanceRecorded,
    CaseOpened,
    JourneyEvent,
    MilestoneReviewed,
    Nudged,
    WrapUpStarted,
)
from domain.journey.outlook import due_quiet_rules, pathway_of, quiet_since
from domain.journey.state import JourneyState, evolve, fold
from domain.kit import Escalation, Kit, MissedInARow, Nudge, OpenCase


def consequences(
    kit: Kit, before: JourneyState, events: Sequence[JourneyEvent], at: datetime
) -> Sequence[JourneyEvent]:
    """What the kit's rules make of new facts at once, without waiting for any clock. Only verdicts set them off."""
    if before.stage != "sessions" or not any(isinstance(event, _VERDICTS) for event in events):
        return []
    state = fold(events, before)
    assert state, "a journey that was there does not go away"
    more = _missed_in_a_row(kit, state, at)
    pathway = pathway_of(kit, state)
    if pathway and pathway.ends_when_done and state.settled:
        more.append(wrap_up(kit, "all_settled", at))
    return more


_VERDICTS = (AttendanceRecorded, MilestoneReviewed)


def _missed_in_a_row(kit: Kit, state: JourneyState, at: datetime) -> list[JourneyEvent]:
    if not state.misses_in_a_row:
        return []
    about = f"missed-since:{state.misses_in_a_row[0]}"
    events: list[JourneyEvent] = []
    for rule in kit.escalations:
        match rule.when:
            case MissedInARow(sessions_missed_in_a_row=limit) if len(state.misses_in_a_row) >= limit:
                if not state.has_fired(rule.id, about):
                    events.append(escalate(rule, about, state.cases_opened + 1, at))
                    state = evolve(state, events[-1])
            case _:
                continue
    return events


def report_activity(kit: Kit, state: JourneyState, command: ReportActivity, at: datetime) -> Sequence[JourneyEvent]:
    """Seen since: the clock counts from there. Not seen: every rule whose time has come, comes true."""
    if state.stage != "sessions" or state.pause or state.last_seen_at is None:
        return []
    events: list[JourneyEvent] = []
    seen = min(command.last_active_at, at) if command.last_active_at else None
    if seen and seen > state.last_seen_at:
        events.append(ActivitySeen(at=at, last_active_at=seen))
        state = evolve(state, events[-1])
    for rule, due_at in due_quiet_rules(kit, state):
        if due_at <= at and state.last_seen_at:
            events.append(escalate(rule, quiet_since(state.last_seen_at), state.cases_opened + 1, at))
            state = evolve(state, events[-1])
    return events


def escalate(rule: Escalation, about: str, nth: int, at: datetime) -> JourneyEvent:
    match rule.then:
        case Nudge():
            return Nudged(at=at, rule=rule.id, about=about, to=rule.then.nudge)
        case OpenCase():
            return CaseOpened(
                at=at,
                case=case_id(nth),
                rule=rule.id,
                about=about,
                severity=rule.then.severity,
                owner=rule.then.open_case,
                respond_by=at + rule.then.respond_within,
            )
        case _:
            assert_never(rule.then)


def case_id(nth: int) -> CaseId:
    return CaseId(f"case-{nth}")


def wrap_up(kit: Kit, reason: Literal["all_settled", "pathway_ended"], at: datetime) -> WrapUpStarted:
    return WrapUpStarted(at=at, reason=reason, due_at=at + kit.service_levels.wrap_up)
