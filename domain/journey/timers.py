"""What comes next on a journey by itself: every timer with its rule.

All of it is told from the kit and the state alone, so that a journey taken up again after any loss goes on as before.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any, assert_never, overload

from domain.journey import ladders
from domain.journey.commands import (
    ClockCommand,
    CloseAtEnd,
    EndPathway,
    Escalate,
    ExpireOffer,
    ExpireRemedies,
    GiveUpIntake,
    JourneyCommand,
    MissDeadline,
    Remind,
    Resume,
)
from domain.journey.events import Ending
from domain.journey.outlook import Awaited, Subject, by_due_date, duties, pathway_of, rung_of
from domain.journey.state import (
    ActionItemStanding,
    Case,
    CheckInWait,
    JourneyState,
    MilestoneStanding,
    Offer,
    RemedyOffer,
    SessionStanding,
    StageWait,
    fired_key,
)
from domain.kit import Duty, Escalation, Kit, Pathway, Role

_MOMENT_AND_RULE = itemgetter(0, 1, 2)


@dataclass(frozen=True, slots=True)
class CheckActivity:
    """An effect: find out when the learner was last active, and report it back with `ReportActivity`."""


@dataclass(frozen=True, slots=True)
class Timer:
    """At `at`, `rule` makes this happen, unless what it waits for happens first."""

    at: datetime
    rule: str
    """The place in the kit that says so, such as `escalations.gone-quiet`."""
    label: str
    """In words, without personal data."""
    then: ClockCommand | CheckActivity
    stopped_by: Role
    """Who can make it unnecessary."""


Planned = tuple[datetime, bool, str, Callable[..., Timer], tuple[Any, ...]]
"""A timer that is made in full only when somebody looks at it, for mostly that is the first one alone: its moment,
whether the others of that moment come first, its rule, and what makes it of what."""


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
            return tuple(_made(one) for one in self._planned[place])
        return _made(self._planned[place])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


def _made(planned: Planned) -> Timer:
    *_, make, of = planned
    return make(*of)


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
    waits = duties(state)
    return Wait(awaited=by_due_date(waits), timers=Timers(_plan(kit, state, waits)))


def timers(kit: Kit, state: JourneyState) -> Timers:
    """Everything that happens by itself unless something else comes first, the earliest first."""
    return Timers(() if state.closing else _plan(kit, state, duties(state)))


def is_due(kit: Kit, state: JourneyState, command: JourneyCommand, at: datetime) -> bool:
    """Whether a timer stands for this command and its moment has come. One stopped meanwhile has lost its point."""
    if state.closing:
        return False
    about = command.about if isinstance(command, Remind | Escalate) else None
    waits = [one for one in duties(state) if one[0].about == about] if about else []
    return any(one[0] <= at and _made(one).then == command for one in _plan(kit, state, waits))


def _plan(kit: Kit, state: JourneyState, waits: Sequence[tuple[Awaited, Subject]]) -> Iterator[Planned]:
    if state.pause:
        yield _deadline(state.pause.until, "pausing.limit", "the pause ends", Resume(by="system"), "ops")
        return
    pathway = pathway_of(kit, state)
    yield from _of_duties(kit, state, pathway, waits)
    if state.offer:
        yield from _of_offer(kit, state, state.offer)
    yield from _deadlines(state, pathway)
    if state.ladders:
        yield from _further_steps(kit, state, frozenset(wait.about for wait, _ in waits))
    if state.stage == "sessions":
        yield from _checks(kit, state)
    yield from _first_steps(kit, state)


# Reminders and late duties


def _of_duties(
    kit: Kit, state: JourneyState, pathway: Pathway | None, waits: Sequence[tuple[Awaited, Subject]]
) -> Iterator[Planned]:
    fired = frozenset(state.fired)
    rules_of_overdue = kit.rules_of_overdue
    for wait, subject in waits:
        if wait.duty in _REMINDED:
            for rule, at in _reminders(kit, pathway, wait, subject):
                if at > wait.since and fired_key(rule, wait.about) not in fired:
                    yield at, False, rule, _reminder, (rule, at, wait, pathway, subject)
        rules = rules_of_overdue.get(wait.duty, ())
        if rules and (wait.duty not in _APART or _is_escalated(subject)):
            for escalation, by in rules:
                if fired_key(escalation.id, wait.about) not in fired:
                    at = wait.due_at + by
                    yield at, False, escalation.place, _escalation, (escalation, at, wait, pathway, subject)


_REMINDED: frozenset[Duty] = frozenset(("intake", "attendance", "milestone"))


def _reminders(kit: Kit, pathway: Pathway | None, wait: Awaited, subject: Subject) -> Iterator[tuple[str, datetime]]:
    """The reminders of the kit for this duty. Those of the intake count back from its end, which a pause moves."""
    if wait.duty == "intake":
        for nth, after in enumerate(kit.intake.reminders):
            yield f"intake.reminders.{nth}", wait.due_at - kit.intake.within + after
    elif wait.duty == "attendance" and isinstance(subject, SessionStanding) and pathway:
        for rule, before in pathway.reminders_of_session(subject.session):
            yield rule, subject.starts_at - before
    elif wait.duty == "milestone" and isinstance(subject, MilestoneStanding) and pathway and not subject.missed:
        for rule, before in pathway.reminders_of_milestone(subject.milestone):
            yield rule, subject.due_at - before


def duty_in_words(pathway: Pathway | None, duty: Duty, subject: Subject) -> str:
    """What is awaited, under the titles that the kit gives."""
    match subject:
        case StageWait():
            return subject.duty.replace("_", " ")
        case Offer():
            return "answer to the offered match"
        case SessionStanding():
            return f"{duty.replace('_', '-')} of {_session(pathway, subject)}"
        case ActionItemStanding():
            return f"next step {subject.item}"
        case CheckInWait():
            return "check-in"
        case MilestoneStanding():
            return f"{'review of ' if subject.status == 'submitted' else ''}{_milestone(pathway, subject)}"
        case RemedyOffer():
            return "choice of a way on"
        case Case():
            return subject.case.replace("-", " ")
        case _:
            assert_never(subject)


def _session(pathway: Pathway | None, one: SessionStanding) -> str:
    return f"session {pathway.title_of_session(one.session) if pathway else one.session}"


def _milestone(pathway: Pathway | None, one: MilestoneStanding) -> str:
    title = pathway.title_of_milestone(one.milestone) if pathway else one.milestone
    return f"milestone {title}" + (f", attempt {one.attempt}" if one.attempt > 1 else "")


def _reminder(rule: str, at: datetime, wait: Awaited, pathway: Pathway | None, subject: Subject) -> Timer:
    return Timer(
        at=at,
        rule=rule,
        label=f"remind the learner {_ahead(pathway, wait.duty, subject)}",
        then=Remind(rule=rule, about=wait.about, duty=wait.duty, to="learner"),
        stopped_by=wait.who,
    )


def _ahead(pathway: Pathway | None, duty: Duty, subject: Subject) -> str:
    """A session is reminded of before it begins; its attendance is the mentor's."""
    if isinstance(subject, SessionStanding):
        return f"before {_session(pathway, subject)}"
    return f"of {duty_in_words(pathway, duty, subject)}"


