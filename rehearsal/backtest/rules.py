"""Which rules of a kit the past can try, and the dials of those that it can."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from domain.kit import Escalation, Kit, Nudge, OfferRemedies, OpenCase
from domain.kit.escalation import (
    Condition,
    HelpAsked,
    LowConfidence,
    MentorSilent,
    MilestoneSetbacks,
    MissedInARow,
    MissedWithin,
    NoActivity,
    Overdue,
    QuieterThan,
    RiskFlag,
)
from domain.kit.words import Role
from domain.values import changed, say_duration

_SILENT: Mapping[type[Condition], str] = {
    RiskFlag: "the data has no risk flags",
    HelpAsked: "the data does not say who asked for help",
    LowConfidence: "the data has no answers about confidence",
    MissedInARow: "the data has no sessions",
    MissedWithin: "the data has no sessions",
    MentorSilent: "it is about the mentor, of whom the data says nothing",
}


class Untried(NamedTuple):
    rule: str
    title: str
    why: str


class Rung(NamedTuple):
    """A step of a rule, as the unit that is tried: it fires, and it holds until its reason is gone."""

    rule: str
    step: int
    """From 0."""

    def __str__(self) -> str:
        return f"{self.rule}, step {self.step + 1}" if self.step else self.rule


def tried(kit: Kit) -> tuple[Escalation, ...]:
    """The rules of the kit that look at what the past has: activity, and work with its deadlines and marks."""
    return tuple(rule for rule in kit.escalations if why_not(rule) is None)


def untried(kit: Kit) -> Iterator[Untried]:
    for rule in kit.escalations:
        if why := why_not(rule):
            yield Untried(rule.id, rule.title, why)


def why_not(rule: Escalation) -> str | None:
    if isinstance(rule.when, Overdue):
        return None if rule.when.overdue == "milestone" else f"the data does not say when {rule.when.in_words()}"
    return _SILENT.get(type(rule.when))


def rungs(rules: Sequence[Escalation]) -> list[Rung]:
    return [Rung(rule.id, step) for rule in rules for step in range(len(rule.ladder))]


def says(rule: Escalation, step: int) -> str:
    """When the step is taken, in words."""
    later = f", and for {say_duration(rule.ladder[step].after)} more" if step else ""
    return rule.when.in_words() + later


def does(rule: Escalation, step: int) -> str:
    match rule.ladder[step].then:
        case Nudge() as then:
            return f"a nudge to the {then.nudge}"
        case OpenCase() as then:
            return f"a case for {'ops' if then.open_case == 'ops' else 'the mentor'}"
        case OfferRemedies():
            return "ways on are offered to the learner"


def is_for(rule: Escalation, step: int) -> Role:
    """Whom the step gives something to do."""
    match rule.ladder[step].then:
        case Nudge() as then:
            return then.nudge
        case OpenCase() as then:
            return then.open_case
        case OfferRemedies():
            return "learner"


class Dial(NamedTuple):
    """The one number of a rule that decides how soon it fires."""

    field: str
    values: Sequence[Any]

    def set(self, rule: Escalation, value: Any) -> Escalation:
        return changed(rule, {"when": changed(rule.when, {self.field: value})})

    def of(self, rule: Escalation) -> Any:
        return getattr(rule.when, self.field)


def _days(*counts: int) -> tuple[timedelta, ...]:
    return tuple(timedelta(days=one) for one in counts)


_DIALS: Mapping[type[Condition], Dial] = {
    NoActivity: Dial("no_activity_for", _days(3, 5, 7, 10, 14, 21, 28)),
    QuieterThan: Dial("quieter_than", (75, 80, 85, 90, 95)),
    Overdue: Dial("by", _days(0, 2, 7, 14)),
    MilestoneSetbacks: Dial("milestone_setbacks", (1, 2)),
}


def dial(rule: Escalation) -> Dial | None:
    return _DIALS.get(type(rule.when))


def say_value(value: Any) -> str:
    return say_duration(value) if isinstance(value, timedelta) else str(value)
