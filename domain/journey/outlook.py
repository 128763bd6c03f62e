"""What comes next on a journey: whom it waits for, every timer with its rule, and what to do now.

All of it is told from the kit and the state alone, so that a journey taken up again after any loss goes on as before.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from operator import itemgetter
from typing import NamedTuple, assert_never, overload

from pydantic import AwareDatetime

from domain.journey.commands import (
    ClockCommand,
    CloseAtEnd,
    EndPathway,
    Escalate,
    GiveUpIntake,
    JourneyCommand,
    MissDeadline,
    Remind,
    Resume,
)
from domain.journey.events import Ending, Role
from domain.journey.state import Case, JourneyState, MilestoneStanding, SessionStanding, StageDuty, StageWait, fired_key
from domain.kit import Duty, Escalation, Kit, Pathway, Severity

_MOMENT_AND_RULE = itemgetter(0, 1)
_RANK: dict[Severity, int] = {"notice": 1, "warning": 2, "critical": 3}


@dataclass(frozen=True, slots=True)
class Awaited:
    """Something that somebody is to do. Late after `due_at`, by the rule that says so."""

    duty: Duty
    about: str
    """Names this duty and no other of the journey: `milestone:cv#2` is the second attempt at the milestone `cv`."""
    who: Role
    since: AwareDatetime
    due_at: AwareDatetime
    rule: str


@dataclass(frozen=True, slots=True)
class CheckActivity:
    """An effect: find out when the learner was last active, and report it back with `ReportActivity`."""


@dataclass(frozen=True, slots=True)
class Timer:
    """At `at`, `rule` makes this happen, unless what it waits for happens first."""

    at: AwareDatetime
    rule: str
    """The place in the kit that says so, such as `escalations.gone-quiet`."""
    label: str
    """In words, without personal data."""
    then: ClockCommand | CheckActivity
    stopped_by: Role
    """Who can make it unnecessary."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do but wait for a command or for the earliest of the timers; at least one of the two can come."""

    awaited: tuple[Awaited, ...]
    timers: Sequence[Timer]
    """Earliest first."""


@dataclass(frozen=True, slots=True)
class Finish:
    ending: Ending


def next_action(kit: Kit, state: JourneyState) -> Wait | Finish:
    """What a journey does now. The kit must be the one that the journey is pinned to."""
    if state.closing:
        return Finish(ending=state.closing.ending)
    duties = _duties(state)
    return Wait(awaited=_by_due_date(duties), timers=Timers(_plan(kit, state, duties)))


def timers(kit: Kit, state: JourneyState) -> "Timers":
    """Everything that happens by itself unless something else comes first, the earliest first."""
    return Timers(() if state.closing else _plan(kit, state, _duties(state)))


def is_due(kit: Kit, state: JourneyState, command: JourneyCommand, at: datetime) -> bool:
    """Whether a timer stands for this command and its moment has come. One stopped meanwhile has lost its point."""
    planned = () if state.closing else _plan(kit, state, _duties(state))
    return any(one.at <= at and one.make().then == command for one in planned)


class Planned(NamedTuple):
    """A timer that is made in full only when somebody looks at it: mostly that is the first one alone."""

    at: datetime
    rule: str
    make: Callable[[], Timer]


class Timers(Sequence[Timer]):
    """Timers, the earliest first."""

    __slots__ = ("_planned",)

    def __init__(self, planned: Iterable[Planned]) -> None:
        self._planned = sorted(planned, key=_MOMENT_AND_RULE)

    def __len__(self) -> int:
        return len(self._planned)

    @overload
    def __getitem__(self, place: int) -> Timer: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Timer, ...]: ...
    def __getitem__(self, place: int | slice) -> Timer | tuple[Timer, ...]:
        if isinstance(place, slice):
            return tuple(one.make() for one in self._planned[place])
        return self._planned[place].make()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


def attention(state: JourneyState) -> Severity | None:
    """The gravest of the open cases; None when there are none."""
    return max((case.severity for case in state.cases), key=_RANK.__getitem__, default=None)


def awaited(state: JourneyState) -> tuple[Awaited, ...]:
    """Everything that somebody is awaited to do, the earliest due first. A paused journey awaits nobody."""
    return _by_due_date(_duties(state))


