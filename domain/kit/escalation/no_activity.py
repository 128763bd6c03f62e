"""The learner was not seen for so long. Their activity is recorded beside the journey, so it is looked up first."""

from collections.abc import Collection
from datetime import timedelta
from typing import ClassVar

from domain.kit.breaks import elapsed
from domain.kit.escalation.condition import Breaks, Condition, Deadline, JourneyFacts, Outline, quiet_since
from domain.values import Duration, say_duration


class NoActivity(Condition):
    example: ClassVar[str] = "no_activity_for: 7 days"
    by_clock: ClassVar[bool] = True
    in_sessions_only: ClassVar[bool] = True
    checks_activity: ClassVar[bool] = True
    rests_in_breaks: ClassVar[bool] = True

    no_activity_for: Duration

    def in_words(self) -> str:
        return f"there is no activity for {say_duration(self.no_activity_for)}"

    def deadline(self, journey: JourneyFacts, breaks: Breaks = ()) -> Deadline | None:
        if journey.last_seen_at is None or journey.quiet_from is None:
            return None
        at = elapsed(journey.quiet_from, self.no_activity_for, breaks)
        return Deadline(quiet_since(journey.last_seen_at), at)

    def still_holds(self, journey: JourneyFacts, subject: str, _: Collection[str]) -> bool:
        return journey.last_seen_at is not None and subject == quiet_since(journey.last_seen_at)

    @property
    def earliest(self) -> timedelta:
        return self.no_activity_for

    def unreachable(self, program: Outline) -> str | None:
        return program.over_by(self.no_activity_for)
