"""What learners do from day to day, as reported by the systems they work in. Facts that no journey decides about."""

from typing import ClassVar

from pydantic import Field

from domain.values import Event


class LearnerWasActive(Event):
    """The learner was active on the day of `at`. Journeys ask for the latest of these when a quiet spell gets long."""

    type: ClassVar[str] = "activity.learner_was_active"
    clicks: int = Field(ge=0)
    pages: int = Field(ge=0)
