"""Next steps without a date that helps."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import ClassVar

from domain.kit.detectors.detector import Detector, Found, SessionWritten
from domain.values import Duration, say_duration


class NoDeadline(Detector):
    name: ClassVar[str] = "no_deadline"
    detects: ClassVar[str] = "a follow-up without a step that is due before the next session, or within the time set"
    suggestion: ClassVar[str] = (
        "Steps are taken more often when the first of them is due before you meet again. A smaller step with a nearer "
        "day does more than a large one with a late day."
    )

    latest: Duration = timedelta(days=14)
    """After the session, where no other session follows, or only later than this."""

    def find(self, sessions: Sequence[SessionWritten]) -> Iterator[Found]:
        for one in sessions:
            if not one.steps:
                continue
            limit = one.ended_at + self.latest
            before_next = one.next_at is not None and one.next_at < limit
            if before_next and one.next_at is not None:
                limit = one.next_at
            first = min(step.due_at for step in one.steps)
            if first > limit:
                late = say_duration(timedelta(days=(first - one.ended_at).days))
                than = "which is after the next session" if before_next else f"later than {say_duration(self.latest)}"
                because = f"the first step is due {late} after the session, {than}"
                yield Found(one.session, one.session, because, tuple(step.text for step in one.steps))
