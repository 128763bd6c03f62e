"""The mentor has done nothing on the journey for so long."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import ClassVar

from domain.kit.breaks import elapsed
from domain.kit.escalation.condition import Breaks, Condition, Deadline, JourneyFacts, Outline, to_the_minute
from domain.kit.words import Role
from domain.values import Duration, say_duration


class MentorSilent(Condition):
    """The mentor has done nothing on this journey for so long."""

    example: ClassVar[str] = "mentor_silent_for: 10 days"
    by_clock: ClassVar[bool] = True
    in_sessions_only: ClassVar[bool] = True
    rests_in_breaks: ClassVar[bool] = True
    stopped_by: ClassVar[Role] = "mentor"

    mentor_silent_for: Duration

    def in_words(self) -> str:
        return f"the mentor is silent for {say_duration(self.mentor_silent_for)}"

    def deadline(self, journey: JourneyFacts, breaks: Breaks = ()) -> Deadline | None:
        if journey.mentor is None or journey.mentor_seen_at is None or journey.mentor_quiet_from is None:
            return None
        at = elapsed(journey.mentor_quiet_from, self.mentor_silent_for, breaks)
        return Deadline(_subject(journey.mentor_seen_at), at)

    def still_holds(self, journey: JourneyFacts, subject: str, _: Collection[str]) -> bool:
        return journey.mentor_seen_at is not None and subject == _subject(journey.mentor_seen_at)

    @property
    def earliest(self) -> timedelta:
        return self.mentor_silent_for

    def unreachable(self, program: Outline) -> str | None:
        return program.over_by(self.mentor_silent_for)


def _subject(mentor_seen_at: datetime) -> str:
    return f"mentor-silent-since:{to_the_minute(mentor_seen_at)}"
