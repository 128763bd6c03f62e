"""Requests that schemathesis makes up from the description of the API: no 5xx, and no answer that is not described.

As a test, a request or two for each operation that reads; `make fuzz-api` is all operations, at length, and sequences
of requests along the links of the description, beside a worker that does all that Trellis does.
"""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from temporalio.testing import WorkflowEnvironment

from domain.access import KeyRole
from projections.runner import catch_up
from services.enrolling import record_published
from store import people, sequencer
from store.database import Pool
from store.event_log import EventLog
from store.people import Person
from tests.interfaces.calling import key_of
from tests.interfaces.fuzzing import hooks as hooking
from tests.interfaces.fuzzing.world import fill
from tests.interfaces.serving import serving
from tests.projections.stories import publish as publish_story
from tests.projections.stories import story, tell
from tests.temporal import worker_on
from tests.workflows.kits import SMALL, publish
from workflows.contract import TASK_QUEUE

_CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance"
)
_EXAMPLES = os.environ.get("TRELLIS_FUZZ_REQUESTS")
"""For each operation; set by `make fuzz-api`. With TRELLIS_FUZZ_REPORT=FOLDER all that was asked is kept there."""
_SEED = os.environ.get("TRELLIS_FUZZ_SEED", "7")
_ROLES = ("journeys", "programs", "sequencer", "projector", "messages", "webhooks")
_WAITING = ("stream_events", "list_events")
"""They answer when something happens."""


@pytest.fixture
async def few(pool: Pool, dsn: str, temporal: WorkflowEnvironment) -> AsyncIterator[Pool]:
    """Journeys, people, and a worker."""
    await publish(pool)
    await record_published(pool, SMALL)
    await publish_story(pool)
    for number, length in enumerate((1, 8, None)):
        await tell(EventLog(pool), number, story(number, length))
    await people.upsert_many(pool, [Person("l-1", "learner", "Ada Brook"), Person("m-1", "mentor", "Max Stone")])
    await sequencer.drain(dsn)
    await catch_up(dsn)
    async with worker_on(temporal, pool, TASK_QUEUE):
        yield pool


@asynccontextmanager
async def worker_of_all_roles(temporal: WorkflowEnvironment, dsn: str) -> AsyncIterator[None]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("TRELLIS_", "TEMPORAL_"))}
    with tempfile.TemporaryDirectory() as folder:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "worker", "--roles", ",".join(_ROLES)),
            cwd=folder,
            env=own
            | {
                "PYTHONPATH": str(Path(__file__).parents[2]),
                "DATABASE_URL": dsn,
                "TEMPORAL_ADDRESS": temporal.client.service_client.config.target_host,
                "TRELLIS_HTTP_PORT": "0",
                "TRELLIS_SDK_METRICS_PORT": "0",
            },
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            yield
            assert process.returncode is None, "it lived to the end"
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


@pytest.mark.skipif(bool(_EXAMPLES), reason="the other one is at length")
async def test_every_answer_to_a_made_up_request_is_described(few: Pool, temporal: WorkflowEnvironment) -> None:
    async with serving(few, temporal) as url:
        key = await key_of(few, KeyRole.OPS)
        await made_up(url, key, "--phases", "fuzzing", "--max-examples", "1", "--include-method", "GET")


@pytest.mark.skipif(not _EXAMPLES, reason="make fuzz-api runs it")
async def test_at_length(pool: Pool, dsn: str, temporal: WorkflowEnvironment, tmp_path: Path) -> None:
    """All operations, and sequences along the links, in a world that has something of everything."""
    known, key = tmp_path / "known.json", await key_of(pool, KeyRole.OPS)
    async with worker_of_all_roles(temporal, dsn), serving(pool, temporal) as url:
        async with httpx2.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=60) as api:
            ids = await fill(pool, temporal, api)
        await asyncio.to_thread(known.write_text, json.dumps(ids))
        extent = ("--phases", "fuzzing,stateful", "--max-examples", str(_EXAMPLES), "--report", "ndjson")
        await made_up(
            url, key, *extent, "--report-dir", os.environ.get("TRELLIS_FUZZ_REPORT") or str(tmp_path), known=known
        )


async def made_up(url: str, key: str, *extent: str, known: Path | None = None) -> None:
    async with httpx2.AsyncClient(timeout=120, headers={"Authorization": f"Bearer {key}"}) as client:
        await client.get(f"{url}/openapi.json")  # made once, for which schemathesis would not wait on a busy machine
    excluded = [part for one in _WAITING for part in ("--exclude-operation-id", one)]
    hooks = {"SCHEMATHESIS_HOOKS": hooking.__name__, hooking.KNOWN: str(known)} if known else {}
    process = await asyncio.create_subprocess_exec(
        *(Path(sys.executable).parent / "schemathesis", "run", f"{url}/openapi.json"),
        *("--header", f"Authorization: Bearer {key}", "--checks", _CHECKS),
        *("--seed", _SEED, *extent, *excluded, "--suppress-health-check", "all", "--continue-on-failure"),
        *("--workers", "2", "--request-timeout", "60", "--no-color"),
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])} | hooks,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    told, _ = await process.communicate()
    if known:
        print(told.decode())  # noqa: T201 - for whoever runs it at length
    assert process.returncode == 0, told.decode()[-4000:]
