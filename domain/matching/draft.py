"""What a round proposes: who gets which mentor, who gets none and why, and the proof that nothing better exists.

All points and prices are rounded to hundredths, in which they are calculated.
"""

from collections.abc import Mapping
from typing import Literal

from domain.ids import JourneyId, KitDigest, LearnerId, MentorId, ProgramId
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
    """How many mentors each rule excludes, by the name of the rule. Several may exclude the same."""


class WorstOff(Frozen):
    """One of the learners who have the least fitting mentors of all."""

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


class Proof(Frozen):
    """That no other assignment of the pool is cheaper: moving anybody anywhere has a price, and none is negative."""

    optimal: bool
    least_price: float
    """The lowest price of any pair that was not made; 0: there are ties, which the key of the pool breaks."""
    cost: float
    """What the assignment costs in all."""
    problem: str
    """SHA-256 of the numbers that were solved, the same for any order of rows."""


class Draft(Frozen):
    program: ProgramId
    kit: KitDigest
    pool: str
    """The digest of the pool."""
    at: StoredInstant
    pairs: tuple[Proposed, ...]
    """By learner."""
    unplaced: tuple[Unplaced, ...]
    """By learner."""
    proof: Proof
    mean_points: float | None
    """Of all pairs; None when there are none."""
    worst_off: tuple[WorstOff, ...]
    """The worst first, at most ten."""
    preferring: tuple[Preferring, ...]
    """Those who would gain most first, at most twenty."""
    preferring_in_all: int
    obstacles: tuple[Obstacle, ...]
    """The rules that make pairs impossible, those with the most first."""
    remarks: tuple[str, ...]
    """What of the kit was ignored, which pins could not hold, and the like."""
