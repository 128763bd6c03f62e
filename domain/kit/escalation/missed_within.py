"""The learner has missed so many sessions within a stretch of time, in a row or not."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import ClassVar

from pydantic import Field

from domain.kit.escalation.condition import Condition, JourneyFacts, MissFacts, Outline, of_type
from domain.values import Duration, Event, counted, say_duration


class MissedWithin(Condition):
    """So many sessions missed by the learner within a stretch of time, in a row or not."""

    example: ClassVar[str] = "sessions_missed: 3, within: 6 weeks"
    after: ClassVar[frozenset[str] | None] = frozenset(("journey.attendance_recorded", "journey.attendance_corrected"))
    in_sessions_only: ClassVar[bool] = True

    sessions_missed: int = Field(ge=1)
    within: Duration

    def in_words(self) -> str:
        are = "is" if self.sessions_missed == 1 else "are"
        return f"{counted(self.sessions_missed, 'session')} {are} missed within {say_duration(self.within)}"

    def counted_so_far(self, journey: JourneyFacts) -> str:
        missed = len(journey.misses)
        return f"{missed} missed so far" if missed else ""

    def subjects(self, journey: JourneyFacts, happened: Sequence[Event], at: datetime) -> Iterator[str]:
        recent = [miss for miss in journey.misses if miss.at > at - self.within]
        recorded = of_type(happened, "journey.attendance_recorded", "journey.attendance_corrected")
        if len(recent) >= self.sessions_missed and any(one.attendance == "missed_by_learner" for one in recorded):
            yield _subject(recent[0])

    def still_holds(self, journey: JourneyFacts, subject: str, _: Collection[str]) -> bool:
        return any(subject == _subject(miss) for miss in journey.misses)

    def has_grounds(self, journey: JourneyFacts, subject: str) -> bool:
        first = next((miss for miss in journey.misses if subject == _subject(miss)), None)
        if first is None:
            return False
        return sum(first.at <= miss.at < first.at + self.within for miss in journey.misses) >= self.sessions_missed

    def unreachable(self, program: Outline) -> str | None:
        if reason := program.too_few_sessions(self.sessions_missed):
            return reason
        if self._fits(program):
            return None
        return f"no {self.sessions_missed} sessions lie within {say_duration(self.within)}"

    def _fits(self, program: Outline) -> bool:
        """Whether on some pathway so many sessions lie so close together."""
        spans = (
            last - first
            for begins in program.sessions
            for first, last in zip(begins, begins[self.sessions_missed - 1 :], strict=False)
        )
        return any(span < self.within for span in spans)


def _subject(first: MissFacts) -> str:
    return f"misses-from:{first.name}"
