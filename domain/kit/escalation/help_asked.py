"""The learner asked for help."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import ClassVar, Literal

from domain.kit.escalation.condition import Condition, JourneyFacts, of_type
from domain.values import Event


class HelpAsked(Condition):
    example: ClassVar[str] = "help_asked: true"
    after: ClassVar[frozenset[str] | None] = frozenset(("journey.help_asked",))
    wants_a_person: ClassVar[bool] = True

    help_asked: Literal[True]

    def in_words(self) -> str:
        return "the learner asks for help"

    def subjects(self, journey: JourneyFacts, happened: Sequence[Event], _: datetime) -> Iterator[str]:
        for _asked in of_type(happened, "journey.help_asked"):
            yield f"help#{journey.signs}"
