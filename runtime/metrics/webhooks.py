"""Webhooks: whether their receivers accept what happens, and how far they are behind."""

from collections.abc import Sequence
from datetime import UTC, datetime

from runtime.metrics.declaring import Family, Figures, Sample
from store import webhooks
from store.database import Pool
from store.webhooks import MOST_WEBHOOKS, WebhookRow

_ENABLED = Family(
    "trellis_webhook_enabled",
    "1: events are delivered to the webhook. 0: it is disabled; by a person, or since its receiver accepts nothing.",
    ("webhook",),
)
_BEHIND = Family(
    "trellis_webhook_behind_events", "Events of the log that the delivery to the webhook has not come to.", ("webhook",)
)
_WAITING = Family(
    "trellis_webhook_waiting_events",
    "Events that are to be tried again, and those behind them in their streams.",
    ("webhook",),
)
_FAILING = Family(
    "trellis_webhook_failing_seconds",
    "How long the receiver has accepted nothing of what was tried; 0 if the last attempts succeeded.",
    ("webhook",),
)


async def _read(pool: Pool) -> Sequence[Sample]:
    now = datetime.now(UTC)
    return [sample for row in await webhooks.listed(pool) for sample in _samples(row, now)]


def _samples(row: WebhookRow, now: datetime) -> Sequence[Sample]:
    failing = (now - row.failing_since).total_seconds() if row.failing_since else 0.0
    values = {
        _ENABLED: float(row.status == "enabled"),
        _BEHIND: float(row.behind),
        _WAITING: float(row.waiting),
        _FAILING: max(failing, 0.0),
    }
    return [Sample(family, (row.webhook,), value) for family, value in values.items()]


WEBHOOKS = Figures(
    "webhooks",
    "Webhooks",
    f"By the id of the webhook, of which there are at most {MOST_WEBHOOKS}. `trellis_webhook_attempts_total` of each "
    "process counts the attempts.",
    (_ENABLED, _BEHIND, _WAITING, _FAILING),
    _read,
)
