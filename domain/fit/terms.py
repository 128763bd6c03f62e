"""What comparisons go by, besides the two people: the policy of the kit, and the day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Measure = Literal["share", "jaccard", "any"]
Overflow = Literal["wait", "past_target", "past_limit"]


@dataclass(frozen=True, slots=True)
class Terms:
    at: datetime
    """The moment for which leave, checks and time zones are looked at."""
    common_hours: timedelta = timedelta(hours=1)
    ample_hours: timedelta = timedelta(hours=4)
    skills_by: Measure = "share"
    checks: tuple[str, ...] = ()
    overflow: Overflow = "past_target"
    learners_per_mentor: int = 6
    wishes_of_learners: int = 0
    wishes_of_mentors: int = 0
    wish_points: float = 10
