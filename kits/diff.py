"""What changes from one version of a kit to another, in words, and for whom."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest
from typing import Any, Literal

from domain.kit import KIT_FILE, Escalation, Kit, Milestone, Nudge, OfferRemedies, OpenCase, Pathway, Session, Step
from domain.scheduling.week import Window, written
from domain.values import Frozen, counted, say_duration, together
from domain.words import plain
from kits.lines import Lines
from kits.titles import title_of
from kits.words import measure_in_words, moment_of

Whom = Literal["learner", "mentor", "ops", "all"]

_FOR: Mapping[str, Whom] = {
    "attendance": "mentor",
    "notes": "mentor",
    "follow_up": "mentor",
    "milestone_review": "mentor",
    "intake_review": "ops",
    "match": "ops",
    "offer": "all",
    "wrap_up": "ops",
    "monitoring": "mentor",
    "capacity": "mentor",
    "mentor_kit": "mentor",
    "mentor_criteria": "mentor",
    "rubric": "mentor",
    "quality": "ops",
    "intake": "learner",
    "pathways": "learner",
    "messages": "learner",
    "segments": "ops",
    "checklists": "mentor",
    "pre_mortem": "ops",
    "growth": "ops",
    "breaks": "learner",
    "outcome_meanings": "ops",
    "monthly_review": "ops",
    "evidence": "ops",
    "customizable": "ops",
    "learners_without": "learner",
    "mentors_without": "mentor",
}
_SAYS: Mapping[str, str] = {
    "after": "begins after",
    "due": "is due after",
    "ends": "ends after",
    "length": "takes",
    "within": "is given up after",
    "rework": "gives for another attempt",
    "limit": "lasts at most",
    "learners_without": "leave out for learners:",
    "mentors_without": "leave out for mentors:",
}


@dataclass(frozen=True, slots=True)
class Difference:
    whom: Whom
    says: str
    before: str
    """The line of the old kit, `program.yaml:52`; empty for what is new."""
    after: str
    """The line of the new one; empty for what is gone."""


def differences(old: Kit, new: Kit) -> list[Difference]:
    """In the order of the kit. Empty if both run every journey in the same way, whatever their versions."""
    comparing = _Comparing(Lines(old), Lines(new))
    found = list(comparing.fields(old, new, "", ""))
    found += comparing.texts(old, new)
    return found


class _Comparing:
    def __init__(self, old: Lines, new: Lines) -> None:
        self._old, self._new = old, new

    def fields(self, old: Frozen, new: Frozen, rule: str, thing: str) -> Iterator[Difference]:
        """Between two values of the same model."""
        for name in type(new).model_fields:
            before, after = getattr(old, name), getattr(new, name)
            place = f"{rule}.{name}" if rule else name
            if before == after or (not rule and name in ("texts", "version")):
                continue
            if isinstance(new, Escalation) and name == "later":
                yield from self._steps(old, new, place, thing)
            elif isinstance(new, Escalation) and name in ("when", "then"):
                yield self._difference(place, f"{thing}: {_rule(new, name)} instead of {_rule(old, name)}", new)
            elif isinstance(before, Frozen) and isinstance(after, Frozen):
                yield from self.fields(before, after, place, thing or plain(name).capitalize())
            elif _have_ids(before) and _have_ids(after):
                yield from self._listed(before, after, place, thing)
            elif isinstance(before, Mapping) and isinstance(after, Mapping):
                yield from self._mapped(before, after, place, thing)
            else:
                yield self._difference(place, _changed(thing, name, before, after), new)

    def _listed(self, old: Sequence[Any], new: Sequence[Any], rule: str, thing: str) -> Iterator[Difference]:
        """Between lists of things with ids: those removed, added and changed; and their order, where it matters."""
        before, after = {one.id: one for one in old}, {one.id: one for one in new}
        where = f" on {thing}" if thing else ""
        for name, one in before.items():
            if name not in after:
                yield self._difference(f"{rule}.{name}", f"{_name(one)}{where} is no longer there", one)
        for name, one in after.items():
            place = f"{rule}.{name}"
            if name not in before:
                yield self._difference(place, f"{_name(one)}{where} is new: {_in_short(one)}", one)
            else:
                yield from self.fields(before[name], one, place, f"{_name(one)}{where}")
        kept = [name for name in before if name in after]
        if rule in ("pathways", "segments") and kept != [name for name in after if name in before]:
            yield self._difference(rule, f"The {rule} are asked for in another order: {', '.join(after)}", None)

    def _steps(self, old: Any, new: Any, rule: str, thing: str) -> Iterator[Difference]:
        for nth, (before, after) in enumerate(zip_longest(old.later, new.later)):
            if before == after:
                continue
            if after is None:
                says = f"{thing}: the step {_step(before)} is no longer there"
            elif before is None:
                says = f"{thing}: the step {_step(after)} is new"
            else:
                says = f"{thing}: {_step(after)} instead of {_step(before)}"
            yield self._difference(f"{rule}.{nth}", says, new)

    def _mapped(self, old: Mapping[str, Any], new: Mapping[str, Any], rule: str, thing: str) -> Iterator[Difference]:
        what = f"{thing}: {plain(rule.rpartition('.')[2])}" if thing else plain(rule).capitalize()
        for name in dict.fromkeys((*old, *new)):
            if old.get(name) == new.get(name):
                continue
            if name not in new:
                says = f"{what}: {name} is no longer there"
            elif name not in old:
                says = f"{what}: {name} is new: {_value(new[name])}"
            else:
                says = f"{what}: {name} is {_value(new[name])} instead of {_value(old[name])}"
            yield self._difference(f"{rule}.{name}", says, None)

    def texts(self, old: Kit, new: Kit) -> Iterator[Difference]:
        for name in dict.fromkeys((*old.texts, *new.texts)):
            before, after = old.texts.get(name), new.texts.get(name)
            if before == after or name == KIT_FILE:
                continue
            says = "is no longer there" if after is None else "is new" if before is None else _lines_of(before, after)
            title = title_of(new if after is not None else old, name)
            yield Difference("all", f"The text “{title}” ({name}) {says}", "", "")

    def _difference(self, rule: str, says: str, changed: object) -> Difference:
        before, after = self._old.of(rule), self._new.of(rule)
        gone, new = " is no longer there" in says, " is new" in says
        return Difference(
            _whom(rule, changed),
            says,
            str(before) if before and not new else "",
            str(after) if after and not gone else "",
        )


def _whom(rule: str, changed: object) -> Whom:
    if isinstance(changed, Escalation):
        return _by_escalation(changed)
    parts = rule.split(".")
    if parts[0] in ("pathways", "templates") and parts[-1] in ("notes", "mentor_type"):
        return "mentor"
    if parts[0] in ("service_levels", "own_pages") and len(parts) > 1:
        return _FOR.get(parts[1], "all")
    return _FOR.get(parts[0], "all")


def _by_escalation(rule: Escalation) -> Whom:
    """Who is affected; `all` if its steps are for different roles."""
    reached: set[Whom] = set()
    for step in rule.ladder:
        match step.then:
            case Nudge(nudge=who):
                reached.add(who)
            case OpenCase(open_case=owner):
                reached.add(owner)
            case OfferRemedies():
                reached.add("learner")
    return reached.pop() if len(reached) == 1 else "all"


def _name(one: Any) -> str:
    kind = type(one).__name__.lower()
    name = getattr(one, "title", None) or one.id
    return f"{kind.capitalize()} {name}" if name == one.id else f"{kind.capitalize()} {name} ({one.id})"


def _in_short(one: Any) -> str:
    match one:
        case Session():
            return f"after {say_duration(one.after)}, {plain(one.mode)}"
        case Milestone():
            return f"due after {say_duration(one.due)}"
        case Pathway():
            work = f"{counted(len(one.sessions), 'session')}, {counted(len(one.milestones), 'milestone')}"
            return f"{work}, {say_duration(one.ends)}, mentor: {one.mentor_type}"
        case Escalation():
            return f"when {one.when.in_words()}, {_rule(one, 'then')}"
        case _:
            return str(getattr(one, "ask", None) or getattr(one, "need", None) or one.id)


def _rule(rule: Any, name: str) -> str:
    match name:
        case "when":
            return f"when {rule.when.in_words()}"
        case _:
            return measure_in_words(rule.then)


def _step(step: Step) -> str:
    return f"{moment_of(step)} {measure_in_words(step.then)}"


def _changed(thing: str, name: str, before: object, after: object) -> str:
    if thing and name in _SAYS:
        return f"{thing} {_SAYS[name]} {_value(after)} instead of {_value(before)}"
    what = f"{thing}: {plain(name)}" if thing else plain(name).capitalize()
    return f"{what} is {_value(after)} instead of {_value(before)}"


def _value(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case timedelta():
            return say_duration(value)
        case date():
            return f"{value:%d %b %Y}"
        case Window():
            return repr(written(value))
        case Frozen():
            return ", ".join(f"{plain(name)} {_value(getattr(value, name))}" for name in type(value).model_fields)
        case tuple() | list():
            return together(_value(one) for one in value) if value else "none"
        case Mapping():
            return "; ".join(f"{name}: {_value(one)}" for name, one in value.items()) or "none"
        case str():
            return repr(value)
        case _:
            return str(value)


def _have_ids(value: object) -> bool:
    return isinstance(value, tuple) and all(hasattr(one, "id") for one in value)


def _lines_of(before: str, after: str) -> str:
    changes = [line[0] for line in difflib.ndiff(before.splitlines(), after.splitlines())]
    return f"is rewritten: {changes.count('+')} lines in, {changes.count('-')} out"
