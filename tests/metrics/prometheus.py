"""Debian's Prometheus and promtool, where they are installed."""

import asyncio
import json
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest

from runtime.embedded.ports import free_port
from tests.support.patience import NOTICING_SECONDS, STARTING_SECONDS

OBSERVABILITY = Path(__file__).parents[2] / "observability"
_CONFIGURATION = """
global: {{scrape_interval: 250ms, evaluation_interval: 250ms}}
rule_files: [{rules}]
scrape_configs:
  - job_name: trellis
    static_configs: [targets: ["127.0.0.1:{port}"]]{authorization}
"""
_WITH_KEY = "\n    authorization: {{credentials: {key}}}"

needs_promtool = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool is not installed (Debian: apt-get install prometheus)"
)
needs_prometheus = pytest.mark.skipif(
    shutil.which("prometheus") is None, reason="Prometheus is not installed (Debian: apt-get install prometheus)"
)


def promtool(*arguments: str, stdin: str | None = None) -> str:
    """What it says; fails the test when it is not content."""
    done = subprocess.run(["promtool", *arguments], input=stdin, capture_output=True, text=True, check=False)  # noqa: S607
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    return said


class Prometheus:
    def __init__(self, client: httpx2.AsyncClient) -> None:
        self._client = client

    async def query(self, expression: str) -> list[Any]:
        """Raises AssertionError, with what Prometheus says, for an expression that it refuses."""
        answer = (await self._client.get("/api/v1/query", params={"query": expression})).json()
        assert answer["status"] == "success", (expression, answer)
        found: list[Any] = answer["data"]["result"]
        return found

    async def value(self, expression: str) -> float | None:
        found = await self.query(expression)
        return float(found[0]["value"][1]) if found else None

    async def until(self, expression: str, wanted: float) -> None:
        async with asyncio.timeout(NOTICING_SECONDS):
            while await self.value(expression) != wanted:  # noqa: ASYNC110 - Prometheus scrapes when it likes
                await asyncio.sleep(0.1)

    async def rules(self) -> list[dict[str, Any]]:
        answer = (await self._client.get("/api/v1/rules")).json()
        return [rule for group in answer["data"]["groups"] for rule in group["rules"]]


@asynccontextmanager
async def prometheus(folder: Path, port: int, *, key: str | None = None) -> AsyncIterator[Prometheus]:
    """A server that scrapes this port, with the rules of the project, and with the key where one is needed."""
    own = free_port()
    configuration = folder / "prometheus.yml"
    authorization = _WITH_KEY.format(key=key) if key else ""
    rules = json.dumps(str(OBSERVABILITY / "rules.yml"))
    configuration.write_text(_CONFIGURATION.format(rules=rules, port=port, authorization=authorization))
    process = await asyncio.create_subprocess_exec(
        "prometheus",
        f"--config.file={configuration}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{own}",
        "--log.level=error",
    )
    try:
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{own}") as client:
            await _ready(client)
            yield Prometheus(client)
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def _ready(client: httpx2.AsyncClient) -> None:
    async with asyncio.timeout(STARTING_SECONDS):
        while True:
            with suppress(httpx2.TransportError):
                if (await client.get("/-/ready")).status_code == 200:
                    return
            await asyncio.sleep(0.05)
