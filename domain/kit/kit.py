"""The program kit: what a program promises and the rules by which each journey through it runs.

A kit is data. It is validated whole, known by the digest of its content, and never changed once published: a journey is
pinned to the digest that it began with.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from itertools import islice
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, ValidationInfo, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from domain.ids import KitDigest, PathwayId, ProgramId, Slug
from domain.kit.checking import problems_of
from domain.kit.delivery import Monitoring, Pathway, fits
from domain.kit.formats import FORMAT, Format
from domain.kit.forms import Intake, Template
from domain.kit.messages import Meant, Message, Occasion, QuietHours, Topic, by_meaning, choose
from domain.kit.promising import Kind, Promise
from domain.kit.rules import Escalation
from domain.kit.words import ALWAYS_HUMAN, Duty, HumanStep, Role, Text
from domain.values import Duration, Frozen, StoredInstant

PUBLISHED: Mapping[str, bool] = {"published": True}
"""The validation context for a kit that was checked as a whole when it was published."""

_MOST_PROBLEMS = 1_000
"""Nobody mends more at a time, and each costs a search for what was perhaps meant."""


class ServiceLevels(Frozen):
    """How long each duty may take, counted from the moment that it falls to somebody (R2)."""

    intake_review: Duration = timedelta(hours=48)
    match: Duration = timedelta(days=5)
    offer: Duration = timedelta(hours=48)
    """How long an offered match stands."""
    attendance: Duration = timedelta(hours=24)
    notes: Duration = timedelta(hours=48)
    """From the end of a session whose notes have a template."""
    follow_up: Duration | None = None
    """From the end of a session. None: this program sends no follow-up."""
    milestone_review: Duration = timedelta(days=3)
    wrap_up: Duration = timedelta(days=7)


class Segment(Frozen):
    """A kind of learner, by the job to be done, its urgency and the level they start from (R8)."""

    id: Slug
    title: Text
    need: Text
    urgency: Text
    level: Text
    when: Mapping[Slug, Annotated[tuple[Text, ...], Field(min_length=1)]] = {}
    """The answers by which they are known, as for a pathway."""


class Matching(Frozen):
    """How a mentor is found (R57 to R59): who is asked, and what counts."""

    asks: tuple[Literal["mentor", "learner"], ...] = ()
    """Who must accept an offered match before it holds."""
    weights: Mapping[Slug, Annotated[float, Field(ge=0)]] = {}
    """What counts for the fit, and how much."""


class Capacity(Frozen):
    """What a mentor of this program can take on (R14 to R20)."""

    learners_per_mentor: int = Field(default=6, ge=1)
    minutes_a_week: int | None = Field(default=None, ge=1)
    target_utilization: float = Field(default=0.8, gt=0, le=1)
    review_every: Duration = timedelta(days=7)


class Rubric(Frozen):
    """By what a session is judged (R40, R41)."""

    questions: tuple[Text, ...] = ()
    dimensions: tuple[Text, ...] = ()


class Survey(Frozen):
    """What is asked of learners, mentors or leads, and when (R50)."""

    id: Slug
    title: Text
    of: Literal["learner", "mentor", "ops"]
    after: Literal["match", "session", "milestone", "closing"]
    questions: tuple[Text, ...] = Field(min_length=1)


class Failure(Frozen):
    """A way in which the program is likely to fail, and the rule that answers it (R27)."""

    failure: Text
    answered_by: Slug


class MentorKit(Frozen):
    """What a mentor is given, as names of texts of the kit (R25, R29)."""

    onboarding: Text | None = None
    escalation_guide: Text | None = None
    sample_notes: Text | None = None
    suggested_language: Text | None = None
    training: tuple[Text, ...] = ()


class WrapUp(Frozen):
    checklist: tuple[Text, ...] = ()
    """What is done before a journey closes well, such as the closing conversation (R26)."""


class Pausing(Frozen):
    limit: Duration = timedelta(days=60)
    """The longest that a journey may stand still; then it goes on by itself."""


class Kit(Frozen):
    """One version of one program, whole and checked.

    Raises:
        pydantic.ValidationError: naming the field and what is wrong with it, when the content does not hold together.
    """

    format: Format = FORMAT
    """The format of this file, for a later Trellis to read it by. Without it: the newest that this Trellis reads."""
    program: Slug
    version: Text
    title: Text
    promise: Promise
    outcomes: Mapping[Kind, Annotated[tuple[Text, ...], Field(min_length=1)]] = {}
    """The kinds of outcomes that have known values, each with all of them. These are counted by name; any other value
    may be personal, and is counted without its words."""
    starts_at: StoredInstant | None = None
    """The first moment of a fixed term, from which every pathway counts. None: each counts from its own match."""
    mentor_criteria: tuple[Text, ...] = ()
    service_levels: ServiceLevels = ServiceLevels()
    intake: Intake = Intake()
    segments: tuple[Segment, ...] = ()
    matching: Matching = Matching()
    capacity: Capacity = Capacity()
    pathways: tuple[Pathway, ...] = Field(min_length=1)
    templates: tuple[Template, ...] = ()
    monitoring: Monitoring | None = None
    """None: nobody is asked to check in between sessions."""
    escalations: tuple[Escalation, ...] = ()
    checklists: Mapping[Slug, tuple[Text, ...]] = {}
    rubric: Rubric = Rubric()
    surveys: tuple[Survey, ...] = ()
    messages: Mapping[Slug, Message] = {}
    quiet_hours: QuietHours | None = None
    """When learners and mentors are let be, on their own clocks; what is written meanwhile reaches them afterwards."""
    mentor_kit: MentorKit = MentorKit()
    pre_mortem: tuple[Failure, ...] = ()
    human: tuple[HumanStep, ...] = ALWAYS_HUMAN
    """What stays with people: more than always does, if the program says so, and never less (R38)."""
    customizable: tuple[Text, ...] = ()
    """What a site that runs this program may change without asking (R28)."""
    wrap_up: WrapUp = WrapUp()
    pausing: Pausing = Pausing()
    texts: Mapping[str, str] = {}
    """The texts of the kit's folder, Markdown, by their names."""

    @model_validator(mode="after")
    def _holds_together(self, info: ValidationInfo) -> Self:
        if info.context == PUBLISHED:
            return self
        problems = [
            InitErrorDetails(type=PydanticCustomError("kit", "{what}", {"what": what}), loc=place, input=None)
            for place, what in islice(problems_of(self), _MOST_PROBLEMS)
        ]
        if problems:
            raise ValidationError.from_exception_data("Kit", problems)
        return self

    @property
    def program_id(self) -> ProgramId:
        return ProgramId(self.program)

    @cached_property
    def digest(self) -> KitDigest:
        """SHA-256 of what the kit says of its own accord.

        What it leaves to the defaults is not part of it, so that a newer Trellis, which knows more fields, knows the
        kit again. A published kit is kept with the defaults it had then: they do not change under a journey.
        """
        return KitDigest(hashlib.sha256(self.model_dump_json(exclude_defaults=True).encode()).hexdigest())

    @cached_property
    def _pathways(self) -> Mapping[str, Pathway]:
        return {pathway.id: pathway for pathway in self.pathways}

    def pathway(self, pathway: PathwayId) -> Pathway | None:
        return self._pathways.get(pathway)

    def escalation(self, rule: str) -> Escalation:
        """Raises KeyError when there is no such rule."""
        return self._escalations[rule]

    def find_escalation(self, rule: str) -> Escalation | None:
        return self._escalations.get(rule)

    @cached_property
    def _escalations(self) -> Mapping[str, Escalation]:
        return {rule.id: rule for rule in self.escalations}

    @cached_property
    def rules_of_overdue(self) -> Mapping[Duty, Sequence[tuple[Escalation, timedelta]]]:
        """For each duty, the rules that fire when it is late, with by how much."""
        found: dict[Duty, list[tuple[Escalation, timedelta]]] = {}
        for rule in self.escalations:
            if duty := rule.when.duty:
                found.setdefault(duty, []).append((rule, rule.when.delay))
        return found

    @cached_property
    def rules_at_once(self) -> Sequence[Escalation]:
        """The rules that facts fire, without waiting for any clock."""
        return [rule for rule in self.escalations if not rule.when.by_clock]

    @cached_property
    def rules_of_activity(self) -> Sequence[Escalation]:
        """The rules that the clock fires after a look at the learner's activity."""
        return [rule for rule in self.escalations if rule.when.checks_activity]

    @cached_property
    def rules_of_deadlines(self) -> Sequence[Escalation]:
        """The other rules that the clock fires, but for those about duties."""
        found = (rule for rule in self.escalations if rule.when.by_clock and not rule.when.checks_activity)
        return [rule for rule in found if rule.when.duty is None]

    def route(self, answers: Mapping[str, object]) -> Pathway | None:
        """The first pathway that welcomes these answers, in the order of the kit; None when none does (R10, R11)."""
        return next((pathway for pathway in self.pathways if pathway.welcomes(answers)), None)

    def message_for(self, when: Occasion, to: Role, rule: str | None = None, of: Topic | None = None) -> str | None:
        """The name of the message that is sent on this occasion; None when there is none."""
        return choose(self._messages_by_meaning, when, to, rule, of)

    @cached_property
    def _messages_by_meaning(self) -> Mapping[Meant, str]:
        return by_meaning(self.messages)

    def segment_of(self, answers: Mapping[str, object]) -> Segment | None:
        """The first segment that these answers fit, in the order of the kit; None when none does (R8)."""
        return next((segment for segment in self.segments if fits(segment.when, answers)), None)

    def template(self, template: str | None) -> Template | None:
        return self._templates.get(template) if template else None

    @cached_property
    def _templates(self) -> Mapping[str, Template]:
        return {one.id: one for one in self.templates}
