"""Escalations that fired: what is remembered of them, and when a duty is late enough for one."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, assert_never

from pydantic import AwareDatetime

from domain.journey.bases import Command, TimerCommand
from domain.journey.duty import Awaited, Subject, duty_in_words
from domain.journey.parts import changed
from domain.journey.state import Case, Comparison, JourneyState, Ladder, RemedyOffer, fired_key, is_support
from domain.journey.steps import on_the_clock
from domain.journey.timer import Timer
from domain.kit import Duty, Kit, Pathway, Role
from domain.silences import OthersSeen
from domain.values import Actor, Event, StoredInstant


class Nudged(Event):
    """An escalation fired and asks for a friendly word, not for a person's time."""

    type: ClassVar[str] = "journey.nudged"
    rule: str
    about: str
    step: int = 0
    """The step of the rule's ladder, from 0."""
    to: Role


class EscalationTakenBack(Event):
    """A rule had fired because of something that has been corrected since. It counts as if it had not: its cases are
    closed, and it may fire again."""

    type: ClassVar[str] = "journey.escalation_taken_back"
    rule: str
    about: str


class ComparedWithOthers(Event):
    """The learner's silence was held against that of the others on the pathway. If they are beyond the others, the rule
    fires; if not, the others are looked at again later, unless the learner is seen before."""

    type: ClassVar[str] = "journey.compared_with_others"
    rule: str
    comparison: str
    """Names what is compared: rules that ask the same share it."""
    others: int = 0
    """How many learners; 0: there are too few, or nobody has measured."""
    seen_since: AwareDatetime | None = None
    """Since when all but the quietest of them had been seen, such as nine of ten."""
    look_again_at: AwareDatetime | None
    """None: the learner is beyond the others."""


@dataclass(unsafe_hash=True, slots=True, kw_only=True)
class Escalate(TimerCommand):
    name: ClassVar[str] = "escalate"
    escalation: str
    """The id of the rule in the kit."""
    about: str
    step: int = 0
    """The step of its ladder, from 0."""

    def in_words(self) -> str:
        return f"the escalation {self.escalation}"


class ReportActivity(Command):
    """The answer to a check of the learner's activity; None: never seen."""

    name: ClassVar[str] = "report_activity"
    by: Actor = "system"
    last_active_at: StoredInstant | None
    others: OthersSeen | None = None
    """Those on the same pathway, where the kit has a rule that compares; None also if there are too few."""


EscalationEvent = Nudged | EscalationTakenBack | ComparedWithOthers
EscalationCommand = Escalate | ReportActivity


def evolve(state: JourneyState, event: EscalationEvent) -> JourneyState:
    match event:
        case Nudged():
            return fired(state, event.rule, event.about, event.step, event.at)
        case EscalationTakenBack():
            return _taken_back(state, event)
        case ComparedWithOthers():
            return _compared(state, event)
        case _:
            assert_never(event)


def fired(state: JourneyState, rule: str, subject: str, step: int, at: datetime) -> JourneyState:
    """Remembers that the rule fired, and the step of its ladder that was taken."""
    if step == 0:
        state = changed(state, fired=(*state.fired, fired_key(rule, subject)))
        if is_support(subject):
            return state
        ladder = Ladder(rule=rule, about=subject, since=on_the_clock(state, at, at))
        return changed(state, ladders=(*state.ladders, ladder))
    return changed(
        state,
        ladders=tuple(
            changed(one, step=step) if (one.rule, one.about) == (rule, subject) else one for one in state.ladders
        ),
    )


def _taken_back(state: JourneyState, event: EscalationTakenBack) -> JourneyState:
    reason = (event.rule, event.about)
    return changed(
        state,
        fired=tuple(one for one in state.fired if one != fired_key(*reason)),
        ladders=tuple(one for one in state.ladders if (one.rule, one.about) != reason),
        cases=tuple(one for one in state.cases if (one.rule, one.about) != reason),
    )


def _compared(state: JourneyState, event: ComparedWithOthers) -> JourneyState:
    if state.last_seen_at is None:
        return state
    counts_from = event.look_again_at or event.at
    found = Comparison(comparison=event.comparison, seen_at=state.last_seen_at, counts_from=counts_from)
    others = [
        one for one in state.comparisons if one.comparison != event.comparison and one.seen_at == state.last_seen_at
    ]
    return changed(state, comparisons=(*others, found))


def without_ladder(state: JourneyState, matter: Case | RemedyOffer | None) -> JourneyState:
    """The rule that fired for this takes no further step."""
    if matter is None:
        return state
    reason = (matter.rule, matter.about)
    return changed(state, ladders=tuple(one for one in state.ladders if (one.rule, one.about) != reason))


def forget_fired(state: JourneyState, *subjects: str) -> JourneyState:
    """After a correction, duties that are owed again have all their reminders and escalations again."""
    ends = tuple(f"|{subject}" for subject in subjects)
    return changed(state, fired=tuple(one for one in state.fired if not one.endswith(ends)))


def timers(kit: Kit, wait: Awaited, subject: Subject, pathway: Pathway | None) -> list[Timer]:
    """One for each rule of the kit by which a duty that is late is escalated."""
    rules = kit.rules_of_overdue.get(wait.duty, ())
    if wait.duty in _SELDOM and not _is_escalated(subject):
        return []
    return [
        Timer(
            at=wait.due_at + by,
            rule=rule.place,
            label=f"escalate: {rule.title} ({duty_in_words(pathway, wait.duty, subject)} overdue)",
            then=Escalate(escalation=rule.id, about=wait.about),
            stopped_by=wait.who,
            once=fired_key(rule.id, wait.about),
        )
        for rule, by in rules
    ]


_SELDOM: frozenset[Duty] = frozenset(("offer", "case", "remedy"))


def _is_escalated(one: Subject) -> bool:
    """Not a case or an offer of remedies that is about another unanswered one: they could open each other endlessly.
    Nor an offered match, which several people may be asked about and which is late once."""
    return isinstance(one, Case | RemedyOffer) and not one.about.startswith(("case:", "remedy:"))
