"""The command `trellis`, run as the shell would, beside a worker: for the tests that type what people type."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pydantic_core import from_json
from structlog.testing import capture_logs
from temporalio.testing import WorkflowEnvironment

from interfaces.cli import main
from projections.runner import catch_up
from runtime.exits import Exit
from store import sequencer
from store.database import Pool
from tests.support.bulk import InBulk
from tests.support.small_kit import SMALL
from tests.temporal import worker_on
from workflows.contract import PROGRAM_TASK_QUEUE, TASK_QUEUE


@dataclass(frozen=True)
class Said:
    exit: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return from_json(self.out)


Trellis = Callable[..., Awaitable[Said]]


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Where no `.env` of the checkout counts, to be patched further."""
    monkeypatch.chdir(tmp_path)
    return monkeypatch


@pytest.fixture
async def in_bulk(temporal: WorkflowEnvironment, pool: Pool, dsn: str) -> AsyncIterator[InBulk]:
    """A worker for bulk actions, beside that of `trellis`."""
    one = InBulk(pool, temporal.client, dsn, TASK_QUEUE, PROGRAM_TASK_QUEUE)
    async with one.worker():
        yield one


@pytest.fixture
async def trellis(
    temporal: WorkflowEnvironment,
    pool: Pool,
    dsn: str,
    own_folder: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> AsyncIterator[Trellis]:
    """Runs a command as the shell would, beside a worker; the views are up to date before each."""
    own_folder.setenv("DATABASE_URL", dsn)
    own_folder.setenv("TEMPORAL_ADDRESS", temporal.client.service_client.config.target_host)

    def run() -> int:
        try:
            return main()
        except SystemExit as end:
            return int(end.code or 0)

    async def command(*arguments: str) -> Said:
        await sequencer.drain(dsn)
        await catch_up(dsn)
        own_folder.setattr(sys, "argv", ["trellis", *arguments])
        capsys.readouterr()
        code = await asyncio.to_thread(run)
        return Said(code, *capsys.readouterr())

    with capture_logs():
        async with worker_on(temporal, pool, TASK_QUEUE):
            yield command


@pytest.fixture
async def program(trellis: Trellis, tmp_path: Path) -> str:
    """A published kit, under a name of its own: the tests share a Temporal server."""
    name = f"small-{uuid4()}"
    (tmp_path / "program.yaml").write_text(SMALL.replace("program: small", f"program: {name}"))
    assert (await trellis("publish", str(tmp_path))).exit == Exit.OK
    return name
