"""Escalation rules: what is done when something goes wrong, defined in advance (R54 to R56)."""

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

from pydantic import Field

from domain.ids import Slug
from domain.kit.escalation import AnyCondition
from domain.kit.unions import one_of
from domain.kit.words import Remedy, Role, Severity, Text
from domain.values import Duration, Frozen


class Nudge(Frozen):
    """A friendly reminder to the one who is awaited; no person has to act on it."""

    nudge: Role


class OpenCase(Frozen):
    """A person takes the matter up, and is given a time to answer in."""

    open_case: Literal["mentor", "ops"]
    severity: Severity = "warning"
    respond_within: Duration = timedelta(hours=48)
    checklist: Text | None = None
    """The name of the checklist of the kit that the owner goes by, such as that of a re-engagement (R26)."""


class OfferRemedies(Frozen):
    """The learner is offered a way on, and chooses."""

    offer: tuple[Remedy, ...] = Field(min_length=1)
    stands_for: Duration = timedelta(days=7)


if TYPE_CHECKING:
    Measure: TypeAlias = Nudge | OpenCase | OfferRemedies
else:
    Measure = one_of(
        (Nudge, OpenCase, OfferRemedies),
        "nothing says what is done; write `nudge: learner`, `open_case: ops` or `offer: [pause]`",
    )


class Step(Frozen):
    """A further rung of the ladder: taken so long after the rule came true, if its reason lasts."""

    after: Duration
    then: Measure


class Escalation(Frozen):
    """A rule: when this happens, that is done about it; and if it lasts, what is done after that."""

    id: Slug
    title: Text
    when: AnyCondition
    then: Measure
    later: tuple[Step, ...] = ()

    @cached_property
    def place(self) -> str:
        """Its place in the kit."""
        return f"escalations.{self.id}"

    @cached_property
    def ladder(self) -> tuple[Step, ...]:
        """Every step, the first included, with how long after the rule fires it is taken."""
        return (Step(after=timedelta(0), then=self.then), *self.later)
