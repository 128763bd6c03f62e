"""Rounds of matching: taken back, and begun at once where somebody urgent waits."""

import asyncio
from datetime import UTC, datetime

import structlog
from temporalio.client import Client

from client.rounds import RoundClient
from domain.ids import ProgramId, RoundId, StreamId, journey_stream, round_stream
from domain.kit import Kit
from domain.round import ROUND, TakeRoundBack
from projections.views import board
from projections.views.rounds import rounds
from store import kits
from store.database import Connection, Pool
from store.errors import StoreError
from store.kits import PublishedKit
from store.leading import Interruptions, lead
from store.locks import Lock
from store.transact import given, transact
from store.waiting import waiting_among
from workflows.contract import BeginMatching, RoundStatus

log = structlog.get_logger(__name__)


async def take_back(pool: Pool, client: RoundClient, round_: RoundId, command: TakeRoundBack) -> RoundStatus:
    """Records it, which ends any sending, and returns when everything is withdrawn that can be.

    Raises:
        Rejected: when the round was not released, or is not there.
        NobodyMatches: when no worker has done it in time; it is done once there is one.
    """
    await transact(pool, round_stream(round_), ROUND, command, datetime.now(UTC), meta=given(command))
    await client.start_taking_back(round_)
    return await client.taken_back(round_)


class UrgentRounds:
    """Begins a round where a learner waits for whom the kit wants one at once, and none has been drafted since they
    came to wait. While a round is open, nothing is begun. One process leads, any number may stand by.
    """

    _LOOK_SECONDS = 15.0
    _RETRY_SECONDS = 10.0
    _MOST = 10_000

    def __init__(self, dsn: str, pool: Pool, temporal: Client) -> None:
        self._dsn = dsn
        self._pool = pool
        self._rounds = RoundClient(temporal)
        self._looked_at: dict[ProgramId, dict[StreamId, tuple[int, datetime | None]]] = {}
        """Journeys that wait, with the version that was looked at, and since when they wait if they are urgent."""

    async def run(self) -> None:
        patience = Interruptions("urgent rounds", pause=lambda _: self._RETRY_SECONDS)
        await lead(self._dsn, Lock.URGENT_ROUNDS, self._work, name="urgent rounds", patience=patience)

    async def _work(self, connection: Connection) -> None:
        while True:
            await self.look()
            await asyncio.sleep(self._LOOK_SECONDS)
            await connection.execute("select 1")  # raises when the connection is lost, and the leadership with it

    async def look(self) -> list[ProgramId]:
        """Looks once, at every program. Returns those in which a round was begun."""
        return [ProgramId(one.program) for one in await kits.programs(self._pool) if await self._look_at(one)]

    async def _look_at(self, published: PublishedKit) -> bool:
        """A program of which something cannot be read does not keep the others from their rounds."""
        try:
            return await self._begin_for(kits.read(published))
        except StoreError as error:
            log.warning("urgent_learners_not_found", program=published.program, because=repr(error))
            return False

    async def _begin_for(self, kit: Kit) -> bool:
        program, terms = kit.program_id, kit.matching.rounds
        if terms is None or not terms.urgent:
            return False
        since = await self._latest_urgent(program)
        if since is None:
            return False
        last = await rounds(self._pool, program, limit=1)
        if last and (last[0].ended_at is None or (last[0].drafted_at or last[0].begun_at) >= since):
            return False
        started = await self._rounds.start(BeginMatching(program=program, cause="urgent"))
        if started:
            log.info("urgent_round_begun", program=program)
        return started

    async def _latest_urgent(self, program: ProgramId) -> datetime | None:
        """Since when the urgent learner who came last has waited. Only journeys that have changed are read."""
        waiting, before = await board.unmatched(self._pool, program, self._MOST), self._looked_at.get(program, {})
        known = {stream: before[stream] for stream in waiting if before.get(stream, (0, None))[0] == waiting[stream]}
        new = [stream for stream in waiting if stream not in known]
        urgent = {
            journey_stream(one.journey): one.asked_at for one in await waiting_among(self._pool, new) if one.is_urgent
        }
        known |= {stream: (waiting[stream], urgent.get(stream)) for stream in new}
        self._looked_at[program] = known
        return max((at for _, at in known.values() if at), default=None)
