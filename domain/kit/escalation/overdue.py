"""A duty of somebody is late by so much."""

from collections.abc import Collection
from datetime import timedelta
from typing import ClassVar

from domain.kit.escalation.condition import Condition, JourneyFacts, Outline
from domain.kit.words import DUTIES, Duty
from domain.values import Duration, say_duration

_OVER_WHEN_DUE: tuple[Duty, ...] = ("intake", "offer", "remedy", "wrap_up")
"""An intake is given up, an offer lapses and a wrap-up closes at their due time: nothing can wait for longer."""


class Overdue(Condition):
    example: ClassVar[str] = "overdue: milestone"
    by_clock: ClassVar[bool] = True

    overdue: Duty
    by: Duration = timedelta(0)

    def in_words(self) -> str:
        verb = "are" if self.overdue == "notes" else "is"
        return f"{DUTIES[self.overdue]} {verb} {f'{say_duration(self.by)} late' if self.by else 'late'}"

    @property
    def duty(self) -> Duty:
        return self.overdue

    @property
    def delay(self) -> timedelta:
        return self.by

    def still_holds(self, journey: JourneyFacts, subject: str, awaited: Collection[str]) -> bool:  # noqa: ARG002
        return subject in awaited

    @property
    def earliest(self) -> None:
        """Some duties are late before the pathway begins, others after its end."""
        return None

    def never(self) -> tuple[str, str] | None:
        if not self.by or self.overdue not in _OVER_WHEN_DUE:
            return None
        ends = "the journey closes" if self.overdue in ("intake", "wrap_up") else "it lapses"
        return "by", f"{ends} when its {self.overdue} is due; leave out `by`"

    def unreachable(self, program: Outline) -> str | None:
        return program.never_asked.get(self.overdue)

    def no_later_steps(self) -> str | None:
        return f"the {self.overdue} is over once it is late" if self.overdue in _OVER_WHEN_DUE else None
