"""The process that sends a released round is killed in the middle, as the kernel does it: another one goes on."""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from temporalio.testing import WorkflowEnvironment

from domain.ids import journey_stream, round_id, round_stream
from domain.journey.events import EVENTS, MatchOffered
from domain.round import ROUND, RoundState
from store.codec import Codec
from store.database import Pool
from store.event_log import EventLog
from store.transact import read
from tests.support.matching_rounds import Matching
from tests.support.workers import when
from tests.temporal import worker_on

ROOT = Path(__file__).parent.parent.parent
LEARNERS = 72
MENTORS = [f"m-{one}" for one in range(8)]


@asynccontextmanager
async def programs(environment: WorkflowEnvironment, dsn: str, folder: Path) -> AsyncIterator[Process]:
    """A worker of the role `programs` alone, as it is deployed."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("TRELLIS_", "TEMPORAL_"))}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "worker", "--roles", "programs"),
        cwd=folder,
        env=own
        | {
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": dsn,
            "TEMPORAL_ADDRESS": environment.client.service_client.config.target_host,
            "TRELLIS_HTTP_PORT": "0",
            "TRELLIS_SDK_METRICS_PORT": "0",
        },
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def test_a_release_survives_its_process_and_reaches_every_journey_once(
    temporal: WorkflowEnvironment, pool: Pool, dsn: str, tmp_path: Path
) -> None:
    matching = Matching(temporal, pool, dsn)
    await matching.published({"asks": ["mentor"]}, capacity=LEARNERS)
    await matching.mentors(*MENTORS)

    async def state() -> RoundState:
        found = (await read(pool, round_stream(round_id(matching.program, 1)), ROUND)).state
        assert found
        return found

    async with worker_on(temporal, pool, matching.queue):
        await matching.waiting(range(LEARNERS))
        async with programs(temporal, dsn, tmp_path) as first:
            handle = await matching.begin()
            assert (await matching.ask("drafted")).pairs == LEARNERS
            await matching.ask("release")
            await when(state, lambda one: bool(one.sent))
            first.kill()
            await first.wait()
        assert (await state()).pending, "it was killed in the middle"
        async with programs(temporal, dsn, tmp_path):
            await handle.result()
    done = await state()
    assert (len(done.sent), len(done.refused)) == (LEARNERS, 0)
    recorded = await EventLog(pool).read_streams(journey_stream(matching.journey(one)) for one in range(LEARNERS))
    offers = [
        sum(isinstance(event, MatchOffered) for event in Codec(EVENTS).decode_known(events))
        for events in recorded.values()
    ]
    assert offers == [1] * LEARNERS
