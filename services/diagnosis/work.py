"""What goes out and what is done in bulk: webhooks and bulk actions."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from projections.reading import BeingRebuilt, View
from projections.sql import query
from services.diagnosis.finding import Finding, ago, broken, needs_a_person, number, ok
from store import webhooks
from store.database import Pool
from store.leading import leaders
from store.locks import Lock
from store.webhooks import MOST_WAITING, SYSTEM, WebhookRow

_FAILING = timedelta(hours=1)
_STANDING_STILL = timedelta(minutes=10)
_LONG_PAUSED = timedelta(days=1)
_TELLABLE = timedelta(days=3)
_BULKS = View(bulks=1)


async def webhook_findings(pool: Pool) -> list[Finding]:
    """Whether events are delivered, and to whom they are not."""
    known = await webhooks.listed(pool)
    if not known:
        return [ok("webhooks", "there are none")]
    if Lock.WEBHOOKS not in await leaders(pool, [Lock.WEBHOOKS]):
        return [
            broken(
                "webhooks",
                f"no process delivers events to {number(len(known), 'webhook')}",
                "start one with `trellis worker --roles webhooks`, or run everything here with `trellis up`",
            )
        ]
    now = datetime.now(UTC)
    ill = [found for one in known if (found := _webhook(one, now))]
    enabled = sum(one.status == "enabled" for one in known)
    return ill or [
        ok("webhooks", f"{enabled} of {number(len(known), 'webhook')} enabled; their receivers accept events")
    ]


def _webhook(one: WebhookRow, now: datetime) -> Finding | None:
    """None: it is well, or a person has disabled it."""
    about, look = f"webhook {one.webhook}", f"`trellis webhooks deliveries {one.webhook}` says what it answers"
    again = f"`trellis webhooks enable {one.webhook}` once it is well again"
    if one.status == "disabled":
        if one.disabled_by != SYSTEM:
            return None
        return needs_a_person(about, f"was disabled by Trellis: {one.because}", f"{look}; {again}")
    if one.waiting >= MOST_WAITING:
        return needs_a_person(about, f"{one.waiting:,} events wait, and no more are read for it", look)
    if one.failing_since and now - one.failing_since > _FAILING:
        says = f"its receiver has accepted nothing for {ago((now - one.failing_since).total_seconds())}"
        return needs_a_person(about, f"{says}; {number(one.waiting, 'event')} wait, {one.behind:,} are behind", look)
    return None


async def bulk_findings(pool: Pool) -> list[Finding]:
    """Bulk actions that stand still, and those that did not reach every journey."""
    now = datetime.now(UTC)
    try:
        rows = await _BULKS.fetch(pool, query("bulks_in_question"), now - _TELLABLE)
    except BeingRebuilt as error:
        return [ok("bulk actions", str(error))]
    return [found for row in rows if (found := _bulk(row, now))] or [_well(rows)]


def _well(rows: Sequence[Any]) -> Finding:
    under_way = [row for row in rows if row["status"] in {"running", "paused"}]
    if not under_way:
        return ok("bulk actions", "none is under way")
    left = sum(row["left_over"] for row in under_way)
    return ok("bulk actions", f"{len(under_way)} under way, {number(left, 'journey')} left")


def _bulk(row: Any, now: datetime) -> Finding | None:
    about, bulk = f"bulk action {row['bulk']}", row["bulk"]
    quiet = now - (row["reached_at"] or row["begun_at"] or now)
    rest = f"for {ago(quiet.total_seconds())}, with {number(row['left_over'] or 0, 'journey')} left"
    match row["status"]:
        case "finished":
            return needs_a_person(
                about,
                f"{number(row['unanswered'], 'journey')} did not answer",
                f"`trellis bulk show {bulk} --outcome unanswered` lists them; give the command again to these",
            )
        case "paused" if quiet > _LONG_PAUSED:
            return needs_a_person(
                about,
                f"has been paused {rest}",
                f"`trellis bulk resume {bulk}` or `trellis bulk stop {bulk}`",
            )
        case "running" if quiet > _STANDING_STILL and row["left_over"]:
            return broken(
                about,
                f"has reached no journey {rest}",
                "start a worker with `trellis worker --roles programs`; `trellis revive` starts what is missing",
            )
    return None
