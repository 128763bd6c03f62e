"""Projections that follow the log in batches of a chosen size, and some that exist for the tests alone."""

from collections.abc import Sequence

import asyncpg
import pytest

from domain.journey import JourneyEvent, JourneyState
from domain.journey.events import IntakeApproved
from projections.board import Board
from projections.follower import UpToDate, follow
from projections.kits import Kits
from projections.projection import Batch, Rows, SqlProjection, Told
from projections.registry import PROJECTIONS
from store.database import Connection

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
            """insert into tally select stream, count(*) from trellis.batch($1) group by stream
               on conflict (stream) do update set events = tally.events + excluded.events""",
            batch.extent(self.handles),
        )  # fmt: skip


class Fragile(Board):
    """A board with a mistake in it: it cannot bear learner 2 in the stage of matching."""

    def evolve(self, state: JourneyState | None, event: JourneyEvent) -> JourneyState:
        if isinstance(event, IntakeApproved) and state and state.learner == "l-2":
            raise ZeroDivisionError("no weeks in the pathway")
        return super().evolve(state, event)

    def rows(self, stream: str, state: JourneyState, told: Sequence[Told[JourneyEvent]], kits: Kits, /) -> Rows:
        return super().rows(stream, state, told, kits)
