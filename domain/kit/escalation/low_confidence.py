"""The learner said that they have little confidence."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import ClassVar

from pydantic import Field

from domain.kit.escalation.condition import Condition, JourneyFacts, of_type
from domain.values import Event


class LowConfidence(Condition):
    """The learner's own word on their confidence, from 1 to 10, lies below."""

    example: ClassVar[str] = "confidence_below: 4"
    after: ClassVar[frozenset[str] | None] = frozenset(("journey.feedback_given",))
    wants_a_person: ClassVar[bool] = True

    confidence_below: int = Field(ge=2, le=10)

    def in_words(self) -> str:
        return f"the learner's confidence is below {self.confidence_below} of 10"

    def subjects(self, journey: JourneyFacts, happened: Sequence[Event], _: datetime) -> Iterator[str]:
        for one in of_type(happened, "journey.feedback_given"):
            if one.confidence < self.confidence_below:
                yield f"confidence#{journey.signs}"
