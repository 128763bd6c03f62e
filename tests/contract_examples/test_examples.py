"""The examples of docs/contract.md for those who speak Temporal, as they stand there: command line, Python, TypeScript.

Only the program has another name, because the tests share a Temporal server.
"""

import asyncio
import os
import re
import shutil
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic_core import from_json
from temporalio.testing import WorkflowEnvironment

from domain.ids import JourneyId, journey_stream
from store.database import Pool
from store.event_log import EventLog
from tests.projections.stories import KIT, publish
from tests.temporal import worker_on
from workflows.contract import TASK_QUEUE

HERE = Path(__file__).parent
CONTRACT = (HERE.parents[1] / "docs" / "contract.md").read_text()
PROGRAM = "contract-examples"
SAID = "intake ['journey.resumed']\nRejected journey_open\n{learner} 4\n"


@dataclass(frozen=True)
class Site:
    """Where the examples run: the address of Temporal in their environment."""

    environment: dict[str, str]
    pool: Pool

    async def run(self, *command: str, folder: Path | None = None) -> str:
        process = await asyncio.create_subprocess_exec(
            *command,
            env=self.environment,
            cwd=folder,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(60):
            out, err = await process.communicate()
        assert process.returncode == 0, f"{command[:4]}: {out.decode()}{err.decode()}"
        return out.decode()

    async def events(self, learner: str) -> list[str]:
        stream = journey_stream(JourneyId(f"{PROGRAM}.{learner}"))
        return [one.type for one in await EventLog(self.pool).read_stream(stream)]


@pytest.fixture
async def site(temporal: WorkflowEnvironment, pool: Pool) -> AsyncIterator[Site]:
    await publish(pool, type(KIT).model_validate(KIT.model_dump() | {"program": PROGRAM}))
    environment = os.environ | {"TEMPORAL_ADDRESS": temporal.client.service_client.config.target_host}
    async with worker_on(temporal, pool, TASK_QUEUE):
        yield Site(environment, pool)


def section(heading: str) -> str:
    return CONTRACT.split(f"## {heading}\n")[1].split("\n## ")[0].replace("job-ready", PROGRAM)


def block(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", section("From an SDK"), flags=re.DOTALL)
    return str(found)


async def test_the_command_line(site: Site) -> None:
    lines = re.findall(r"^    (temporal (?:.*\\\n)*.*)$", section("From a terminal"), flags=re.MULTILINE)
    assert len(lines) == 6
    beside = str(Path(sys.executable).with_name("temporal"))
    said = [await site.run("sh", "-c", re.sub(r"^temporal", f"'{beside}' --output json", line)) for line in lines[:-1]]
    assert from_json(said[-1])["queryResult"][0]["learner"] == "l-12"
    await site.run("sh", "-c", re.sub(r"^temporal", f"'{beside}'", lines[-1]))
    assert await site.events("l-12") == ["journey.started", "journey.paused", "journey.resumed"]
    assert await site.events("l-17") == ["journey.started", "journey.outcome_recorded"]


async def test_python(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "example.py"
    file.write_text(block("python"))
    assert await site.run(sys.executable, str(file), folder=tmp_path) == SAID.format(learner="l-43")
    assert await site.events("l-43") == [
        "journey.started",
        "journey.paused",
        "journey.resumed",
        "journey.command_rejected",
    ]


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
@pytest.mark.skipif(
    not (HERE / "node_modules").exists(), reason="run `npm ci --prefix tests/contract_examples --ignore-scripts`"
)
async def test_typescript(site: Site, tmp_path: Path) -> None:
    """Compiled first, so that its types are checked as well."""
    for name in ("package.json", "tsconfig.json"):
        shutil.copy(HERE / name, tmp_path)
    (tmp_path / "node_modules").symlink_to(HERE / "node_modules")
    (tmp_path / "example.ts").write_text(block("typescript"))
    await site.run(str(HERE / "node_modules" / ".bin" / "tsc"), "--project", str(tmp_path), folder=tmp_path)
    said = await site.run("node", "example.js", folder=tmp_path)
    assert said.replace("[ 'journey.resumed' ]", "['journey.resumed']") == SAID.format(learner="l-44")
