"""What is inconsistent in a kit whose parts are each valid by themselves. Such a kit is not read at all."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Protocol

from domain.kit.content import Content
from domain.kit.delivery import Pathway, Session
from domain.kit.meeting import LEAST_STEP, LONGEST_HORIZON, Meeting
from domain.kit.naming import unknown
from domain.kit.promising import same
from domain.kit.rules import Escalation, OfferRemedies, OpenCase
from domain.kit.surveys import QUESTIONS_AT_MOST
from domain.kit.words import Place
from domain.values import say_duration

Inconsistency = tuple[Place, str]
"""A place in the kit, and what is wrong there: in words, with what to do about it after a semicolon."""


def inconsistencies(kit: Content) -> Iterator[Inconsistency]:
    """Everything that is inconsistent in the kit as a whole."""
    yield from _of_promise(kit)
    yield from _repeated("question", ("intake", "questions"), kit.intake.questions)
    yield from _repeated("pathway", ("pathways",), kit.pathways)
    yield from _repeated("escalation", ("escalations",), kit.escalations)
    questions = {question.id: frozenset(question.options) for question in kit.intake.questions}
    templates = {one.id for one in kit.templates}
    for nth, pathway in enumerate(kit.pathways):
        place = ("pathways", nth)
        yield from _repeated("session", (*place, "sessions"), pathway.sessions)
        yield from _repeated("milestone", (*place, "milestones"), pathway.milestones)
        yield from _unroutable(place, pathway.when, questions)
        yield from _too_late(place, pathway)
        for which, session in enumerate(pathway.sessions):
            yield from _untemplated(templates, (*place, "sessions", which), session)
            yield from _unlisted(kit, (*place, "sessions", which), session.checklist)
        for which, milestone in enumerate(pathway.milestones):
            yield from _unlisted(kit, (*place, "milestones", which), milestone.checklist)
    for nth, question in enumerate(kit.intake.questions):
        if len(set(question.options)) < len(question.options):
            yield ("intake", "questions", nth, "options"), "an option is listed twice; remove one of the two"
    for nth, segment in enumerate(kit.segments):
        yield from _unroutable(("segments", nth), segment.when, questions)
    for nth, (before, pathway) in enumerate(pairwise(kit.pathways), start=1):
        if not before.when:
            what = f"nobody is routed to {pathway.id!r}: {before.id!r} before it takes everybody; put that one last"
            yield ("pathways", nth), what
    for nth, rule in enumerate(kit.escalations):
        yield from _never(("escalations", nth, "when"), rule)
        yield from _rungs(kit, ("escalations", nth), rule)
    if len(set(kit.matching.asks)) < len(kit.matching.asks):
        yield ("matching", "asks"), "a role is listed twice; list each of them once"
    yield from _of_meeting(kit.meeting)
    yield from _repeated("template", ("templates",), kit.templates)
    yield from _repeated("segment", ("segments",), kit.segments)
    yield from _repeated("survey", ("surveys",), kit.surveys)
    yield from _repeated("question", ("rubric", "questions"), kit.rubric.questions)
    yield from _repeated("dimension", ("rubric", "dimensions"), kit.rubric.dimensions)
    for nth, survey in enumerate(kit.surveys):
        yield from _repeated("question", ("surveys", nth, "questions"), survey.questions)
        if len(survey.questions) > QUESTIONS_AT_MOST:
            says = f"survey {survey.id!r} has {len(survey.questions)} questions; ask {QUESTIONS_AT_MOST} at most"
            yield ("surveys", nth, "questions"), says
    rules = {rule.id for rule in kit.escalations}
    for nth, failure in enumerate(kit.pre_mortem):
        if failure.answered_by not in rules:
            yield ("pre_mortem", nth, "answered_by"), unknown("escalation", failure.answered_by, rules)


def _of_meeting(meeting: Meeting) -> Iterator[Inconsistency]:
    if meeting.step < LEAST_STEP:
        says = f"offers cannot begin every {say_duration(meeting.step)}; write at least {say_duration(LEAST_STEP)}"
        yield ("meeting", "step"), says
    if meeting.notice >= meeting.horizon:
        says = f"no time is ever offered: the notice of {say_duration(meeting.notice)} reaches beyond the horizon"
        yield ("meeting", "horizon"), f"{says}; set a later `horizon` or a shorter `notice`"
    if meeting.horizon > LONGEST_HORIZON:
        says = f"times are looked for at most {say_duration(LONGEST_HORIZON)} ahead; set an earlier `horizon`"
        yield ("meeting", "horizon"), says


class _Named(Protocol):
    @property
    def id(self) -> str: ...


def _repeated(what: str, place: Place, those: Sequence[_Named]) -> Iterator[Inconsistency]:
    seen: set[str] = set()
    for nth, one in enumerate(those):
        if one.id in seen:
            yield (
                (*place, nth, "id"),
                f"another {what} has the id {one.id!r} already; give this one an id of its own",
            )
        seen.add(one.id)


def _unroutable(
    place: Place, when: Mapping[str, tuple[str, ...]], questions: Mapping[str, frozenset[str]]
) -> Iterator[Inconsistency]:
    """`questions`: the options of each."""
    for name, wanted in when.items():
        where = (*place, "when", name)
        options = questions.get(name)
        if options is None:
            yield where, unknown("question", name, questions, of="the intake")
        elif not options:
            yield where, f"question {name!r} has no options to route by; make it a choice"
        elif strange := [one for one in wanted if one not in options]:
            yield where, unknown("option", strange[0], options, of=repr(name))


def _too_late(place: Place, pathway: Pathway) -> Iterator[Inconsistency]:
    remedy = f"pathway, after {say_duration(pathway.ends)}; move it to an earlier time, or set a later `ends`"
    for nth, session in enumerate(pathway.sessions):
        if session.after + session.length > pathway.ends:
            yield (*place, "sessions", nth, "after"), f"session {session.id!r} ends after the end of the {remedy}"
    for nth, milestone in enumerate(pathway.milestones):
        if milestone.due > pathway.ends:
            yield (*place, "milestones", nth, "due"), f"milestone {milestone.id!r} is due after the end of the {remedy}"


def _never(place: Place, rule: Escalation) -> Iterator[Inconsistency]:
    if never := rule.when.never():
        field, reason = never
        yield (*place, field), f"escalation {rule.id!r} never fires: {reason}"


def _untemplated(known: Collection[str], place: Place, session: Session) -> Iterator[Inconsistency]:
    for field, named in (("preparation", session.preparation), ("notes", session.notes)):
        if named and named not in known:
            yield (*place, field), unknown("template", named, known)


def _unlisted(kit: Content, place: Place, checklist: str | None) -> Iterator[Inconsistency]:
    if checklist and checklist not in kit.checklists:
        yield (*place, "checklist"), unknown("checklist", checklist, kit.checklists)


def _rungs(kit: Content, place: Place, rule: Escalation) -> Iterator[Inconsistency]:
    for nth, (before, step) in enumerate(pairwise(rule.ladder)):
        if step.after <= before.after:
            what = f"this step of {rule.id!r} is not later than the one before it; let `after` grow from step to step"
            yield (*place, "later", nth, "after"), what
    for nth, step in enumerate(rule.ladder):
        where = (*place, "then") if nth == 0 else (*place, "later", nth - 1, "then")
        if isinstance(step.then, OpenCase):
            yield from _unlisted(kit, where, step.then.checklist)
        if isinstance(step.then, OfferRemedies) and len(set(step.then.offer)) < len(step.then.offer):
            yield (*where, "offer"), "the same remedy is offered twice; remove one of the two"


def _of_promise(kit: Content) -> Iterator[Inconsistency]:
    """Rules of fulfillment that no journey could meet, and values that are listed twice."""
    for kind, values in kit.outcomes.items():
        yield from _twice(("outcomes", kind), values)
    for nth, meaning in enumerate(kit.outcome_meanings):
        yield from _unlisted_values(kit, ("outcome_meanings", nth), meaning.outcome, meaning.values)
    rule, place = kit.promise.fulfilled_by, ("promise", "fulfilled_by")
    if rule is None:
        return
    if rule.outcome is None and not rule.milestones:
        yield place, "it names neither an outcome nor milestones; name what fulfills the promise, or leave it out"
    if rule.values and rule.outcome is None:
        yield (*place, "values"), "these values belong to no outcome; name its kind as `outcome`"
    yield from _unlisted_values(kit, place, rule.outcome or "", rule.values)
    yield from _twice((*place, "milestones"), rule.milestones)
    yield from _unmet(kit, rule.milestones)


def _unlisted_values(kit: Content, place: Place, kind: str, values: tuple[str, ...]) -> Iterator[Inconsistency]:
    """Values that are named twice, or that are none of those that the kit lists for this kind of outcome."""
    yield from _twice((*place, "values"), values)
    listed = kit.outcomes.get(kind, ())
    known = {same(one) for one in listed}
    for nth, value in enumerate(values if listed else ()):
        if same(value) not in known:
            yield (*place, "values", nth), unknown("value", value, listed, of=f"the outcome {kind!r}")


def _unmet(kit: Content, milestones: Sequence[str]) -> Iterator[Inconsistency]:
    place = ("promise", "fulfilled_by", "milestones")
    of_pathway = {pathway.id: {one.id for one in pathway.milestones} for pathway in kit.pathways}
    known = set().union(*of_pathway.values())
    strange = [(nth, one) for nth, one in enumerate(milestones) if one not in known]
    for nth, one in strange:
        yield (*place, nth), unknown("milestone", one, known)
    wanted = frozenset(milestones)
    if milestones and not strange:
        for pathway, ids in of_pathway.items():
            if not ids & wanted:
                yield place, f"none of these is on pathway {pathway!r}; name at least one milestone of each pathway"


def _twice(place: Place, those: Sequence[str]) -> Iterator[Inconsistency]:
    seen = set()
    for nth, one in enumerate(those):
        if same(one) in seen:
            yield (*place, nth), f"{one!r} is listed twice; remove one of the two"
        seen.add(same(one))
