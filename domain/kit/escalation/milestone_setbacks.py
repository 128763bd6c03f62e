"""One milestone was so often missed at its deadline, returned, or failed."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import ClassVar

from pydantic import Field

from domain.kit.escalation.condition import Condition, JourneyFacts, MilestoneFacts, Outline
from domain.values import Event, counted


class MilestoneSetbacks(Condition):
    """One milestone so often missed at its deadline, returned, or failed."""

    example: ClassVar[str] = "milestone_setbacks: 2"
    in_sessions_only: ClassVar[bool] = True

    milestone_setbacks: int = Field(ge=1)

    def in_words(self) -> str:
        return f"one milestone is missed, returned or failed {counted(self.milestone_setbacks, 'time')}"

    def subjects(self, journey: JourneyFacts, happened: Sequence[Event], at: datetime) -> Iterable[str]:  # noqa: ARG002
        return self._often_enough(journey)

    def still_holds(self, journey: JourneyFacts, subject: str, _: Collection[str]) -> bool:
        return any(subject == _subject(one) for one in _unsettled(journey))

    def has_grounds(self, journey: JourneyFacts, subject: str) -> bool:
        return subject in self._often_enough(journey)

    def _often_enough(self, journey: JourneyFacts) -> list[str]:
        return [_subject(one) for one in _unsettled(journey) if one.setbacks >= self.milestone_setbacks]

    def unreachable(self, program: Outline) -> str | None:
        return program.never_asked.get("milestone")


def _unsettled(journey: JourneyFacts) -> Iterator[MilestoneFacts]:
    """The milestones whose setbacks count: not those that were passed, or waived, after all."""
    return (one for one in journey.milestones if one.status not in ("passed", "waived"))


def _subject(one: MilestoneFacts) -> str:
    """A pathway that is started anew counts setbacks anew, so it has a subject of its own."""
    return f"setbacks:{one.milestone}" + (f"#{one.planned_attempt}" if one.planned_attempt > 1 else "")
