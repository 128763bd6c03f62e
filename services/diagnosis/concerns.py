"""What waits for a person and keeps no process from serving: for readiness, beside what it says of itself."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from services.diagnosis import database, quality
from services.diagnosis.finding import Finding, State
from store.database import Pool

Concern = Callable[[], Awaitable[str | None]]
"""None when nothing waits; otherwise what does and what to type, in words without personal data."""


def concerns(pool: Pool) -> Mapping[str, Concern]:
    """`courier`: it has stopped, or events are parked. `workflows`: some are missing or behind the log. `reviews`:
    sessions lapse soon that nobody has reviewed. Each reads two small statements, and raises what the database raises.
    """

    async def courier() -> str | None:
        return _in_words(await database.courier_findings(pool))

    async def workflows() -> str | None:
        return _in_words(await database.reconciliation_findings(pool, with_messages=True))

    async def reviews() -> str | None:
        return _in_words(await quality.review_findings(pool))

    return {"courier": courier, "workflows": workflows, "reviews": reviews}


def _in_words(findings: Sequence[Finding]) -> str | None:
    """Whether a process leads is left out: that is for whoever looks at the whole, with `trellis doctor`."""
    waiting = [one for one in findings if one.state == State.NEEDS_A_PERSON]
    return "; ".join(f"{one.about}: {one.says}. {one.remedy}" for one in waiting) or None
