"""Somebody raised a risk flag."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import ClassVar, Final

from domain.ids import Slug
from domain.kit.escalation.condition import Condition, JourneyFacts, of_type
from domain.values import Event

ANY: Final = "any"


class RiskFlag(Condition):
    """Somebody raised this flag; `any`: whichever it is."""

    example: ClassVar[str] = "risk_flag: any"
    wants_a_person: ClassVar[bool] = True

    risk_flag: Slug

    def in_words(self) -> str:
        return "any risk flag is raised" if self.risk_flag == ANY else f"the risk flag {self.risk_flag!r} is raised"

    def subjects(self, journey: JourneyFacts, happened: Sequence[Event], _: datetime) -> Iterator[str]:
        for one in of_type(happened, "journey.risk_flag_raised"):
            if self.risk_flag in (ANY, one.flag):
                yield f"flag:{one.flag}#{journey.signs}"
