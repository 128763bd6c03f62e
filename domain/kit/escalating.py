"""Escalation rules: what may go wrong, and what is done about it, written down in advance (R54 to R56)."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from domain.ids import Slug
from domain.kit.words import Duty, Remedy, Role, Severity, Text
from domain.values import Duration, Frozen


class NoActivity(Frozen):
    no_activity_for: Duration


class MentorSilent(Frozen):
    """The mentor has done nothing on this journey for so long."""

    mentor_silent_for: Duration


class MissedInARow(Frozen):
    sessions_missed_in_a_row: int = Field(ge=1)


class MissedWithin(Frozen):
    """So many sessions missed by the learner within a stretch of time, in a row or not."""

    sessions_missed: int = Field(ge=1)
    within: Duration


class MilestoneSetbacks(Frozen):
    """One milestone so often missed at its deadline, returned, or failed."""

    milestone_setbacks: int = Field(ge=1)


class RiskFlag(Frozen):
    """Somebody raised this flag; `any`: whichever it is."""

    risk_flag: Slug


class HelpAsked(Frozen):
    help_asked: Literal[True]


class LowConfidence(Frozen):
    """The learner's own word on their confidence, from 1 to 10, lies below."""

    confidence_below: int = Field(ge=2, le=10)


class Overdue(Frozen):
    overdue: Duty
    by: Duration = timedelta(0)


def _first_of(*names: str) -> Callable[[object], str | None]:
    """Tells the form that a rule was meant to have by the field that only this form has: errors are about that one."""

    def tell(value: object) -> str | None:
        fields = value if isinstance(value, Mapping) else getattr(type(value), "model_fields", {})
        return next((name for name in names if name in fields), None)

    return tell


Trigger = Annotated[
    Annotated[NoActivity, Tag("no_activity_for")]
    | Annotated[MentorSilent, Tag("mentor_silent_for")]
    | Annotated[MissedInARow, Tag("sessions_missed_in_a_row")]
    | Annotated[MissedWithin, Tag("sessions_missed")]
    | Annotated[MilestoneSetbacks, Tag("milestone_setbacks")]
    | Annotated[RiskFlag, Tag("risk_flag")]
    | Annotated[HelpAsked, Tag("help_asked")]
    | Annotated[LowConfidence, Tag("confidence_below")]
    | Annotated[Overdue, Tag("overdue")],
    Discriminator(
        _first_of(
            "no_activity_for",
            "mentor_silent_for",
            "sessions_missed_in_a_row",
            "sessions_missed",
            "milestone_setbacks",
            "risk_flag",
            "help_asked",
            "confidence_below",
            "overdue",
        ),
        custom_error_type="kit",
        custom_error_message="nothing says when it comes; write for instance "
        "`no_activity_for: 7 days`, `sessions_missed_in_a_row: 2` or `overdue: milestone`",
    ),
]


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


Measure = Annotated[
    Annotated[Nudge, Tag("nudge")] | Annotated[OpenCase, Tag("open_case")] | Annotated[OfferRemedies, Tag("offer")],
    Discriminator(
        _first_of("nudge", "open_case", "offer"),
        custom_error_type="kit",
        custom_error_message="nothing says what is done; write `nudge: learner`, `open_case: ops` or `offer: [pause]`",
    ),
]


class Step(Frozen):
    """A further rung of the ladder: taken so long after the rule came true, if its reason lasts."""

    after: Duration
    then: Measure


class Escalation(Frozen):
    """A rule: when this happens, that is done about it; and if it lasts, what is done after that."""

    id: Slug
    title: Text
    when: Trigger
    then: Measure
    later: tuple[Step, ...] = ()

    @cached_property
    def place(self) -> str:
        """Where it stands in the kit."""
        return f"escalations.{self.id}"

    @cached_property
    def ladder(self) -> tuple[Step, ...]:
        """Every rung, with how long after the rule came true it is taken."""
        return (Step(after=timedelta(0), then=self.then), *self.later)
