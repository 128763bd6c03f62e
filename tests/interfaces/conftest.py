"""An application over a real database and a real Temporal, with three journeys where a test wants them."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from prometheus_client import CollectorRegistry
from temporalio.testing import WorkflowEnvironment

from client.journeys import JourneyClient
from interfaces.http.app import create_app
from projections.runner import catch_up
from store import people, sequencer
from store.database import Pool
from store.event_log import EventLog
from store.people import Person
from tests.interfaces.visiting import visiting, well
from tests.projections.stories import publish, story, tell


@pytest.fixture
def journeys(temporal: WorkflowEnvironment) -> JourneyClient:
    return JourneyClient(temporal.client)


@pytest.fixture
async def browser(pool: Pool, journeys: JourneyClient) -> AsyncIterator[httpx2.AsyncClient]:
    async with visiting(create_app(pool, journeys, {"database": well}, registry=CollectorRegistry())) as client:
        yield client


@pytest.fixture
async def three_journeys(pool: Pool, dsn: str) -> None:
    """Waiting for an intake; with an open case; closed."""
    await publish(pool)
    for number, length in enumerate((1, 8, None)):
        await tell(EventLog(pool), number, story(number, length))
    names = [Person("l-0", "learner", "Ada <b>Brook</b>"), Person("m-1", "mentor", "Max Stone")]
    await people.upsert_many(pool, names)
    await sequencer.drain(dsn)
    await catch_up(dsn)
