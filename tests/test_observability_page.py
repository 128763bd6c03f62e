"""The pages of docs name every metric."""

from pathlib import Path

from prometheus_client import REGISTRY, CollectorRegistry

from activities.notifications import Notifications
from channels.console import ConsoleChannel
from projections.runner import catch_up
from runtime import activity_metrics, temporal_health
from runtime.metrics import Metrics
from store.database import Pool

DOCS = Path(__file__).parent.parent / "docs"


async def test_every_metric_is_on_a_page(pool: Pool, dsn: str) -> None:
    await catch_up(dsn)
    registry, metrics = CollectorRegistry(), Metrics(pool)
    registry.register(metrics)
    await metrics.refresh()
    Notifications(pool, ConsoleChannel())
    assert activity_metrics.COMMAND_OUTCOMES
    assert temporal_health.UP
    names = {
        family.name + ("_total" if family.type == "counter" else "")
        for known in (registry, REGISTRY)
        for family in known.collect()
        if family.name.startswith("trellis_")
    }
    said = "\n".join(page.read_text() for page in DOCS.glob("*.md"))
    assert len(names) > 15
    assert {name for name in names if name not in said} == set()
