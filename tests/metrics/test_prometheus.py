"""A real Prometheus reads the metrics, the rules and the dashboard."""

import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi import FastAPI
from prometheus_client import REGISTRY, CollectorRegistry, disable_created_metrics, generate_latest
from prometheus_client.registry import Collector
from temporalio.testing import WorkflowEnvironment

from client.journeys import JourneyClient
from interfaces.http.app import create_app
from interfaces.http.server import HttpServer
from projections.runner import catch_up
from runtime.concerns import needs_person
from runtime.embedded.ports import free_port
from runtime.metrics import FIGURES, Metrics, ProcessCollector
from services.readiness import concerns
from store import sequencer
from store.database import Pool
from store.event_log import EventLog
from tests.metrics.page import names
from tests.metrics.prometheus import OBSERVABILITY, needs_prometheus, needs_promtool, prometheus, promtool
from tests.projections.stories import publish, story, tell

DASHBOARD = json.loads((OBSERVABILITY / "grafana" / "trellis.json").read_text())
RULES = yaml.safe_load((OBSERVABILITY / "rules.yml").read_text())


class _Counted(Collector):
    """What this process counts."""

    def collect(self) -> Iterator[Any]:
        return (one for one in REGISTRY.collect() if one.name.startswith(("trellis_", "process_", "python_")))


@pytest.fixture
async def registry(pool: Pool, dsn: str) -> CollectorRegistry:
    """Of a process that reads the figures: three journeys, one of them with an open case, one closed."""
    await publish(pool)
    for number, length in enumerate((1, 8, None)):
        await tell(EventLog(pool), number, story(number, length))
    await sequencer.drain(dsn)
    await catch_up(dsn)
    disable_created_metrics()  # type: ignore[no-untyped-call]
    registry, metrics = CollectorRegistry(auto_describe=False), Metrics(pool, (*FIGURES, needs_person(concerns(pool))))
    for one in (_Counted(), metrics, ProcessCollector(pool)):
        registry.register(one)
    await metrics.refresh()
    return registry


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[int]:
    port = free_port()
    server = HttpServer(app, "127.0.0.1", port, drain_seconds=1)
    running = asyncio.create_task(server.run())
    try:
        yield port
    finally:
        await server.shutdown()
        await running


@needs_promtool
async def test_the_metrics_are_idiomatic(registry: CollectorRegistry) -> None:
    assert promtool("check", "metrics", stdin=generate_latest(registry).decode()) == ""


@needs_promtool
def test_the_rules_do_what_they_say(tmp_path: Path) -> None:
    """The configuration refers to the key that `trellis up` makes in its folder."""
    shutil.copytree(OBSERVABILITY, tmp_path / "observability")
    (tmp_path / ".trellis").mkdir()
    (tmp_path / ".trellis" / "key").write_text("trellis_0")
    promtool("check", "config", str(tmp_path / "observability" / "prometheus.yml"))
    promtool("test", "rules", str(OBSERVABILITY / "rules_test.yml"))


@needs_prometheus
async def test_a_prometheus_reads_it_all(
    registry: CollectorRegistry, pool: Pool, temporal: WorkflowEnvironment, tmp_path: Path
) -> None:
    app = create_app(pool, JourneyClient(temporal.client), {}, registry=registry)
    async with serving(app) as port, prometheus(tmp_path, port) as server:
        await server.until('up{job="trellis"}', 1)
        await server.until('sum(trellis_http_requests_total{route="/metrics"}) > bool 0', 1)
        assert await server.value("sum(trellis_journeys)") == 3
        assert await server.value('sum(trellis_cases{severity="warning"})') == 1
        assert await server.value("sum(trellis_snapshot_up)") == 1
        await server.until("trellis:attendance:ratio", 1)  # by a rule, a moment later
        for expression in expressions(DASHBOARD):
            await server.query(expression)
        assert [rule["name"] for rule in await server.rules() if rule["health"] != "ok"] == []


def expressions(dashboard: Mapping[str, Any]) -> Iterator[str]:
    """What the panels ask, with the variables in place of which Grafana puts something."""
    for panel in dashboard["panels"]:
        for target in panel.get("targets", ()):
            yield target["expr"].replace("$__rate_interval", "1m").replace("$program", ".*")


def test_the_dashboard_and_the_rules_ask_for_metrics_that_there_are() -> None:
    rules = [rule for group in RULES["groups"] for rule in group["rules"]]
    recorded = {rule["record"] for rule in rules if "record" in rule}
    asked = [*expressions(DASHBOARD), *(rule["expr"] for rule in rules)]
    known = names()
    for expression in asked:
        for name, selector in re.findall(r"(trellis[_:][a-z0-9_:]+)(?:\{([^}]*)\})?", expression):
            assert name in known or name in recorded, (name, expression)
            labels = set(re.findall(r"(\w+)\s*[=!]~?", selector))
            assert name in recorded or labels <= {*known[name].labels, "le"}, (labels, expression)


def test_panels_have_a_title_and_a_place_of_their_own() -> None:
    panels = DASHBOARD["panels"]
    assert len({one["id"] for one in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        assert panel["title"]
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert place["x"] + place["w"] <= 24, panel["title"]
        taken |= cells


def test_every_alert_says_who_acts_and_what_to_do() -> None:
    for group in RULES["groups"]:
        for rule in group["rules"]:
            if "alert" in rule:
                assert rule["labels"]["severity"] in ("critical", "warning"), rule
                assert rule["labels"]["audience"] in ("operators", "program"), rule
                assert {"summary", "description"} == rule["annotations"].keys(), rule
