"""The server killed while the form of an own page is under way: a real process. Sent again, it is carried out once."""

import asyncio
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest
from temporalio.testing import WorkflowEnvironment

from client.journeys import JourneyClient
from domain.ids import JourneyId, LearnerId, journey_stream
from projections.runner import catch_up
from runtime.embedded.ports import free_port
from store import people, sequencer
from store.database import Pool
from store.event_log import EventLog
from store.people import Person
from tests.interfaces.calling import calling, guarded_app
from tests.support.own_pages import own_page
from tests.support.patience import STARTING_SECONDS
from tests.support.role_process import role_process
from tests.temporal import worker_on
from tests.workflows.kits import SMALL, publish
from workflows.contract import TASK_QUEUE, Begin

HOLD = "select from trellis.streams where stream = $1 for update"
"""Nothing can be recorded in the stream meanwhile."""


@asynccontextmanager
async def http_process(temporal: str, dsn: str, folder: Path) -> AsyncIterator[tuple[Process, str]]:
    """A server as it is deployed, and its address."""
    port = free_port()
    async with role_process("http", temporal, dsn, folder, port) as process:
        yield process, f"http://127.0.0.1:{port}"


async def until(holds: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(STARTING_SECONDS):
        while not await holds():  # noqa: ASYNC110 - another process's
            await asyncio.sleep(0.02)


async def test_a_form_that_was_under_way_is_carried_out_once(
    temporal: WorkflowEnvironment, pool: Pool, dsn: str, journeys: JourneyClient, tmp_path: Path
) -> None:
    """It is killed when the journey has recorded what was sent, and the answer is not kept yet."""
    await publish(pool)
    learner = LearnerId(f"l-{uuid4().hex[:12]}")  # the tests share a Temporal server
    mine = JourneyId(f"small.{learner}")
    await people.upsert_many(pool, [Person(learner, "learner", "Ada Brook")])
    begin = Begin(program=SMALL.program_id, learner=learner)
    page = await own_page(pool, "learner", learner, datetime.now(UTC))
    path, form = f"{page}/journeys/{mine}/ask_for_help", {"once": uuid4().hex, "notes": "I am stuck"}

    async def asked() -> int:
        return sum(one.type == "journey.help_asked" for one in await EventLog(pool).read_stream(journey_stream(mine)))

    target = temporal.client.service_client.config.target_host
    async with worker_on(temporal, pool, TASK_QUEUE), httpx2.AsyncClient(timeout=60) as browser:
        async with http_process(target, dsn, tmp_path) as (server, address):
            await journeys.begin_and_send(begin, "ask_for_help", {"notes": "hello"}, mine)
            await sequencer.drain(dsn)
            await catch_up(dsn)
            await until(lambda: _is_up(browser, address))
            async with pool.acquire() as answers, answers.transaction():
                async with pool.acquire() as journey, journey.transaction():
                    await journey.execute(HOLD, journey_stream(mine))
                    sending = asyncio.create_task(browser.post(f"{address}{path}", data=form))
                    await until(lambda: pool.fetchval("select exists (select from trellis.requests)"))
                    await answers.execute("lock table trellis.requests in exclusive mode")
                await until(lambda: _equals(asked, 2))
                server.kill()
                await server.wait()
            with pytest.raises(httpx2.TransportError):
                await sending
        assert await pool.fetchval("select count(*) from trellis.requests where status is null") == 1
        await pool.execute("update trellis.requests set claimed_until = clock_timestamp()")  # rather than wait for it
        async with calling(guarded_app(pool, journeys), None) as again:
            for _ in range(2):
                answer = await again.post(path, data=form)
                assert (answer.status_code, answer.headers["location"]) == (303, page), answer.text
        assert await asked() == 2


async def _is_up(browser: httpx2.AsyncClient, address: str) -> bool:
    with suppress(httpx2.TransportError):
        return (await browser.get(f"{address}/livez")).is_success
    return False


async def _equals(count: Callable[[], Awaitable[int]], wanted: int) -> bool:
    return await count() == wanted
