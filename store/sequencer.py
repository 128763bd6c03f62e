"""Gives every committed event its position. One leader at a time; others may stand by, in any number of processes."""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import cast

import asyncpg

from store.commits import heard
from store.database import Connection, query
from store.errors import Deposed
from store.leading import lead

LOCK = 7_455_002
"""Of the sequencer that leads."""
_PARTITION_CHECK_SECONDS = 60.0
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.005, 0.025


@dataclass(frozen=True, slots=True)
class SequencerState:
    """How the sequencer stands, as anybody can read it."""

    epoch: int
    position: int
    stragglers: int
    """Events so far that were given their position after a later seq had been given its own."""
    open_gaps: int
    """Numbers passed over that a transaction in progress may still bring."""
    oldest_gap_seconds: float
    waiting: int
    """Events that are committed and have no position yet."""


class Sequencer:
    """Leads whenever it can. `run` returns only when cancelled; a lost connection or leadership is taken up again.

    It needs a connection of its own, straight to Postgres: leadership is a lock of that session, and a pooler would
    hand the session to others. Whoever is cut off without noticing is refused by its epoch.
    """

    def __init__(self, dsn: str, *, batch: int = 10_000) -> None:
        self._dsn = dsn
        self._batch = batch
        self.leading = asyncio.Event()

    async def run(self) -> None:
        await lead(self._dsn, LOCK, self._work, name="sequencer")

    async def _work(self, connection: Connection) -> None:
        try:
            await self._assign_all(connection, await take_over(connection))
        finally:
            self.leading.clear()

    async def _assign_all(self, connection: Connection, epoch: int) -> None:
        loop = asyncio.get_running_loop()
        partitions_at = 0.0
        with heard() as news:
            self.leading.set()
            while True:
                if loop.time() >= partitions_at:
                    await connection.execute(query("partitions_create"))
                    partitions_at = loop.time() + _PARTITION_CHECK_SECONDS
                given = await assign(connection, epoch, self._batch)
                if given == self._batch:
                    continue
                if given:
                    await asyncio.sleep(_SHORTEST_PAUSE)  # few at a time share one commit
                else:
                    await _until_due(connection, epoch, news, partitions_at)


async def _until_due(connection: Connection, epoch: int, news: asyncio.Event, at_latest: float) -> None:
    """Returns when there is something to position or to settle, and at the time `at_latest` of the loop. Hears of
    commits in this process at once, and finds those of others by looking, which draws no transaction id.
    """
    loop = asyncio.get_running_loop()
    pause = _SHORTEST_PAUSE
    while loop.time() < at_latest:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await news.wait()
        if news.is_set() or await is_due(connection, epoch):
            news.clear()
            return
        pause = min(pause * 1.5, _LONGEST_PAUSE)


async def is_due(connection: Connection, epoch: int) -> bool:
    """Whether `assign` would change anything, or raise Deposed. Only reads."""
    return cast("bool", await connection.fetchval(query("sequencer_due"), epoch))


async def assign(connection: Connection, epoch: int, limit: int) -> int:
    """Positions up to `limit` events, stragglers besides, and returns how many. Raises Deposed."""
    try:
        return cast("int", await connection.fetchval(query("sequencer_assign"), epoch, limit))
    except asyncpg.PostgresError as error:
        if error.sqlstate == "TR003":
            raise Deposed("sequencer", epoch) from error
        raise


async def take_over(connection: Connection) -> int:
    """Begins a new epoch and returns it. Whoever led before is refused from now on."""
    return cast("int", await connection.fetchval(query("sequencer_take_over")))


async def state(connection: Connection) -> SequencerState:
    row = await connection.fetchrow(query("sequencer_state"))
    assert row is not None
    return SequencerState(*row)


async def drain(dsn: str) -> int:
    """Positions everything that is committed now, as a leader of its own, and returns the last position. For commands
    and tests that run without a worker; one that leads elsewhere is deposed and stands again.
    """
    connection = await asyncpg.connect(dsn)
    try:
        epoch = await take_over(connection)
        while await assign(connection, epoch, 10_000):
            pass
        return cast("int", await connection.fetchval(query("head")))
    finally:
        await connection.close()