def _by_due_date(duties: "Sequence[tuple[Awaited, Subject]]") -> tuple[Awaited, ...]:
    return tuple(sorted((wait for wait, _ in duties), key=lambda one: (one.due_at, one.about)))


Subject = StageWait | SessionStanding | MilestoneStanding | Case
"""What a duty is about."""


def _duties(state: JourneyState) -> list[tuple[Awaited, Subject]]:
    return [] if state.closing or state.pause else list(_awaited(state))


def _awaited(state: JourneyState) -> Iterator[tuple[Awaited, Subject]]:
    if state.wait:
        yield _stage(state.wait), state.wait
    for session in state.sessions:
        if not session.attendance:
            yield _attendance(session), session
    for milestone in state.milestones:
        if milestone.status == "open":
            yield _work(state, milestone), milestone
        elif milestone.status == "submitted":
            yield _review(milestone), milestone
    for case in state.cases:
        yield _case(case), case


def _stage(wait: StageWait) -> Awaited:
    return Awaited(
        duty=wait.duty,
        about=f"{wait.duty}#{wait.turn}",
        who="learner" if wait.duty == "intake" else "ops",
        since=wait.since,
        due_at=wait.due_at,
        rule=_stage_rule(wait.duty),
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


def _work(state: JourneyState, one: MilestoneStanding) -> Awaited:
    return Awaited(
        duty="milestone",
        about=f"milestone:{one.milestone}#{one.attempt}",
        who="learner",
        since=one.since,
        due_at=one.due_at,
        rule=f"pathways.{state.pathway}.milestones.{one.milestone}.due",
    )


def _review(one: MilestoneStanding) -> Awaited:
    assert one.submitted_at, "work is reviewed after it was handed in"
    assert one.review_due_at
    return Awaited(
        duty="milestone_review",
        about=f"review:{one.milestone}#{one.attempt}",
        who="mentor",
        since=one.submitted_at,
        due_at=one.review_due_at,
        rule="service_levels.milestone_review",
    )


def _case(one: Case) -> Awaited:
    return Awaited(
        duty="case",
        about=f"case:{one.case}",
        who=one.owner,
        since=one.opened_at,
        due_at=one.respond_by,
        rule=f"escalations.{one.rule}.then.respond_within",
    )


def _plan(kit: Kit, state: JourneyState, duties: Sequence[tuple[Awaited, Subject]]) -> Iterator[Planned]:
    if state.pause:
        yield _deadline(state.pause.until, "pausing.limit", "the pause ends", Resume(by="system"), "ops")
        return
    pathway = pathway_of(kit, state)
    fired = frozenset(state.fired)
    for wait, subject in duties:
        for rule, at in _reminders(kit, pathway, wait, subject):
            if at > wait.since and fired_key(rule, wait.about) not in fired:
                yield Planned(at, rule, partial(_reminder, rule, at, wait, pathway, subject))
        if not (isinstance(subject, Case) and _is_last_resort(subject)):
            for escalation, by in kit.rules_of_overdue.get(wait.duty, ()):
                if fired_key(escalation.id, wait.about) not in fired:
                    at = wait.due_at + by
                    make = partial(_escalation, escalation, at, wait, pathway, subject)
                    yield Planned(at, f"escalations.{escalation.id}", make)
    yield from _deadlines(state, pathway)
    if state.stage == "sessions":
        yield from _quiet(kit, state)


def pathway_of(kit: Kit, state: JourneyState) -> Pathway | None:
    return kit.pathway(state.pathway) if state.pathway else None


def _reminders(kit: Kit, pathway: Pathway | None, wait: Awaited, subject: Subject) -> Iterator[tuple[str, datetime]]:
    """The reminders of the kit for this duty. Those of the intake count back from its end, which a pause moves."""
    if isinstance(subject, StageWait):
        if subject.duty == "intake":
            for nth, after in enumerate(kit.intake.reminders):
                yield f"intake.reminders.{nth}", wait.due_at - kit.intake.within + after
    elif isinstance(subject, SessionStanding) and pathway:
        for rule, before in pathway.reminders_of_session(subject.session):
            yield rule, subject.starts_at - before
    elif isinstance(subject, MilestoneStanding) and pathway and subject.status == "open" and not subject.missed:
        for rule, before in pathway.reminders_of_milestone(subject.milestone):
            yield rule, subject.due_at - before


def _in_words(pathway: Pathway | None, subject: Subject) -> str:
    """What a duty is about, under the titles that the kit gives."""
    match subject:
        case StageWait():
            return subject.duty.replace("_", " ")
        case SessionStanding():
            return f"session {pathway.session(subject.session).title if pathway else subject.session}"
        case MilestoneStanding():
            title = pathway.milestone(subject.milestone).title if pathway else subject.milestone
            again = f", attempt {subject.attempt}" if subject.attempt > 1 else ""
            return f"{'review of ' if subject.status == 'submitted' else ''}milestone {title}{again}"
        case Case():
            return subject.case.replace("-", " ")
        case _:
            assert_never(subject)


def _reminder(rule: str, at: datetime, wait: Awaited, pathway: Pathway | None, subject: Subject) -> Timer:
    return Timer(
        at=at,
        rule=rule,
        label=f"remind the learner: {_in_words(pathway, subject)}",
        then=Remind(rule=rule, about=wait.about, duty=wait.duty, to="learner"),
        stopped_by=wait.who,
    )


def _is_last_resort(case: Case) -> bool:
    """Whether this is a case about an unanswered case. It is not escalated again, or cases would breed for ever."""
    return case.about.startswith("case:")


def _escalation(
    escalation: Escalation, at: datetime, wait: Awaited, pathway: Pathway | None, subject: Subject
) -> Timer:
    return Timer(
        at=at,
        rule=f"escalations.{escalation.id}",
        label=f"escalate: {escalation.title} ({_in_words(pathway, subject)})",
        then=Escalate(escalation=escalation.id, about=wait.about),
        stopped_by=wait.who,
    )


def _deadlines(state: JourneyState, pathway: Pathway | None) -> Iterator[Planned]:
    match state.stage:
        case "intake" if state.wait and state.wait.duty == "intake":
            yield _deadline(state.wait.due_at, "intake.within", "give the intake up", GiveUpIntake(), "learner")
        case "sessions" if state.ends_at:
            for one in state.milestones:
                if one.status == "open" and not one.missed:
                    rule = f"pathways.{state.pathway}.milestones.{one.milestone}.due"
                    label = f"deadline of {_in_words(pathway, one)}"
                    yield _deadline(one.due_at, rule, label, MissDeadline(milestone=one.milestone), "learner")
            yield _deadline(state.ends_at, f"pathways.{state.pathway}.ends", "the pathway ends", EndPathway(), "ops")
        case "wrap_up" if state.wait:
            yield _deadline(state.wait.due_at, "service_levels.wrap_up", "close the journey", CloseAtEnd(), "ops")
        case _:
            return


def _deadline(at: datetime, rule: str, label: str, then: ClockCommand | CheckActivity, stopped_by: Role) -> Planned:
    def make() -> Timer:
        return Timer(at=at, rule=rule, label=label, then=then, stopped_by=stopped_by)

    return Planned(at, rule, make)


def _quiet(kit: Kit, state: JourneyState) -> Iterator[Planned]:
    """One check for the next rule of inactivity that has not come true in this quiet spell."""
    for rule, at in due_quiet_rules(kit, state)[:1]:
        yield _deadline(at, f"escalations.{rule.id}", f"check activity: {rule.title}", CheckActivity(), "learner")


def due_quiet_rules(kit: Kit, state: JourneyState) -> Sequence[tuple[Escalation, datetime]]:
    """The inactivity rules yet to come true since the learner was last seen, with the moment of each, in that order."""
    if state.last_seen_at is None or state.quiet_from is None:
        return ()
    spell = quiet_since(state.last_seen_at)
    return [
        (rule, state.quiet_from + quiet) for rule, quiet in kit.rules_of_quiet if not state.has_fired(rule.id, spell)
    ]


def quiet_since(last_seen_at: datetime) -> str:
    return f"quiet-since:{last_seen_at.isoformat()[:16]}"  # to the minute


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
