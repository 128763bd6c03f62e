"""Somebody raised a risk flag."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import ClassVar, Final, Self

from pydantic import Field, model_validator

from domain.ids import Slug
from domain.kit.escalation.condition import Condition, JourneyFacts, of_type
from domain.values import Event, either, is_nothing

ANY: Final = "any"
_ABOUT: Final = "flag:"


class RiskFlag(Condition):
    """Somebody raised this flag; `any`: whichever it is, but for those that are named."""

    example: ClassVar[str] = "risk_flag: any"
    after: ClassVar[frozenset[str] | None] = frozenset(("journey.risk_flag_raised",))
    wants_a_person: ClassVar[bool] = True

    risk_flag: Slug
    other_than: tuple[Slug, ...] = Field(default=(), exclude_if=is_nothing)
    """With `any`: flags that other rules see to."""

    @model_validator(mode="after")
    def _names_others_of_any_alone(self) -> Self:
        if self.other_than and self.risk_flag != ANY:
            raise ValueError(f"`other_than` goes with `risk_flag: any`; leave it out with {self.risk_flag!r}")
        return self

    def in_words(self) -> str:
        if self.risk_flag != ANY:
            return f"the risk flag {self.risk_flag!r} is raised"
        but = f" other than {either(map(repr, self.other_than))}" if self.other_than else ""
        return f"any risk flag{but} is raised"

    def subjects(self, journey: JourneyFacts, happened: Sequence[Event], _: datetime) -> Iterator[str]:
        for one in of_type(happened, "journey.risk_flag_raised"):
            if self.risk_flag in (ANY, one.flag) and one.flag not in self.other_than:
                yield f"{_ABOUT}{one.flag}#{journey.signs}"


def flag_of(about: str) -> str | None:
    """The flag that an escalation is about; None: it is about something else."""
    return about.removeprefix(_ABOUT).rpartition("#")[0] if about.startswith(_ABOUT) else None
