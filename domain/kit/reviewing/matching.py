"""Weights, rules and hours of the matching that name what there is not, or what nobody is asked."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from domain.fit.comparison import Comparison
from domain.fit.criteria import CRITERIA
from domain.fit.hours import zone_of
from domain.fit.rules import RULES
from domain.kit.forms import Question
from domain.kit.kit import Kit
from domain.kit.naming import unknown
from domain.kit.reviewing.finding import Finding
from domain.kit.words import Place
from domain.profiles import Trait

_NO_TIME = timedelta(0)
_CHOICES = ("choice", "choices")


def findings(kit: Kit) -> Iterator[Finding]:
    told = _told(kit)
    yield from _named(kit, "weights", "criterion", CRITERIA, told)
    yield from _named(kit, "rules", "rule", RULES, told)
    yield from _hours(kit, told)
    yield from _wishes(kit, told)
    yield from _answers(kit)
    yield from _never_read(kit)
    yield from _points(kit)
    yield from _without_effect(kit)
    yield from _urgent(kit)


def _told(kit: Kit) -> Mapping[Trait, list[Question]]:
    found: dict[Trait, list[Question]] = {}
    for question in kit.intake.questions:
        if question.tells:
            found.setdefault(question.tells, []).append(question)
    return found


def _named(
    kit: Kit, field: str, what: str, known: Mapping[str, Comparison[Any, Any]], told: Mapping[Trait, list[Question]]
) -> Iterator[Finding]:
    named = list(getattr(kit.matching, field))
    for nth, name in enumerate(named):
        place: Place = ("matching", field, name if field == "weights" else nth)
        if name not in known:
            says, _, remedy = unknown(what, name, known).partition("; ")
            yield Finding(place, says, remedy)
            continue
        if name in named[:nth]:
            yield Finding(place, f"{name!r} is named twice", "name it once", grave=False)
        for trait in known[name].tells:
            if trait not in told:
                says = f"{name!r} compares what nobody is asked: no question tells `{trait}`"
                yield Finding(place, says, f"give a question of the intake `tells: {trait}`, or remove {name!r}")
        if known[name].by_segment and not kit.segments:
            says = f"{name!r} compares the learner's segment, and the kit has no segments"
            yield Finding(place, says, f"add `segments`, or remove {name!r}")
    if named and field == "weights" and not any(kit.matching.weights.values()):
        yield Finding(("matching", "weights"), "every weight is 0, so nothing counts", "raise one of them", grave=False)


def _hours(kit: Kit, told: Mapping[Trait, list[Question]]) -> Iterator[Finding]:
    """Options of the questions that tell when a learner is free, and the hours that they mean."""
    hours = kit.matching.hours
    asked = [one for one in told.get("availability", ()) if one.kind in _CHOICES]
    options = {option for one in asked for option in one.options}
    for name in hours:
        place: Place = ("matching", "hours", name)
        if not asked:
            says = "these hours are never looked at: no question with options tells `availability`"
            yield Finding(place, says, "give the question that asks for them `tells: availability`, or remove them")
        elif name not in options:
            says, _, remedy = unknown("option", name, options, "the questions that tell `availability`").partition("; ")
            yield Finding(place, says, remedy)
    for question in asked:
        for option in question.options:
            if not hours.get(option):
                says = f"nobody knows which hours {option!r} means, an option of {question.id!r}"
                remedy = f"add it to `matching.hours`, such as `{option}: mon-fri 18:00-20:00`"
                yield Finding(("matching", "hours"), says, remedy)


def _wishes(kit: Kit, told: Mapping[Trait, list[Question]]) -> Iterator[Finding]:
    wishes = kit.matching.wishes
    if wishes.of_learners and "wishes" not in told:
        says = "learners may rank mentors, and no question asks them to: none tells `wishes`"
        remedy = "give a question of the intake `tells: wishes`, or leave `of_learners` out"
        yield Finding(("matching", "wishes", "of_learners"), says, remedy)
    if "wishes" in told and not wishes.of_learners:
        says = f"question {told['wishes'][0].id!r} asks for wishes, and none counts"
        remedy = "say how many in `matching.wishes.of_learners`, or remove `tells` from the question"
        yield Finding(("intake", "questions", _nth(kit, told["wishes"][0]), "tells"), says, remedy)
    if (wishes.of_learners or wishes.of_mentors) and not wishes.points:
        yield Finding(("matching", "wishes", "points"), "wishes are ranked, and count 0 points", "raise `points`")


def _nth(kit: Kit, question: Question) -> int:
    return kit.intake.questions.index(question)


def _answers(kit: Kit) -> Iterator[Finding]:
    """Questions whose answers cannot tell what they are to tell."""
    for nth, question in enumerate(kit.intake.questions):
        if question.tells and (problem := _problem_with(question, question.tells)):
            says = f"question {question.id!r} cannot tell `{question.tells}`: {problem[0]}"
            yield Finding(("intake", "questions", nth, "tells"), says, problem[1])
    for nth, template in enumerate(kit.templates):
        for which, question in enumerate(template.questions):
            if question.tells:
                place: Place = ("templates", nth, "questions", which, "tells")
                says = "only answers of the intake tell something when a mentor is found"
                yield Finding(place, says, "remove `tells`, or ask in the intake")


def _problem_with(question: Question, trait: Trait) -> tuple[str, str] | None:
    """What is wrong, and the remedy."""
    if question.kind == "number" and trait != "confidence":
        return "a number says nothing about it", "give it another kind, or remove `tells`"
    if trait == "confidence" and question.kind == "text":
        return "free text is no number from 1 to 10", "give it the kind `number`"
    if trait == "confidence":
        odd = [one for one in question.options if not one.strip()[:1].isdigit()]
        if odd:
            return f"the option {odd[0]!r} begins with no number", "begin every option with one, from 1 to 10"
    if trait == "time_zone":
        odd = [one for one in question.options if not zone_of(one)]
        if odd:
            return (
                f"the option {odd[0]!r} is no time zone",
                "name zones as in Europe/Berlin, or ask with the kind `text`",
            )
    return None


_ALWAYS_READ: frozenset[Trait] = frozenset({"time_zone", "availability", "wishes", "never"})
"""Whatever the weights and rules: times that are offered later go by the first two, and `never` is always kept to."""


def _never_read(kit: Kit) -> Iterator[Finding]:
    matching = kit.matching
    used = [CRITERIA[name] for name, weight in matching.weights.items() if weight and name in CRITERIA]
    read = {trait for one in used for trait in one.tells} | _ALWAYS_READ
    read |= {trait for name in matching.rules if name in RULES for trait in RULES[name].tells}
    for nth, question in enumerate(kit.intake.questions):
        of_groups = kit.cohorts is not None and question.tells in kit.cohorts.by
        if question.tells and question.tells not in read and not of_groups:
            says = f"question {question.id!r} tells `{question.tells}`, and neither a weight nor a rule looks at it"
            remedy = "name it in `matching.weights` or `matching.rules`, or remove `tells`"
            yield Finding(("intake", "questions", nth, "tells"), says, remedy, grave=False)


def _points(kit: Kit) -> Iterator[Finding]:
    matching, waiting = kit.matching, kit.matching.unmatched
    if waiting.points > waiting.most:
        says = f"waiting costs {waiting.points:g} points from the beginning, and {waiting.most:g} at most"
        yield Finding(("matching", "unmatched", "most"), says, "raise `most`, or lower `points`")
    if matching.least_points > 100:
        says = f"no pair has {matching.least_points:g} points: a perfect fit has 100, and only wishes come on top"
        yield Finding(("matching", "least_points"), says, "write at most 100")
    yield from _left_empty(kit)
    for field in ("common_hours", "ample_hours"):
        if getattr(matching, field) == _NO_TIME:
            yield Finding(("matching", field), "no time at all is no time to meet", "give it some time")
    if matching.common_hours > timedelta(days=7):
        says = "a week has no stretch of time as long as this"
        yield Finding(("matching", "common_hours"), says, "write at most what people have free at once, such as 1 hour")


def _left_empty(kit: Kit) -> Iterator[Finding]:
    """Places that cost more than waiting because of the load alone."""
    matching, most = kit.matching, kit.capacity.learners_per_mentor
    last = matching.balance * (most - 1)
    if last > matching.unmatched.points:
        says = (
            f"the last of a mentor's {most} places costs {last:g} points by `balance` alone, and waiting "
            f"{matching.unmatched.points:g}: such places stay empty while learners wait"
        )
        yield Finding(("matching", "balance"), says, "lower `balance`, or raise `unmatched.points`", grave=False)


_EFFECT = {
    "common_hours": ("rules", "common_hours"),
    "checks": ("rules", "checks_valid"),
    "ample_hours": ("weights", "times"),
    "skills_by": ("weights", "skills"),
}
"""Fields that belong to a rule or a criterion."""


def _without_effect(kit: Kit) -> Iterator[Finding]:
    for field, (place, name) in _EFFECT.items():
        if field in kit.matching.model_fields_set and name not in getattr(kit.matching, place):
            says = f"`{field}` has no effect: `matching.{place}` does not name {name!r}"
            yield Finding(("matching", field), says, f"name {name!r} there, or remove `{field}`", grave=False)


def _urgent(kit: Kit) -> Iterator[Finding]:
    """The answers of those for whom a round begins at once."""
    options = {one.id: one.options for one in kit.intake.questions}
    for name, wanted in (kit.matching.rounds.urgent if kit.matching.rounds else {}).items():
        place: Place = ("matching", "rounds", "urgent", name)
        if name not in options:
            says, _, remedy = unknown("question", name, options, "the intake").partition("; ")
            yield Finding(place, says, remedy)
            continue
        for option in wanted:
            if option not in options[name]:
                says, _, remedy = unknown("option", option, options[name], f"question {name!r}").partition("; ")
                yield Finding(place, says, remedy)
