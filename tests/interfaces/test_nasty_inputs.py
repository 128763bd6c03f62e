"""Nasty inputs: each is answered as the table says, quickly, and what is refused leaves nothing behind."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from uuid import uuid4

import httpx2
import pytest
from temporalio.testing import WorkflowEnvironment

from client.journeys import JourneyClient
from domain.access import KeyRole
from domain.kit import Kit
from projections.runner import catch_up
from services.enrolling import record_published
from store import people, sequencer
from store.database import Pool
from store.event_log import EventLog
from store.people import Person
from tests.interfaces.calling import ADDRESS, calling, guarded_app, key_of
from tests.interfaces.nasty_inputs import Nasty, nasty_inputs
from tests.projections.stories import KIT, story, tell
from tests.projections.stories import publish as publish_story
from tests.temporal import worker_on
from tests.workflows.kits import SMALL, publish
from workflows.contract import TASK_QUEUE

UNTOUCHED = ("appends", "streams", "people", "kits", "courier", "webhooks", "bulk_selections", "bulk_items")
"""The tables that a refused request leaves as they are. `requests` keeps refusals, `keys` when each was used."""
_SECONDS = 10


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


@dataclass(frozen=True)
class Service:
    clients: Mapping[str, httpx2.AsyncClient]
    pool: Pool
    journey: str

    async def ask(self, one: Nasty) -> httpx2.Response:
        body = one.body.encode() if isinstance(one.body, str) else one.body
        kind = {"Content-Type": "application/json"} if body is not None else {}
        headers = {name.encode(): _bytes(value) for name, value in {**kind, **one.headers}.items()}
        url = httpx2.URL(ADDRESS + one.path.format(j=self.journey))
        async with asyncio.timeout(_SECONDS):
            return await self.clients[one.role].request(one.method, url, content=body, headers=headers)

    async def contents(self) -> str:
        rows = " union all ".join(
            f"select '{table}' as of, count(*), sum(hashtext(t::text)) from trellis.{table} t"  # noqa: S608 - our names
            for table in UNTOUCHED
        )
        return str(await self.pool.fetch(rows))


@pytest.fixture
async def service(pool: Pool, dsn: str, temporal: WorkflowEnvironment) -> AsyncIterator[Service]:
    await publish(pool)
    await record_published(pool, SMALL)
    await publish_story(pool)
    await publish_story(pool, Kit.model_validate(KIT.model_dump(mode="json") | {"program": "other"}))
    await tell(EventLog(pool), 1, story(1, 8))
    await people.upsert_many(pool, [Person("l-1", "learner", "Ada Brook"), Person("m-1", "mentor", "Max Stone")])
    app = guarded_app(pool, JourneyClient(temporal.client))
    keys = {role: await key_of(pool, role) for role in (KeyRole.OPS, KeyRole.OBSERVER)}
    keyed: dict[str, str | None] = {
        **{str(role): key for role, key in keys.items()},
        "other": await key_of(pool, KeyRole.OPS, programs=["other"]),
        "none": None,
    }
    async with worker_on(temporal, pool, TASK_QUEUE), AsyncExitStack() as stack:
        clients = {name: await stack.enter_async_context(calling(app, key)) for name, key in keyed.items()}
        started = {"program": "small", "learner": f"l-{uuid4().hex[:12]}"}
        journey = (await clients["ops"].post("/v1/journeys", json=started)).json()["journey"]
        await sequencer.drain(dsn)
        await catch_up(dsn)
        yield Service(clients, pool, journey)


async def test_nasty_inputs_are_answered_as_the_table_says_and_leave_nothing(service: Service) -> None:
    wrong, before = [], await service.contents()
    for one in nasty_inputs():
        answer = await service.ask(one)
        said = answer.json().get("code") if "problem+json" in answer.headers.get("content-type", "") else None
        if answer.status_code != one.status or said != one.code:
            wrong.append(f"{one}: {answer.status_code} {said} rather than {one.status} {one.code}: {answer.text[:200]}")
        if (now := await service.contents()) != before and not one.leaves:
            wrong.append(f"{one}: {answer.status_code}, and it left something behind")
        before = now
    assert not wrong, "\n".join(wrong)
