"""What comes next on a journey: whom it waits for, every timer with its rule, and what to do now.

All of it is told from the kit and the state alone, so that a journey taken up again after any loss goes on as before.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import assert_never

from pydantic import AwareDatetime

from domain.journey.commands import (
    ClockCommand,
    CloseAtEnd,
    EndPathway,
    Escalate,
    GiveUpIntake,
    MissDeadline,
    Remind,
    Resume,
)
from domain.journey.events import Ending, Role
from domain.journey.state import JourneyState, MilestoneStanding, SessionStanding, StageDuty
from domain.kit import Duty, Escalation, Kit, NoActivity, Overdue, Severity
from domain.values import Frozen

_RANK: dict[Severity, int] = {"notice": 1, "warning": 2, "critical": 3}


class Awaited(Frozen):
    """Something that somebody is to do. Late after `due_at`, by the rule that says so."""

    duty: Duty
    about: str
    """Names this duty and no other of the journey: `milestone:cv#2` is the second attempt at the milestone `cv`."""
    who: Role
    since: AwareDatetime
    due_at: AwareDatetime
    rule: str


class CheckActivity(Frozen):
    """An effect: find out when the learner was last active, and report it back with `ReportActivity`."""


class Timer(Frozen):
    """At `at`, `rule` makes this happen, unless what it waits for happens first."""

    at: AwareDatetime
    rule: str
    """The place in the kit that says so, such as `escalations.gone-quiet`."""
    label: str
    """In words, without personal data."""
    then: ClockCommand | CheckActivity
    stopped_by: Role
    """Who can make it unnecessary."""


class Wait(Frozen):
    """Nothing to do but wait for a command or for the earliest of the timers; at least one of the two can come."""

    awaited: tuple[Awaited, ...]
    timers: tuple[Timer, ...]
    """Earliest first."""


class Finish(Frozen):
    ending: Ending


def next_action(kit: Kit, state: JourneyState) -> Wait | Finish:
    """What a journey does now. The kit must be the one that the journey is pinned to."""
    if state.closing:
        return Finish(ending=state.closing.ending)
    return Wait(awaited=awaited(state), timers=timers(kit, state))


def timers(kit: Kit, state: JourneyState) -> tuple[Timer, ...]:
    """Everything that happens by itself unless something else comes first, the earliest first."""
    if state.closing:
        return ()
    return tuple(sorted(_timers(kit, state, awaited(state)), key=lambda one: (one.at, one.rule)))


def attention(state: JourneyState) -> Severity | None:
    """The gravest of the open cases; None when there are none."""
    return max((case.severity for case in state.cases), key=_RANK.__getitem__, default=None)


def awaited(state: JourneyState) -> tuple[Awaited, ...]:
    """Everything that somebody is awaited to do, the earliest due first. A paused journey awaits nobody."""
    if state.closing or state.pause:
        return ()
    return tuple(sorted(_awaited(state), key=lambda one: (one.due_at, one.about)))


def _awaited(state: JourneyState) -> Iterator[Awaited]:
    if state.wait:
        duty = state.wait.duty
        yield Awaited(
            duty=duty,
            about=f"{duty}#{state.wait.turn}",
            who="learner" if duty == "intake" else "ops",
            since=state.wait.since,
            due_at=state.wait.due_at,
            rule=_stage_rule(duty),
        )
    for session in state.sessions:
        if not session.attendance:
            yield _attendance(session)
    for milestone in state.milestones:
        yield from _milestone(state, milestone)
    for case in state.cases:
        yield Awaited(
            duty="case",
            about=f"case:{case.case}",
            who=case.owner,
            since=case.opened_at,
            due_at=case.respond_by,
            rule=f"escalations.{case.rule}.then.respond_within",
        )


def _stage_rule(duty: StageDuty) -> str:
    return "intake.within" if duty == "intake" else f"service_levels.{duty}"


def _attendance(session: SessionStanding) -> Awaited:
    return Awaited(
        duty="attendance",
        about=f"session:{session.session}#{session.turn}",
        who="mentor",
        since=session.planned_at,
        due_at=session.attendance_due_at,
        rule="service_levels.attendance",
    )


def _milestone(state: JourneyState, one: MilestoneStanding) -> Iterator[Awaited]:
    if one.status == "open":
        yield Awaited(
            duty="milestone",
            about=f"milestone:{one.milestone}#{one.attempt}",
            who="learner",
            since=one.since,
            due_at=one.due_at,
            rule=f"pathways.{state.pathway}.milestones.{one.milestone}.due",
        )
    elif one.status == "submitted" and one.submitted_at and one.review_due_at:
        yield Awaited(
            duty="milestone_review",
            about=f"review:{one.milestone}#{one.attempt}",
            who="mentor",
            since=one.submitted_at,
            due_at=one.review_due_at,
            rule="service_levels.milestone_review",
        )


def _timers(kit: Kit, state: JourneyState, waits: tuple[Awaited, ...]) -> Iterator[Timer]:
    if state.pause:
        yield Timer(
            at=state.pause.until,
            rule="pausing.limit",
            label="the pause ends",
            then=Resume(by="system"),
            stopped_by="ops",
        )
        return
    for wait in waits:
        yield from _reminders(kit, state, wait)
        yield from _overdue(kit, state, wait)
    yield from _deadlines(state)
    if state.stage == "sessions":
        yield from _quiet(kit, state)


def _reminders(kit: Kit, state: JourneyState, wait: Awaited) -> Iterator[Timer]:
    for rule, at in _reminder_plan(kit, state, wait):
        if at > wait.since and not state.has_fired(rule, wait.about):
            yield Timer(
                at=at,
                rule=rule,
                label=f"remind the learner: {wait.about}",
                then=Remind(rule=rule, about=wait.about, duty=wait.duty, to="learner"),
                stopped_by=wait.who,
            )


def _reminder_plan(kit: Kit, state: JourneyState, wait: Awaited) -> Iterator[tuple[str, datetime]]:
    """The reminders of the kit for this duty. Counted back from the due date, which a pause moves."""
    match wait.duty:
        case "intake":
            for nth, after in enumerate(kit.intake.reminders):
                yield f"intake.reminders.{nth}", wait.due_at - kit.intake.within + after
        case "attendance" if state.pathway and (standing := _session_of(state, wait)):
            plan = kit.session(state.pathway, standing.session)
            for nth, before in enumerate(plan.reminders):
                rule = f"pathways.{state.pathway}.sessions.{plan.id}.reminders.{nth}"
                yield rule, standing.starts_at - before
        case "milestone" if state.pathway and (found := _milestone_of(state, wait)) and not found.missed:
            goal = kit.milestone(state.pathway, found.milestone)
            for nth, before in enumerate(goal.reminders):
                rule = f"pathways.{state.pathway}.milestones.{goal.id}.reminders.{nth}"
                yield rule, wait.due_at - before
        case _:
            return


def _session_of(state: JourneyState, wait: Awaited) -> SessionStanding | None:
    return next((one for one in state.sessions if wait.about == f"session:{one.session}#{one.turn}"), None)


def _milestone_of(state: JourneyState, wait: Awaited) -> MilestoneStanding | None:
    return next((one for one in state.milestones if wait.about == f"milestone:{one.milestone}#{one.attempt}"), None)


def _overdue(kit: Kit, state: JourneyState, wait: Awaited) -> Iterator[Timer]:
    if _is_last_resort(state, wait):
        return
    for rule in kit.escalations:
        match rule.when:
            case Overdue(overdue=wait.duty, by=by) if not state.has_fired(rule.id, wait.about):
                yield _escalation(rule, wait.due_at + by, wait)
            case _:
                continue


def _is_last_resort(state: JourneyState, wait: Awaited) -> bool:
    """Whether this is a case about an unanswered case. It is not escalated again, or cases would breed for ever."""
    case = next((one for one in state.cases if wait.about == f"case:{one.case}"), None)
    return case is not None and case.about.startswith("case:")


def _escalation(rule: Escalation, at: datetime, wait: Awaited) -> Timer:
    return Timer(
        at=at,
        rule=f"escalations.{rule.id}",
        label=f"escalate: {rule.title} ({wait.about})",
        then=Escalate(escalation=rule.id, about=wait.about),
        stopped_by=wait.who,
    )


def _deadlines(state: JourneyState) -> Iterator[Timer]:
    match state.stage:
        case "intake" if state.wait and state.wait.duty == "intake":
            yield _deadline(state.wait.due_at, "intake.within", "give the intake up", GiveUpIntake(), "learner")
        case "sessions" if state.ends_at:
            for one in state.milestones:
                if one.status == "open" and not one.missed:
                    rule = f"pathways.{state.pathway}.milestones.{one.milestone}.due"
                    label = f"deadline of milestone {one.milestone}"
                    yield _deadline(one.due_at, rule, label, MissDeadline(milestone=one.milestone), "learner")
            yield _deadline(state.ends_at, f"pathways.{state.pathway}.ends", "the pathway ends", EndPathway(), "ops")
        case "wrap_up" if state.wait:
            yield _deadline(state.wait.due_at, "service_levels.wrap_up", "close the journey", CloseAtEnd(), "ops")
        case _:
            return


def _deadline(at: datetime, rule: str, label: str, then: ClockCommand, stopped_by: Role) -> Timer:
    return Timer(at=at, rule=rule, label=label, then=then, stopped_by=stopped_by)


def _quiet(kit: Kit, state: JourneyState) -> Iterator[Timer]:
    """One check for the next rule of inactivity that has not come true in this quiet spell."""
    for rule, at in due_quiet_rules(kit, state):
        yield Timer(
            at=at,
            rule=f"escalations.{rule.id}",
            label=f"check activity: {rule.title}",
            then=CheckActivity(),
            stopped_by="learner",
        )
        return


def due_quiet_rules(kit: Kit, state: JourneyState) -> list[tuple[Escalation, datetime]]:
    """The inactivity rules yet to come true since the learner was last seen, with the moment of each, in that order."""
    if state.last_seen_at is None or state.quiet_from is None:
        return []
    ahead = [
        (rule, state.quiet_from + rule.when.no_activity_for)
        for rule in kit.escalations
        if isinstance(rule.when, NoActivity) and not state.has_fired(rule.id, quiet_since(state.last_seen_at))
    ]
    return sorted(ahead, key=lambda one: one[1])


def quiet_since(last_seen_at: datetime) -> str:
    return f"quiet-since:{last_seen_at:%Y-%m-%dT%H:%M}"


def say(then: ClockCommand | CheckActivity) -> str:
    """What a timer does, in words."""
    match then:
        case Remind():
            return f"a reminder to the {then.to}"
        case Escalate():
            return f"the escalation {then.escalation}"
        case MissDeadline():
            return f"milestone {then.milestone} counts as missed"
        case GiveUpIntake():
            return "the intake counts as abandoned"
        case EndPathway():
            return "the wrap-up begins"
        case CloseAtEnd():
            return "the journey closes"
        case Resume():
            return "the journey resumes"
        case CheckActivity():
            return "a look at the learner's activity"
        case _:
            assert_never(then)
