"""What is known about learners and mentors when they are matched: one normal form, whatever it was read from.

Words such as a problem type or a style are compared as they are written, so both sides use those that the kit's
intake offers. An empty tuple or None means that nobody has said; it is never taken for a no.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from domain.ids import SLUG, LearnerId, MentorId, Slug
from domain.scheduling.week import Week
from domain.values import Day, Frozen, Instant

Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Words = tuple[Word, ...]

Trait = Literal[
    "problem_type",
    "pace",
    "communication_style",
    "learning_style",
    "channel",
    "format",
    "confidence",
    "goals",
    "skills",
    "languages",
    "affiliation",
    "time_zone",
    "availability",
    "wishes",
    "never",
]
"""What a question of the intake can tell about a learner, and a column about a mentor."""


class Leave(Frozen):
    """The mentor meets nobody from `starts_at` until `ends_at`."""

    starts_at: Instant
    ends_at: Instant


class Check(Frozen):
    """Something that was verified about a mentor, such as `background` or `safeguarding`."""

    check: Slug
    valid_until: Day | None = None
    """The last day on which it counts, UTC. None: it does not expire."""


class MentorTraits(Frozen):
    """What a mentor says about themselves. Names and addresses are kept elsewhere (store/people.py)."""

    mentor_type: Word | None = None
    """The kind that pathways ask for."""
    places: int | None = Field(default=None, ge=0)
    """The most learners at a time, in all programs together. None: as many as each kit allows."""
    minutes_a_week: int | None = Field(default=None, ge=0)
    """The most, in all programs together."""
    expertise: Words = ()
    """The problem types that they help with."""
    ideal_learner: Words = ()
    """The ids of segments that they help best."""
    pace: Words = ()
    session_style: Words = ()
    """How they communicate."""
    learning_style: Words = ()
    """The ways of learning that they support."""
    channel: Words = ()
    format: Words = ()
    """The modes of sessions that they hold, as in the kit."""
    outcomes: Words = ()
    """What their learners typically reach; compared with the learner's goals."""
    supports_from: int | None = Field(default=None, ge=1, le=10)
    """The lowest confidence, from 1 to 10, of the learners whom they help well."""
    skills: Words = ()
    languages: Words = ()
    affiliation: Words = ()
    """Employers, schools, projects: whoever shares one has a conflict of interest, where the kit says so."""
    time_zone: Word | None = None
    availability: Week = ()
    wishes: tuple[Annotated[LearnerId, SLUG], ...] = ()
    """Learners whom they would like, the first wish first."""
    never: tuple[Annotated[LearnerId, SLUG], ...] = ()
    """Learners with whom they have a conflict of interest."""


class MentorProfile(MentorTraits):
    """The same, with what the program has established about them."""

    onboarded_on: Day | None = None
    checks: tuple[Check, ...] = ()


class LearnerProfile(Frozen):
    problem_type: Words = ()
    pace: Words = ()
    communication_style: Words = ()
    learning_style: Words = ()
    channel: Words = ()
    format: Words = ()
    confidence: float | None = None
    """From 1 to 10."""
    goals: Words = ()
    skills: Words = ()
    languages: Words = ()
    affiliation: Words = ()
    time_zone: Word | None = None
    availability: Week = ()
    segment: Slug | None = None
    wishes: tuple[Annotated[MentorId, SLUG], ...] = ()
    never: tuple[Annotated[MentorId, SLUG], ...] = ()
