"""What does not exist is answered with 404, never with nothing of it."""

from temporalio.testing import WorkflowEnvironment

from client.journeys import JourneyClient
from domain.access import KeyRole
from projections.runner import catch_up
from store.database import Pool
from tests.interfaces.calling import calling, guarded_app, key_of
from tests.interfaces.examples import operations


async def test_reads_of_what_is_not_there(pool: Pool, dsn: str, temporal: WorkflowEnvironment) -> None:
    await catch_up(dsn)
    key = await key_of(pool, KeyRole.OPS)
    answered = {}
    async with calling(guarded_app(pool, JourneyClient(temporal.client)), key) as client:
        for one in operations():
            if one.method == "GET" and "{" in one.path:
                answer = await client.get(f"/v1{one.filled({})}", params=one.query)
                answered[one.name] = answer.status_code
    assert {name: status for name, status in answered.items() if status != 404} == {}
