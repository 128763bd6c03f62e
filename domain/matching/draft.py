"""What a round proposes: who gets which mentor, who gets none and why, and the proof that nothing better exists.

Points and prices are rounded to hundredths, in which they are calculated; the certificate has
whole hundredths.
"""

from collections.abc import Mapping
from typing import Literal

from domain.ids import JourneyId, KitDigest, LearnerId, MentorId, ProgramId
from domain.matching.certificate import Certificate
from domain.values import Frozen, StoredInstant

Why = Literal["excluded", "below_least", "no_place"]
"""Why a learner gets nobody: rules exclude every mentor; of those left nobody fits well enough; or others have the
places."""


class Proposed(Frozen):
    journey: JourneyId
    learner: LearnerId
    mentor: MentorId
    points: float
    """The fit, of 100, with wishes on top."""
    pinned: bool = False


class Unplaced(Frozen):
    """A learner who gets no mentor for now."""

    journey: JourneyId
    learner: LearnerId
    why: Why
    says: str
    excluded: Mapping[str, int] = {}
    """How many mentors are excluded for each reason, by the name of the rule; a mentor may be so for several."""


class WorstOff(Frozen):
    """One of the learners whose mentors fit least."""

    learner: LearnerId
    mentor: MentorId
    points: float
    says: str


class Preferring(Frozen):
    """A learner and a mentor who would both rather have each other than whom they have."""

    learner: LearnerId
    mentor: MentorId
    points: float
    says: str


class Obstacle(Frozen):
    """A rule, and how many pairs it makes impossible."""

    rule: str
    pairs: int
    alone: int
    """Pairs that are impossible by this rule alone."""
    says: str


class Draft(Frozen):
    program: ProgramId
    kit: KitDigest
    pool: str
    """The digest of the pool."""
    at: StoredInstant
    pairs: tuple[Proposed, ...]
    """By journey."""
    unplaced: tuple[Unplaced, ...]
    """By journey."""
    certificate: Certificate
    """Nothing else is cheaper: moving anybody anywhere has a price, and none is negative."""
    mean_points: float | None
    """Of all pairs; None when there are none."""
    worst_off: tuple[WorstOff, ...]
    """The worst first, at most ten."""
    preferring: tuple[Preferring, ...]
    """Those with the most to gain first, at most twenty."""
    preferring_in_all: int
    obstacles: tuple[Obstacle, ...]
    """The rules that make pairs impossible, those with the most first."""
    remarks: tuple[str, ...]
    """What of the kit was ignored, which pins could not hold, and the like."""
