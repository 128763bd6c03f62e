"""What a monthly review says, as it is stored: figures of one moment, with everything that is needed to read them."""

from pydantic import AwareDatetime, Field

from domain.effects import Effect, Estimate, Kind, Unit
from domain.ids import KitDigest, ProgramId
from domain.values import Frozen, is_none

CHANGES_AT_MOST = 40
DIFFERENCES_AT_MOST = 100
"""Of one change. All are counted."""
FIGURES_AT_MOST = 120
HAPPENINGS_AT_MOST = 100
PROPOSALS_AT_MOST = 100


class Figure(Frozen):
    """A measure in the month, beside the month before."""

    measure: str
    title: str
    kind: Kind
    unit: Unit
    month: Estimate
    before: Estimate


class ProposalBehind(Frozen):
    """A proposal that was tried in a version."""

    id: str
    title: str
    status: str


class KitDifference(Frozen):
    whom: str
    says: str


class KitChange(Frozen):
    """New journeys follow another version from this moment on."""

    at: AwareDatetime
    before: str | None
    """None: it was the first version."""
    after: str
    kit_before: KitDigest | None
    kit: KitDigest
    by: str
    differences: tuple[KitDifference, ...] = ()
    count: int = 0
    """Of all differences, of which at most 100 are listed."""
    proposals: tuple[ProposalBehind, ...] = ()
    learners_before: int = 0
    """Who began with the version before, and who began with the new one, until the end of the month."""
    learners_after: int = 0
    effects: tuple[Effect, ...] = ()


class Happening(Frozen):
    """Something else that changed how the program runs."""

    at: AwareDatetime
    what: str
    """In words, without personal data."""


class CapacityThen(Frozen):
    """The last review of capacity in the month."""

    at: AwareDatetime
    mentors: int
    places: int
    taken: int
    utilization: float
    over_limit: int
    under_used: int
    waiting: int
    longest_wait_days: int


class Cases(Frozen):
    opened: int = 0
    resolved: int = 0
    """In the month, as the first."""
    open: int = 0
    """When the draft is made, of those that were opened by the end of the month; a case also ends with its journey."""
    overdue: int = 0
    """Of these: their time to respond is over."""


class SurveyAnswered(Frozen):
    """A survey, of what was asked in the month."""

    survey: str
    role: str
    asked: int
    answered: int
    open: int


class Found(Frozen):
    """What a detector found in the month, and what people have said of it when the draft is made."""

    detector: str
    raised: int
    confirmed: int
    dismissed: int


class QualityThen(Frozen):
    """Rounds of reviews that began in the month, as they stand when the draft is made, and what detectors found."""

    rounds: int
    sampled: int
    """Sessions, each once."""
    reviewed: int
    skipped: int
    waiting: int
    """Of rounds that are open."""
    minutes: int
    """That the reviews took."""
    found: tuple[Found, ...] = ()


class ReviewDocument(Frozen):
    program: ProgramId
    title: str
    month: str
    """As `2026-11`."""
    zone: str
    since: AwareDatetime
    until: AwareDatetime
    """The first moment of the next month."""
    drafted_at: AwareDatetime
    position: int
    """Of the log: everything up to it is counted."""
    version: str
    """Of the kit that new journeys follow when the draft is made."""
    whole: bool = True
    """False: it was drafted before the month was over."""
    least: int
    confidence: float
    changes: tuple[KitChange, ...] = ()
    """Of the month."""
    earlier: tuple[KitChange, ...] = ()
    """The last change before the month, with what it did until now."""
    happenings: tuple[Happening, ...] = ()
    proposals: tuple[ProposalBehind, ...] = ()
    """That were made or decided in the month."""
    figures: tuple[Figure, ...] = ()
    capacity: CapacityThen | None = None
    """None: no review of capacity was recorded in the month."""
    cases: Cases
    surveys: tuple[SurveyAnswered, ...] = ()
    quality: QualityThen | None = Field(default=None, exclude_if=is_none)
    """None: it was drafted by a release that did not look."""
    lacking: tuple[str, ...] = ()
    """What could not be shown, and why, in words."""
