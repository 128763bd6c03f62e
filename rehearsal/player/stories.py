"""What is played: learners with what they, their mentors and others do, each act at its time."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from domain.ids import JourneyId, LearnerId
from domain.journey import NamedCommand


class Act(NamedTuple):
    """Somebody does something on a journey."""

    at: datetime
    command: NamedCommand


@dataclass(frozen=True, slots=True)
class Story:
    """Of one journey."""

    journey: JourneyId
    learner: LearnerId
    begins_at: datetime
    acts: Sequence[Act] = ()
    """In the order of time."""
    time_zone: str | None = None
    """Of the learner, where it is kept beside their name."""
    active: Sequence[datetime] = ()
    """When the learner is active elsewhere, in order."""

    def last_active(self, until: datetime) -> datetime | None:
        count = bisect_right(self.active, until)
        return self.active[count - 1] if count else None