_APART: frozenset[Duty] = frozenset(("offer", "case", "remedy"))


def _is_escalated(one: Subject) -> bool:
    """Not a case or an offer of ways on that is about another unanswered one, or they would breed for ever; nor an
    offered match, which several may be asked about and which is late once."""
    return isinstance(one, Case | RemedyOffer) and not one.about.startswith(("case:", "remedy:"))


def _escalation(
    escalation: Escalation, at: datetime, wait: Awaited, pathway: Pathway | None, subject: Subject
) -> Timer:
    return Timer(
        at=at,
        rule=escalation.place,
        label=f"escalate: {escalation.title} ({duty_in_words(pathway, wait.duty, subject)} overdue)",
        then=Escalate(escalation=escalation.id, about=wait.about),
        stopped_by=wait.who,
    )


def _of_offer(kit: Kit, state: JourneyState, offer: Offer) -> Iterator[Planned]:
    """A match that is offered is late once, however many have not answered."""
    about = f"offer#{offer.turn}"
    for rule, by in kit.rules_of_overdue.get("offer", ()):
        if not state.has_fired(rule.id, about):
            label = f"escalate: {rule.title} ({duty_in_words(None, 'offer', offer)} overdue)"
            then = Escalate(escalation=rule.id, about=about)
            yield _deadline(offer.expires_at + by, rule.place, label, then, offer.pending[0])
    yield _deadline(offer.expires_at, "service_levels.offer", "the offer expires", ExpireOffer(), offer.pending[0])


