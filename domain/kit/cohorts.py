"""Groups of learners who meet together (R60, R95)."""

from pydantic import Field

from domain.ids import Slug
from domain.kit.words import Text
from domain.values import Frozen


class Cohorts(Frozen):
    least: int = Field(default=3, ge=2, le=200)
    most: int = Field(default=12, ge=2, le=200)
    mentors: int = Field(default=1, ge=1, le=2)
    """How many lead a group."""
    by: tuple[Slug, ...] = ("problem_type", "pace")
    """What members of a group have in common, by traits of learners, the most important first."""
    common_hours: bool = True
    """Whether a group needs a time in the week that suits all its members."""
    brings_mentor: bool = False
    """Whether joining a group gives the learner its mentor; otherwise each has one of their own."""
    title: Text = "Group"
    """What groups are called; each has a number after it."""
