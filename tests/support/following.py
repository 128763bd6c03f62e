"""Projections that follow the log in batches of a chosen size, and some that exist for the tests alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import asyncpg
import pytest

from domain.journey import JourneyEvent, JourneyState
from domain.journey.events import IntakeApproved
from projections.batch import Batch
from projections.follower import UpToDate, follow
from projections.journeys import JourneyViews
from projections.projection import SqlProjection
from projections.registry import JOURNEY_VIEWS, PROJECTIONS
from projections.runner import Runner
from store.database import Connection
from store.sequencer import Sequencer

in_batches_of = pytest.mark.parametrize("size", [1, 3, 5000])


async def show(dsn: str, name: str, size: int) -> None:
    connection = await asyncpg.connect(dsn)
    follower = await follow(connection, PROJECTIONS[name])
    follower.limit = size
    while not isinstance(await follower.step(), UpToDate):
        follower.limit = size
    await connection.close()


class Tally(SqlProjection):
    """How many events each stream has had: any loss or doubling shows."""

    name = "tally"
    version = 1
    handles = frozenset({"journey.started", "journey.intake_submitted", "journey.intake_approved"})
    tables = "create table tally (stream text primary key, events bigint not null)"
    statements = ()

    async def apply(self, connection: Connection, batch: Batch) -> None:
        await connection.execute(
            f"""insert into {batch.schema}.tally select stream, count(*) from trellis.batch($1) group by stream
               on conflict (stream) do update set events = tally.events + excluded.events""",  # noqa: S608
            batch.extent(self.handles),
        )  # fmt: skip


class Fragile(JourneyViews):
    """Views of journeys with a mistake in them: they cannot bear learner 2 in the stage of matching."""

    def __init__(self) -> None:
        super().__init__(JOURNEY_VIEWS)

    def evolve(self, state: JourneyState | None, event: JourneyEvent) -> JourneyState:
        if isinstance(event, IntakeApproved) and state and state.learner == "l-2":
            raise ZeroDivisionError("no weeks in the pathway")
        return super().evolve(state, event)


@asynccontextmanager
async def running(*services: Runner | Sequencer) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(service.run()) for service in services]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