# Deadlines


def _deadlines(state: JourneyState, pathway: Pathway | None) -> Iterator[Planned]:
    if state.remedies:
        rule = f"{rung_of(state.remedies.rule, state.remedies.step)}.stands_for"
        label = "the ways on are no longer offered"
        yield _deadline(state.remedies.expires_at, rule, label, ExpireRemedies(), "learner", last=True)
    match state.stage:
        case "intake" if state.wait and state.wait.duty == "intake":
            yield _deadline(state.wait.due_at, "intake.within", "give the intake up", GiveUpIntake(), "learner")
        case "sessions" if state.ends_at:
            for one in state.milestones:
                if one.status == "open" and not one.missed:
                    rule = f"pathways.{state.pathway}.milestones.{one.milestone}.due"
                    yield one.due_at, False, rule, _missing, (rule, one, pathway)
            yield _deadline(state.ends_at, f"pathways.{state.pathway}.ends", "the pathway ends", EndPathway(), "ops")
        case "wrap_up" if state.wait:
            yield _deadline(state.wait.due_at, "service_levels.wrap_up", "close the journey", CloseAtEnd(), "ops")
        case _:
            return


def _missing(rule: str, one: MilestoneStanding, pathway: Pathway | None) -> Timer:
    return Timer(
        at=one.due_at,
        rule=rule,
        label=f"deadline of {_milestone(pathway, one)}",
        then=MissDeadline(milestone=one.milestone),
        stopped_by="learner",
    )


def _deadline(
    at: datetime,
    rule: str,
    label: str,
    then: ClockCommand | CheckActivity,
    stopped_by: Role,
    *,
    last: bool = False,
) -> Planned:
    return at, last, rule, Timer, (at, rule, label, then, stopped_by)


# Escalations that are not about a duty


def _checks(kit: Kit, state: JourneyState) -> Iterator[Planned]:
    """One check of activity, for the step that comes first."""
    for rung in ladders.after_a_check(kit, state)[:1]:
        label = f"check activity: {rung.rule.title}"
        yield _deadline(rung.at, rung.rule.place, label, CheckActivity(), "learner")


def _first_steps(kit: Kit, state: JourneyState) -> Iterator[Planned]:
    for rung in ladders.first_steps(kit, state):
        then = Escalate(escalation=rung.rule.id, about=rung.subject)
        yield _deadline(rung.at, rung.rule.place, f"escalate: {rung.rule.title}", then, rung.rule.when.stopped_by)


def _further_steps(kit: Kit, state: JourneyState, awaited: frozenset[str]) -> Iterator[Planned]:
    for rung in ladders.further_steps(kit, state, awaited):
        place = f"{rung.rule.place}.later.{rung.step - 1}"
        then = Escalate(escalation=rung.rule.id, about=rung.subject, step=rung.step)
        yield _deadline(rung.at, place, f"escalate further: {rung.rule.title}", then, "ops")


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
        case ExpireOffer():
            return "the offered match lapses"
        case ExpireRemedies():
            return "the ways on are no longer offered"
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
