"""How a program looks at itself: surveys that are to be asked, and sessions that wait for a reviewer."""

from datetime import UTC, datetime, timedelta
from typing import Any

from projections.reading import BeingRebuilt, View
from projections.sql import query as view_query
from services.diagnosis.finding import Finding, ago, broken, needs_a_person, number, ok
from store.database import Pool, query
from store.leading import leaders
from store.locks import Lock

_LATE_SECONDS = 300.0
_SOON = timedelta(days=1)
_ENDED = timedelta(minutes=10)
_ROUNDS = View(qa_samples=1)


async def survey_findings(pool: Pool) -> list[Finding]:
    """Whether what the log calls for is asked."""
    state = await pool.fetchrow(query("survey_state"))
    assert state is not None, "the migration that made the table filled it"
    behind = f"{number(state['behind_events'], 'event')} unread"
    if Lock.SURVEYS not in await leaders(pool, [Lock.SURVEYS]):
        return [
            broken(
                "surveys",
                f"no process reads the log for surveys; {behind}, {number(state['due'], 'survey')} due",
                "start one with `trellis worker --roles programs`, or run everything here with `trellis up`",
            )
        ]
    if max(state["behind_seconds"], state["due_seconds"]) > _LATE_SECONDS:
        late = (
            f"{number(state['due'], 'survey')} due for {ago(state['due_seconds'])}" if state["due"] else "none is due"
        )
        return [
            broken(
                "surveys",
                f"{behind} for {ago(state['behind_seconds'])}; {late}",
                "check the log of the worker with the role programs for surveys_interrupted",
            )
        ]
    return [ok("surveys", f"{behind}; {number(state['due'], 'survey')} being asked")]


async def review_findings(pool: Pool) -> list[Finding]:
    """Whether the sessions that rounds sampled are reviewed in time."""
    now = datetime.now(UTC)
    try:
        rows = await _ROUNDS.fetch(pool, view_query("figures_reviews"))
    except BeingRebuilt as error:
        return [ok("reviews", str(error))]
    ill = [found for row in rows if (found := _round(row, now))]
    waiting = sum(row["waiting"] for row in rows)
    rounds = f"{number(len(rows), 'program')} with an open round" if rows else "no round is open"
    return ill or [ok("reviews", f"{rounds}; {number(waiting, 'review')} waiting")]


def _round(row: Any, now: datetime) -> Finding | None:
    """None: it is well."""
    about, waiting = f"reviews of {row['program']}", number(row["waiting"], "session")
    if row["closes_at"] <= now - _ENDED:
        return broken(
            about,
            f"the round should have closed {ago((now - row['closes_at']).total_seconds())} ago",
            "start a worker with `trellis worker --roles programs`; `trellis revive` starts what is missing",
        )
    if row["waiting"] and row["closes_at"] <= now + _SOON:
        left = ago((row["closes_at"] - now).total_seconds())
        says = f"{waiting} of the round {'wait' if row['waiting'] > 1 else 'waits'} for a reviewer, and lapse in {left}"
        return needs_a_person(about, says, f"`trellis qa queue {row['program']}` lists what can be reviewed")
    return None
