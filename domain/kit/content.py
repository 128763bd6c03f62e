"""What a kit says: its fields, with the parts that are not large enough for a file of their own."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from domain.ids import Slug
from domain.kit.breaks import Break
from domain.kit.capacity import Capacity
from domain.kit.cohorts import Cohorts
from domain.kit.delivery import Monitoring, Pathway
from domain.kit.detectors import Detectors
from domain.kit.evidence import EvidenceRules
from domain.kit.formats import FORMAT, Format
from domain.kit.forms import Intake, Template
from domain.kit.growth import Growth
from domain.kit.matching import Matching
from domain.kit.meeting import Meeting
from domain.kit.messages import Message, QuietHours
from domain.kit.monthly_review import MonthlyReview
from domain.kit.own_pages import OwnPages, offers_all
from domain.kit.promising import Kind, OutcomeMeaning, Promise
from domain.kit.quality import Quality, Rubric
from domain.kit.rules import Escalation
from domain.kit.surveys import Asking, Survey
from domain.kit.words import ALWAYS_HUMAN, HumanStep, Text
from domain.values import Duration, Frozen, StoredInstant, is_nothing

KIT_FILE = "program.yaml"
"""The file of a kit. Its source is also one of the texts, under this name, so that a rule can be traced to its line."""


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


class Content(Frozen):
    """Every field of a kit, each right by itself. Whether they hold together is asked in `checking`."""

    format: Format = FORMAT
    """The format of this file, for a later Trellis to read it by. Without it: the newest that this Trellis reads."""
    program: Slug
    version: Text
    title: Text
    promise: Promise
    outcomes: Mapping[Kind, Annotated[tuple[Text, ...], Field(min_length=1)]] = {}
    """The kinds of outcomes that have known values, each with all of them. These are counted by name; any other value
    may be personal, and is counted without its words."""
    outcome_meanings: Annotated[tuple[OutcomeMeaning, ...], Field(max_length=20)] = Field(
        default=(), exclude_if=is_nothing
    )
    """Which outcomes count as an interview, a job, a promotion or a project. None: they are counted by kind alone."""
    starts_at: StoredInstant | None = None
    """The first moment of a fixed term, from which every pathway counts. None: each counts from its own match."""
    mentor_criteria: tuple[Text, ...] = ()
    service_levels: ServiceLevels = ServiceLevels()
    intake: Intake = Intake()
    segments: tuple[Segment, ...] = ()
    matching: Matching = Matching()
    capacity: Capacity = Capacity()
    meeting: Meeting = Meeting()
    cohorts: Cohorts | None = None
    """None: this program forms no groups; sessions in the mode `cohort` are planned for each learner alone."""
    pathways: tuple[Pathway, ...] = Field(min_length=1)
    templates: tuple[Template, ...] = ()
    monitoring: Monitoring | None = None
    """None: nobody is asked to check in between sessions."""
    escalations: tuple[Escalation, ...] = ()
    breaks: Annotated[tuple[Break, ...], Field(max_length=50)] = Field(default=(), exclude_if=is_nothing)
    """Holidays in which the clocks of inactivity and of silent mentors rest."""
    checklists: Mapping[Slug, tuple[Text, ...]] = {}
    rubric: Rubric = Rubric()
    quality: Quality | None = None
    """None: no session is sampled for a review. Sessions can be scored all the same."""
    detectors: Detectors | None = None
    """None: nothing is looked for in what mentors write."""
    surveys: tuple[Survey, ...] = ()
    asking: Asking | None = None
    """None: nobody is asked, whatever surveys there are."""
    messages: Mapping[Slug, Message] = {}
    quiet_hours: QuietHours | None = None
    """When learners and mentors are let be, on their own clocks; what is written meanwhile reaches them afterwards."""
    evidence: EvidenceRules = EvidenceRules()
    """How much it takes before feedback counts as more than an opinion."""
    mentor_kit: MentorKit = MentorKit()
    monthly_review: MonthlyReview | None = None
    """None: nothing is drafted by itself, and nobody gets what is released."""
    growth: Growth | None = None
    """When enrollment may be opened for many. None: whenever somebody opens it."""
    pre_mortem: tuple[Failure, ...] = ()
    human: tuple[HumanStep, ...] = ALWAYS_HUMAN
    """What stays with people: more than always does, if the program says so, and never less (R38)."""
    customizable: tuple[Text, ...] = ()
    """What a site that runs this program may change without asking (R28)."""
    wrap_up: WrapUp = WrapUp()
    pausing: Pausing = Pausing()
    own_pages: OwnPages = Field(default=OwnPages(), exclude_if=offers_all)
    """What the pages offer that learners and mentors have by the link in their letters."""
    texts: Mapping[str, str] = {}
    """The texts of the kit's folder, Markdown, by their names."""
