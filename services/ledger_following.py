"""Keeps the streams of mentors in step with journeys and groups, and the rosters of groups in step with journeys:
confirms, moves and releases places and booked times, and corrects who came, as the log tells.

A reservation enters by itself what the journeys with a place have recorded, so nothing is refused because this service
is behind. It fills the ledgers with what an earlier release has matched, and releases places for which nothing was
recorded.
"""

import asyncio
from collections.abc import Awaitable, Iterable
from contextlib import suppress
from time import monotonic

import structlog
from temporalio.client import Client

from client.journeys import JourneyClient
from domain.holding import BEARING
from domain.ids import CohortId, MentorId, StreamId, cohort_stream
from domain.mentor import mentor_stream
from projections.journeys import journey_of
from projections.reading import BeingRebuilt
from projections.views import mentor_places
from runtime.fan_out import fan_out
from services import booking, group_times, rosters
from store import ledger
from store.database import Connection, Pool, query
from store.errors import StoreError
from store.event_log import EventLog
from store.leading import Interruptions, lead
from store.locks import Lock

log = structlog.get_logger(__name__)

_RETRY_SECONDS = 5.0
_LOOK_SECONDS = 1.0
_SWEEP_SECONDS = 60.0
"""Between two searches for places whose holder had time to record something and did not, and two attempts at journeys
that could not be entered."""
_POSITIONS = 5_000
_AT_ONCE = 8
_OF_GROUPS = cohort_stream(CohortId(""))


class LedgerFollowing:
    """One process leads, any number may stand by. `run` returns only when cancelled."""

    def __init__(self, dsn: str, pool: Pool, temporal: Client) -> None:
        self._dsn = dsn
        self._pool = pool
        self._journeys = JourneyClient(temporal)
        self._failed: set[StreamId] = set()
        """Journeys and groups that could not be entered, such as those whose kit is missing. They are tried again."""

    async def run(self) -> None:
        patience = Interruptions("ledger", pause=lambda _: _RETRY_SECONDS)
        await lead(self._dsn, Lock.LEDGER, self._work, name="ledger", patience=patience)

    async def _work(self, connection: Connection) -> None:
        swept = monotonic()
        while True:
            await self.catch_up()
            if monotonic() - swept >= _SWEEP_SECONDS:
                await self.sweep()
                swept = monotonic()
            await asyncio.sleep(_LOOK_SECONDS)
            await connection.execute("select 1")  # raises when the connection is lost, and the leadership with it

    async def catch_up(self) -> None:
        """Enters what was recorded up to the present end of the log."""
        head = await EventLog(self._pool).head()
        while (position := await self._pool.fetchval(query("ledger_position"))) < head:
            upto = min(position + _POSITIONS, head)
            types = [*BEARING, *group_times.BEARS_ON_TIMES, *rosters.BEARS_ON_ROSTERS]
            moved = await self._pool.fetch(query("ledger_moved"), position, upto, types)
            await self._follow(StreamId(row["stream"]) for row in moved)
            await self._pool.execute(query("ledger_move"), upto)

    async def sweep(self) -> None:
        """Looks again at what could not be entered, at places that are kept for longer than recording takes, and at
        times that were booked and of which nothing was recorded."""
        failed, self._failed = self._failed, set()
        await self._follow(failed)
        with suppress(BeingRebuilt):
            for mentor in map(MentorId, await mentor_places.overdue(self._pool)):
                await self._entered(mentor_stream(mentor), ledger.catch_up(self._pool, mentor))
        with suppress(BeingRebuilt):
            await group_times.sweep(self._pool)
        with suppress(BeingRebuilt):
            await booking.sweep(self._pool, self._journeys)

    async def _follow(self, streams: Iterable[StreamId]) -> None:
        await fan_out(self._follow_one, streams, _AT_ONCE)

    async def _follow_one(self, stream: StreamId) -> None:
        if not await self._entered(stream, self._follow_holder(stream)):
            self._failed.add(stream)

    async def _follow_holder(self, stream: StreamId) -> bool:
        await ledger.follow(self._pool, stream)
        if stream.startswith(_OF_GROUPS):
            await group_times.follow(self._pool, stream)
            return True
        await booking.follow(self._pool, journey_of(stream))
        return await rosters.follow(self._pool, journey_of(stream))

    async def _entered(self, stream: StreamId, entering: Awaitable[object]) -> bool:
        """Whether it was possible. A stream for which it is not does not keep the others from it."""
        try:
            if await entering is False:
                return False
        except StoreError as error:
            log.warning("places_not_entered", stream=stream, because=repr(error))
            return False
        return True
