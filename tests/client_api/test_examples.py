"""The examples of docs/client.md, run against the application over a real port, one after another."""

import asyncio
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

from temporalio.testing import WorkflowEnvironment

from client.api import Trellis
from domain.access import KeyRole
from kits.loading import load_kit
from projections.runner import catch_up
from store import sequencer
from store.database import Pool
from tests.interfaces.calling import key_of
from tests.interfaces.serving import serving
from tests.projections.stories import publish
from tests.support.layout import ROOT
from tests.support.small_kit import SMALL
from tests.temporal import worker_on
from workflows.contract import TASK_QUEUE

EXAMPLE = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


async def test_every_example_runs(pool: Pool, dsn: str, temporal: WorkflowEnvironment, tmp_path: Path) -> None:
    program = f"small-{uuid4()}"  # the tests share a Temporal server
    (tmp_path / "program.yaml").write_text(SMALL.replace("program: small", f"program: {program}"))
    await publish(pool, load_kit(tmp_path))
    key = await key_of(pool, KeyRole.OPS)
    examples = EXAMPLE.findall((ROOT / "docs" / "client.md").read_text())
    assert len(examples) > 7
    async with worker_on(temporal, pool, TASK_QUEUE), serving(pool, temporal) as url:
        for example in examples:
            await sequencer.drain(dsn)
            await catch_up(dsn)
            for old, new in (("https://trellis.example.org", url), ("trellis_…", key), ("job-ready", program)):
                example = example.replace(old, new)  # noqa: PLW2901 - each replaces more of it
            await asyncio.to_thread(run, example, url, key)


def run(example: str, url: str, key: str) -> None:
    with Trellis(url, key) as trellis:
        names: dict[str, Any] = {"trellis": trellis}
        exec(compile(example, "docs/client.md", "exec"), names)  # noqa: S102 - that is what the page is for
