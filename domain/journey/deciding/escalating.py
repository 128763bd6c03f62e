"""Rules that come true: what sets them off, what they do, and how people deal with it."""

from collections.abc import Iterator
from datetime import datetime
from typing import assert_never

from domain.ids import CaseId
from domain.journey import events as e
from domain.journey.commands import (
    AcknowledgeCase,
    ChooseRemedy,
    Escalate,
    ReassignCase,
    ReportActivity,
    ResolveCase,
    SnoozeCase,
)
from domain.journey.deciding.closing import paused
from domain.journey.deciding.matching import released
from domain.journey.deciding.planning import started_again
from domain.journey.deciding.refusing import Rejected, known, only_in, within_a_year
from domain.journey.evolve import Raised, evolve
from domain.journey.state import Case, JourneyState, support
from domain.journey.timers import due_quiet_rungs, missed_since, misses_from, quiet_since, setbacks_of
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
    Role,
)

ANY_FLAG = "any"


def come_true(rule: Escalation, step: int, about: str, state: JourneyState, at: datetime) -> Raised:
    """What a rung of a rule's ladder does."""
    then = rule.ladder[step].then
    match then:
        case Nudge():
            return e.Nudged(at=at, rule=rule.id, about=about, step=step, to=_there(then.nudge, state))
        case OpenCase():
            return e.CaseOpened(
                at=at,
                case=case_id(state.cases_opened + 1),
                rule=rule.id,
                about=about,
                step=step,
                severity=then.severity,
                owner=_there(then.open_case, state),
                respond_by=at + then.respond_within,
            )
        case OfferRemedies():
            return e.RemediesOffered(
                at=at, rule=rule.id, about=about, step=step, options=then.offer, expires_at=at + then.stands_for
            )
        case _:
            assert_never(then)


def _there(who: Role, state: JourneyState) -> Role:
    """What is for the mentor is for ops while there is none."""
    return "ops" if who == "mentor" and state.mentor is None else who


def case_id(nth: int) -> CaseId:
    return CaseId(f"case-{nth}")


def escalate(kit: Kit, state: JourneyState, command: Escalate, at: datetime) -> e.Events:
    return [come_true(kit.escalation(command.escalation), command.step, command.about, state, at)]


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
        events.append(come_true(rule, step, quiet_since(state.last_seen_at), state, at))
        state = evolve(state, events[-1])
    return events


def set_off(kit: Kit, state: JourneyState, happened: e.Events, at: datetime) -> list[e.JourneyEvent]:
    """The rules that the facts as they are now set off, without waiting for any clock."""
    events: list[e.JourneyEvent] = []
    for rule in kit.rules_at_once:
        for about in _reasons(rule, state, happened, at):
            if not state.has_fired(rule.id, about):
                events.append(come_true(rule, 0, about, state, at))
                state = evolve(state, events[-1])
    return events


def _reasons(rule: Escalation, state: JourneyState, happened: e.Events, at: datetime) -> Iterator[str]:
    """For what this rule comes true now, each under a name of its own."""
    match rule.when:
        case MissedInARow(sessions_missed_in_a_row=limit):
            if len(state.misses_in_a_row) >= limit:
                yield missed_since(state.misses_in_a_row[0])
        case MissedWithin(sessions_missed=limit, within=within):
            recent = [miss for miss in state.misses if miss.at > at - within]
            if len(recent) >= limit and any(isinstance(one, e.AttendanceRecorded) for one in happened):
                yield misses_from(recent[0].session)
        case MilestoneSetbacks(milestone_setbacks=limit):
            yield from (setbacks_of(one) for one in state.milestones if one.setbacks >= limit)
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


def _open_case(state: JourneyState, case: CaseId) -> Case | None:
    """None for one that was resolved before.

    Raises:
        Rejected: for one that there never was.
    """
    if not state.case(case) and case in {case_id(nth) for nth in range(1, state.cases_opened + 1)}:
        return None
    return known(state.cases, lambda one: one.case, case, "case")


def acknowledge(state: JourneyState, command: AcknowledgeCase, at: datetime) -> e.Events:
    case = _open_case(state, command.case)
    if case is None or case.acknowledged:
        return []
    return [e.CaseAcknowledged(at=at, case=case.case, respond_by=at + case.given)]


def snooze(state: JourneyState, command: SnoozeCase, at: datetime) -> e.Events:
    case = _open_case(state, command.case)
    if case is None or case.snoozed_until == command.until:
        return []
    within_a_year(command.until, at, "the case would rest until a moment")
    return [e.CaseSnoozed(at=at, case=case.case, until=command.until, reason=command.reason)]


def reassign(state: JourneyState, command: ReassignCase, at: datetime) -> e.Events:
    case = _open_case(state, command.case)
    if case is None or case.owner == command.owner:
        return []
    respond_by = at + case.given
    return [e.CaseReassigned(at=at, case=case.case, owner=command.owner, respond_by=respond_by, reason=command.reason)]


def resolve(state: JourneyState, command: ResolveCase, at: datetime) -> e.Events:
    case = _open_case(state, command.case)
    return [e.CaseResolved(at=at, case=case.case, resolution=command.resolution)] if case else []


def choose(kit: Kit, state: JourneyState, command: ChooseRemedy, at: datetime) -> e.Events:
    if state.remedies is None:
        raise Rejected("nothing is offered to choose from")
    if command.remedy and command.remedy not in state.remedies.options:
        raise Rejected(f"{command.remedy!r} is not offered; there are: {', '.join(state.remedies.options)}")
    if command.until and command.remedy != "pause":
        raise Rejected("`until` says how long a pause lasts; leave it out, or choose pause")
    chosen = e.RemedyChosen(at=at, remedy=command.remedy, reason=command.reason)
    return [chosen, *_followed(kit, state, command, at)]


def _followed(kit: Kit, state: JourneyState, command: ChooseRemedy, at: datetime) -> e.Events:
    """What a choice brings about at once."""
    reason = command.reason
    match command.remedy:
        case None:
            return []
        case "extra_support":
            assert state.remedies
            return [_support(state, at)]
        case "other_mentor":
            only_in(state, "sessions")
            return [released(kit, state, reason or "the learner chose another mentor", at)] if state.mentor else []
        case "pause":
            return [paused(kit, reason or "the learner chose to pause", command.until, at)]
        case "reset":
            only_in(state, "sessions")
            return [started_again(kit, state, reason or "the learner chose to start again", at)]
        case _:
            assert_never(command.remedy)


def _support(state: JourneyState, at: datetime) -> e.CaseOpened:
    """A case for the mentor, or where there is none for ops; answered within the time in which the offer stood."""
    offer = state.remedies
    assert offer
    return e.CaseOpened(
        at=at,
        case=case_id(state.cases_opened + 1),
        rule=offer.rule,
        about=support(offer.about),
        step=offer.step,
        severity="warning",
        owner=_there("mentor", state),
        respond_by=at + (offer.expires_at - offer.since),
    )
