"""The program kit: what a program promises and the rules by which each journey through it runs.

A kit is data. It is validated whole, known by the digest of its content, and never changed once published: a journey is
pinned to the digest that it began with.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Literal, Protocol, Self

from pydantic import (
    AwareDatetime,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from domain.ids import KitDigest, MilestoneId, PathwayId, ProgramId, SessionId, Slug
from domain.values import Duration, Frozen, say_duration

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Severity = Literal["notice", "warning", "critical"]
Mode = Literal["cohort", "office_hours", "asynchronous", "guided_review", "hybrid"]
Duty = Literal["intake", "intake_review", "match", "attendance", "milestone", "milestone_review", "wrap_up", "case"]
"""What a journey can wait for somebody to do."""


class Promise(Frozen):
    """What the program undertakes, in words that can be held against what it delivered (R1)."""

    outcome: Text
    audience: Text
    duration: Duration
    cadence: Text
    support: Text
    measures: tuple[Text, ...] = Field(min_length=1)


class ServiceLevels(Frozen):
    """How long each duty may take, counted from the moment that it falls to somebody (R2)."""

    intake_review: Duration = timedelta(hours=48)
    match: Duration = timedelta(days=5)
    attendance: Duration = timedelta(hours=24)
    milestone_review: Duration = timedelta(days=3)
    wrap_up: Duration = timedelta(days=7)


class Question(Frozen):
    """One question of the intake. Only a choice can route: what people write freely fits no list."""

    id: Slug
    ask: Text
    kind: Literal["text", "number", "choice", "choices"] = "text"
    options: tuple[Text, ...] = ()
    required: bool = True

    @model_validator(mode="after")
    def _options_fit(self) -> Self:
        if self.kind in ("choice", "choices") and len(self.options) < 2:
            raise ValueError(f"question {self.id!r} offers a choice, so it needs at least two options")
        if self.kind in ("text", "number") and self.options:
            raise ValueError(f"question {self.id!r} has options; give it the kind 'choice' or 'choices'")
        return self

    def problem_with(self, answer: object) -> str | None:
        """What is wrong with an answer, in words for the person who gave it; None when nothing is."""
        match self.kind:
            case "text":
                return None if isinstance(answer, str) and answer.strip() else "wants some text"
            case "number":
                fits = isinstance(answer, int | float) and not isinstance(answer, bool)
                return None if fits else "wants a number"
            case "choice":
                return None if answer in self.options else f"wants one of: {', '.join(self.options)}"
            case "choices":
                chosen = answer if isinstance(answer, list | tuple) else ()
                fits = bool(chosen) and all(one in self.options for one in chosen)
                return None if fits else f"wants a list of some of: {', '.join(self.options)}"


class Intake(Frozen):
    questions: tuple[Question, ...] = ()
    within: Duration = timedelta(days=14)
    """An intake not sent in by then is taken as abandoned."""
    reminders: tuple[Duration, ...] = ()
    """How long after the journey began, or after more information was asked for, the learner is reminded."""


class Session(Frozen):
    id: Slug
    title: Text
    purpose: Text
    mode: Mode = "hybrid"
    after: Duration
    """From the start of the pathway."""
    length: Duration = timedelta(hours=1)
    reminders: tuple[Duration, ...] = (timedelta(hours=24),)
    """How long before it begins."""


class Milestone(Frozen):
    id: Slug
    title: Text
    criteria: tuple[Text, ...] = ()
    due: Duration
    """From the start of the pathway."""
    reminders: tuple[Duration, ...] = ()
    """How long before it is due."""
    rework: Duration = timedelta(days=7)
    """What a learner gets for another attempt at returned work, and who joins late for a milestone already due."""


Reminders = Sequence[tuple[str, timedelta]]


class Pathway(Frozen):
    id: Slug
    title: Text
    mentor_type: Text
    when: Mapping[Slug, Annotated[tuple[Text, ...], Field(min_length=1)]] = {}
    """The answers that lead here: all the questions named, any of the answers listed. Empty: everybody else."""
    sessions: tuple[Session, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    ends: Duration
    """From the start of the pathway; then the wrap-up begins, whatever is still open."""
    ends_when_done: bool = True
    """Whether the wrap-up begins as soon as every session and milestone is settled."""

    def session(self, session: SessionId) -> Session:
        """Raises KeyError when the pathway has no such session."""
        return self._sessions[session]

    def milestone(self, milestone: MilestoneId) -> Milestone:
        """Raises KeyError when the pathway has no such milestone."""
        return self._milestones[milestone]

    @cached_property
    def _sessions(self) -> Mapping[str, Session]:
        return {session.id: session for session in self.sessions}

    @cached_property
    def _milestones(self) -> Mapping[str, Milestone]:
        return {milestone.id: milestone for milestone in self.milestones}

    def reminders_of_session(self, session: SessionId) -> Reminders:
        """Each with the name of its rule, and how long before the session it comes."""
        return self._reminders["sessions", session]

    def reminders_of_milestone(self, milestone: MilestoneId) -> Reminders:
        """Each with the name of its rule, and how long before the work is due it comes."""
        return self._reminders["milestones", milestone]

    @cached_property
    def _reminders(self) -> Mapping[tuple[str, str], Reminders]:
        found: dict[tuple[str, str], Reminders] = {}
        work: dict[str, Sequence[Session | Milestone]] = {"sessions": self.sessions, "milestones": self.milestones}
        for kind, those in work.items():
            for one in those:
                rule = f"pathways.{self.id}.{kind}.{one.id}.reminders"
                found[kind, one.id] = [(f"{rule}.{nth}", before) for nth, before in enumerate(one.reminders)]
        return found

    def welcomes(self, answers: Mapping[str, object]) -> bool:
        return all(_meets(answers.get(question), wanted) for question, wanted in self.when.items())


def _meets(answer: object, wanted: tuple[str, ...]) -> bool:
    given = answer if isinstance(answer, list | tuple) else (answer,)
    return any(one in wanted for one in given)


class NoActivity(Frozen):
    no_activity_for: Duration


class MissedInARow(Frozen):
    sessions_missed_in_a_row: int = Field(ge=1)


class Overdue(Frozen):
    overdue: Duty
    by: Duration = timedelta(0)


def _first_of(*names: str) -> Callable[[object], str | None]:
    """Tells the form that a rule was meant to have by the field that only this form has: errors are about that one."""

    def tell(value: object) -> str | None:
        fields = value if isinstance(value, Mapping) else getattr(type(value), "model_fields", {})
        return next((name for name in names if name in fields), None)

    return tell


Trigger = Annotated[
    Annotated[NoActivity, Tag("no_activity_for")]
    | Annotated[MissedInARow, Tag("sessions_missed_in_a_row")]
    | Annotated[Overdue, Tag("overdue")],
    Discriminator(
        _first_of("no_activity_for", "sessions_missed_in_a_row", "overdue"),
        custom_error_type="kit",
        custom_error_message="nothing says when it comes; "
        "write `no_activity_for: 7 days`, `sessions_missed_in_a_row: 2` or `overdue: milestone`",
    ),
]


class Nudge(Frozen):
    """A friendly reminder to the one who is awaited; no person has to act on it."""

    nudge: Literal["learner", "mentor", "ops"]


class OpenCase(Frozen):
    """A person takes the matter up, and is given a time to answer in."""

    open_case: Literal["mentor", "ops"]
    severity: Severity = "warning"
    respond_within: Duration = timedelta(hours=48)


Measure = Annotated[
    Annotated[Nudge, Tag("nudge")] | Annotated[OpenCase, Tag("open_case")],
    Discriminator(
        _first_of("nudge", "open_case"),
        custom_error_type="kit",
        custom_error_message="nothing says what is done; write `nudge: learner` or `open_case: ops`",
    ),
]


class Escalation(Frozen):
    """A rule written in advance: when this happens, that is done about it (R55, R56)."""

    id: Slug
    title: Text
    when: Trigger
    then: Measure


class WrapUp(Frozen):
    checklist: tuple[Text, ...] = ()


class Pausing(Frozen):
    limit: Duration = timedelta(days=60)
    """The longest that a journey may stand still; then it goes on by itself."""


class Kit(Frozen):
    """One version of one program, whole and checked.

    Raises:
        pydantic.ValidationError: naming the field and what is wrong with it, when the content does not hold together.
    """

    program: Slug
    version: Text
    title: Text
    promise: Promise
    starts_at: AwareDatetime | None = None
    """The first moment of a fixed term, from which every pathway counts. None: each counts from its own match."""
    service_levels: ServiceLevels = ServiceLevels()
    intake: Intake = Intake()
    pathways: tuple[Pathway, ...] = Field(min_length=1)
    escalations: tuple[Escalation, ...] = ()
    wrap_up: WrapUp = WrapUp()
    pausing: Pausing = Pausing()

    @field_validator("starts_at")
    @classmethod
    def _in_utc(cls, value: datetime | None) -> datetime | None:
        return value.astimezone(UTC) if value else None

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        problems = [
            InitErrorDetails(type=PydanticCustomError("kit", "{what}", {"what": what}), loc=place, input=None)
            for place, what in _problems(self)
        ]
        if problems:
            raise ValidationError.from_exception_data("Kit", problems)
        return self

    @property
    def program_id(self) -> ProgramId:
        return ProgramId(self.program)

    @cached_property
    def digest(self) -> KitDigest:
        """SHA-256 of the content: two kits with the same digest run every journey in the same way."""
        return KitDigest(hashlib.sha256(self.model_dump_json().encode()).hexdigest())

    @cached_property
    def _pathways(self) -> Mapping[str, Pathway]:
        return {pathway.id: pathway for pathway in self.pathways}

    def pathway(self, pathway: PathwayId) -> Pathway | None:
        return self._pathways.get(pathway)

    def escalation(self, rule: str) -> Escalation:
        """Raises KeyError when there is no such rule."""
        return self._escalations[rule]

    @cached_property
    def _escalations(self) -> Mapping[str, Escalation]:
        return {rule.id: rule for rule in self.escalations}

    @cached_property
    def rules_of_overdue(self) -> Mapping[Duty, Sequence[tuple[Escalation, timedelta]]]:
        """For each duty, the rules that wait for it to be overdue, with by how much."""
        found: dict[Duty, list[tuple[Escalation, timedelta]]] = {}
        for rule in self.escalations:
            if isinstance(rule.when, Overdue):
                found.setdefault(rule.when.overdue, []).append((rule, rule.when.by))
        return found

    @cached_property
    def rules_of_quiet(self) -> Sequence[tuple[Escalation, timedelta]]:
        """The rules that wait for a spell without activity, the shortest first, with how long it lasts."""
        found = [(one, one.when.no_activity_for) for one in self.escalations if isinstance(one.when, NoActivity)]
        return sorted(found, key=lambda one: one[1])

    def route(self, answers: Mapping[str, object]) -> Pathway | None:
        """The first pathway that welcomes these answers, in the order of the kit; None when none does (R10, R11)."""
        return next((pathway for pathway in self.pathways if pathway.welcomes(answers)), None)

    def problems_with(self, answers: Mapping[str, object]) -> tuple[str, ...]:
        """What is wrong with a filled-in intake, a sentence for each question."""
        known = {question.id: question for question in self.intake.questions}
        found = [f"{one!r} is not a question of this intake" for one in answers if one not in known]
        for question in self.intake.questions:
            if question.id in answers:
                problem = question.problem_with(answers[question.id])
                found += [f"{question.id!r} {problem}"] if problem else []
            elif question.required:
                found.append(f"{question.id!r} is not answered")
        return tuple(found)


Problem = tuple[tuple[str | int, ...], str]
"""A place in the kit, and what does not hold together there."""


def _problems(kit: Kit) -> Iterator[Problem]:
    yield from _repeated("question", ("intake", "questions"), kit.intake.questions)
    yield from _repeated("pathway", ("pathways",), kit.pathways)
    yield from _repeated("escalation", ("escalations",), kit.escalations)
    questions = {question.id: question for question in kit.intake.questions}
    for nth, pathway in enumerate(kit.pathways):
        place = ("pathways", nth)
        yield from _repeated("session", (*place, "sessions"), pathway.sessions)
        yield from _repeated("milestone", (*place, "milestones"), pathway.milestones)
        yield from _unroutable(place, pathway, questions)
        yield from _too_late(place, pathway)
    for nth, (before, pathway) in enumerate(pairwise(kit.pathways), start=1):
        if not before.when:
            what = (
                f"nobody gets to pathway {pathway.id!r}: {before.id!r} before it welcomes everybody; put that one last"
            )
            yield ("pathways", nth), what
    for nth, rule in enumerate(kit.escalations):
        yield from _never(("escalations", nth, "when"), rule)


class _Named(Protocol):
    @property
    def id(self) -> str: ...


def _repeated(what: str, place: tuple[str | int, ...], those: Sequence[_Named]) -> Iterator[Problem]:
    seen: set[str] = set()
    for nth, one in enumerate(those):
        if one.id in seen:
            yield (*place, nth, "id"), f"there is another {what} {one.id!r} before this one; give it an id of its own"
        seen.add(one.id)


def _unroutable(place: tuple[str | int, ...], pathway: Pathway, questions: Mapping[str, Question]) -> Iterator[Problem]:
    for name, wanted in pathway.when.items():
        where = (*place, "when", name)
        question = questions.get(name)
        if question is None:
            yield where, f"{name!r} is not a question of the intake; it asks: {', '.join(questions) or 'nothing'}"
        elif not question.options:
            yield where, f"question {name!r} offers no options to go by; make it a choice"
        elif strange := [one for one in wanted if one not in question.options]:
            yield where, f"{strange[0]!r} is not an option of {name!r}; its options are: {', '.join(question.options)}"


def _too_late(place: tuple[str | int, ...], pathway: Pathway) -> Iterator[Problem]:
    remedy = f"the pathway ends after {say_duration(pathway.ends)}; move it forward, or let `ends` be later"
    for nth, session in enumerate(pathway.sessions):
        if session.after + session.length > pathway.ends:
            yield (*place, "sessions", nth, "after"), f"session {session.id!r} would not be over when {remedy}"
    for nth, milestone in enumerate(pathway.milestones):
        if milestone.due > pathway.ends:
            yield (*place, "milestones", nth, "due"), f"milestone {milestone.id!r} would not be due when {remedy}"


def _never(place: tuple[str | int, ...], rule: Escalation) -> Iterator[Problem]:
    """An intake is given up and a wrap-up closed at their due time, so no rule can wait for longer."""
    match rule.when:
        case Overdue(overdue="intake" | "wrap_up" as duty, by=by) if by:
            what = f"escalation {rule.id!r} never comes: the journey closes when its {duty} is due; leave out `by`"
            yield (*place, "by"), what
        case _:
            return
