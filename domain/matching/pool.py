"""Everything that a round of matching is decided on. The same pool and the same kit always give the same result."""

import hashlib
from functools import cached_property
from typing import Annotated

from pydantic import Field

from domain.ids import JourneyId, KitDigest, LearnerId, MentorId, ProgramId
from domain.profiles import LearnerProfile, Leave, MentorProfile
from domain.values import Frozen, StoredInstant


class Candidate(Frozen):
    """A learner who waits for a mentor."""

    journey: JourneyId
    learner: LearnerId
    profile: LearnerProfile
    mentor_type: str | None = None
    """The kind of mentor that the pathway asks for."""
    waiting_since: StoredInstant
    urgent: bool = False
    declined: tuple[MentorId, ...] = ()
    """Mentors of declined or expired offers of this journey, and those who have left it."""


class Available(Frozen):
    """A mentor as the round finds them."""

    mentor: MentorId
    profile: MentorProfile
    learners: int = 0
    """How many they have or have been proposed to, in all programs together."""
    free: int = Field(default=0, ge=0)
    """How many more they can take by places and minutes, up to the limit."""
    free_to_target: int = Field(default=0, ge=0)
    """How many of those until they are at the target of utilization."""
    trained: bool = True
    """Whether no step of the program's training is open."""
    rests_until: StoredInstant | None = None
    """Left in peace until then, after a declined offer."""
    leave: tuple[Leave, ...] = ()
    """Under way or to come, none overlapping another."""


class Pair(Frozen):
    learner: LearnerId
    mentor: MentorId


class Pool(Frozen):
    program: ProgramId
    kit: KitDigest
    at: StoredInstant
    """The moment for which waits, checks and leave are counted."""
    candidates: tuple[Candidate, ...]
    mentors: tuple[Available, ...]
    pinned: tuple[Pair, ...] = ()
    """Pairs that a person has set; they hold unless a hard rule forbids them."""
    forbidden: tuple[Pair, ...] = ()
    key: Annotated[str, Field(max_length=120)] = ""
    """Of the hash that breaks ties, such as the id of the round."""

    @cached_property
    def digest(self) -> str:
        """SHA-256, the same for any order of the rows."""
        ordered = self.model_copy(
            update={
                "candidates": tuple(sorted(self.candidates, key=lambda one: one.journey)),
                "mentors": tuple(sorted(self.mentors, key=lambda one: one.mentor)),
                "pinned": tuple(sorted(self.pinned, key=lambda one: (one.learner, one.mentor))),
                "forbidden": tuple(sorted(self.forbidden, key=lambda one: (one.learner, one.mentor))),
            }
        )
        return hashlib.sha256(ordered.model_dump_json().encode()).hexdigest()
