"""Requests that schemathesis makes up from the description of the API: no 5xx, and no answer that is not described.

As a test, a request or two for each operation that reads; `make fuzz-api` is all operations, at length.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

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
"""For each operation; set by `make fuzz-api`."""
_SEED = os.environ.get("TRELLIS_FUZZ_SEED", "7")
_WAITING = ("stream_events", "list_events")
"""They answer when something happens."""


@pytest.fixture
async def filled(pool: Pool, dsn: str, temporal: WorkflowEnvironment) -> AsyncIterator[Pool]:
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


async def test_every_answer_to_a_made_up_request_is_described(filled: Pool, temporal: WorkflowEnvironment) -> None:
    key = await key_of(filled, KeyRole.OPS)
    excluded = [part for one in _WAITING for part in ("--exclude-operation-id", one)]
    extent = ["--max-examples", _EXAMPLES] if _EXAMPLES else ["--max-examples", "1", "--include-method", "GET"]
    async with serving(filled, temporal) as url:
        process = await asyncio.create_subprocess_exec(
            *(Path(sys.executable).parent / "schemathesis", "run", f"{url}/openapi.json"),
            *("--header", f"Authorization: Bearer {key}", "--phases", "fuzzing", "--checks", _CHECKS),
            *("--seed", _SEED, *extent, *excluded, "--suppress-health-check", "all", "--continue-on-failure"),
            *("--workers", "2", "--request-timeout", "30", "--no-color"),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        told, _ = await process.communicate()
    assert process.returncode == 0, told.decode()[-4000:]
