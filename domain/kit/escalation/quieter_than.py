"""The learner has been quiet for longer than nearly all others on their pathway. What is usual is measured each day
(domain/silences.py), so that a holiday in which everybody is away needs no dates."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import ClassVar

from pydantic import Field

from domain.kit.breaks import elapsed
from domain.kit.escalation.condition import (
    Breaks,
    Compared,
    Condition,
    Deadline,
    JourneyFacts,
    OthersFacts,
    Outline,
    quiet_since,
)
from domain.values import Duration, Whole, say_duration

SOONEST, LATEST, WITHOUT_OTHERS = (timedelta(days=days) for days in (1, 3, 7))
"""Until the others are looked at again: not before there is another measurement, and soon after a break ends; where
there are none, now and then."""


class QuieterThan(Condition):
    example: ClassVar[str] = "quieter_than: 90, quiet_for: 4 days"
    by_clock: ClassVar[bool] = True
    in_sessions_only: ClassVar[bool] = True
    checks_activity: ClassVar[bool] = True
    rests_in_breaks: ClassVar[bool] = True

    quieter_than: Whole = Field(ge=50, le=95, multiple_of=5)
    """Percent of the others."""
    quiet_for: Duration
    """At least, however active the others are."""

    def in_words(self) -> str:
        than = f"than {self.quieter_than} of 100 others on the pathway"
        return f"the learner is quiet for longer {than}, and for at least {say_duration(self.quiet_for)}"

    @property
    def comparison(self) -> str:
        return f"{self.quieter_than}:{self.quiet_for.total_seconds():.0f}"

    def deadline(self, journey: JourneyFacts, breaks: Breaks = ()) -> Deadline | None:
        """When the others are looked at: once the learner has been quiet for long enough, and then as often as the last
        look said. After a look that found the learner beyond the others, the moment of that look."""
        if journey.last_seen_at is None or journey.quiet_from is None:
            return None
        at = elapsed(journey.quiet_from, self.quiet_for, breaks)
        for one in journey.comparisons:
            if (one.comparison, one.seen_at) == (self.comparison, journey.last_seen_at):
                at = max(at, one.counts_from)
        return Deadline(quiet_since(journey.last_seen_at), at)

    def compared(self, quiet_from: datetime, others: OthersFacts | None, at: datetime) -> Compared:
        if others is None:
            return Compared(None, at + WITHOUT_OTHERS)
        since = others.since(self.quieter_than)
        if quiet_from < since:
            return Compared(since, None)
        return Compared(since, at + min(max(quiet_from - since, SOONEST), LATEST))

    def still_holds(self, journey: JourneyFacts, subject: str, _: Collection[str]) -> bool:
        return journey.last_seen_at is not None and subject == quiet_since(journey.last_seen_at)

    @property
    def earliest(self) -> timedelta:
        return self.quiet_for

    def unreachable(self, program: Outline) -> str | None:
        return program.over_by(self.quiet_for)
