"""Assigns a position to every committed event. One sequencer leads at a time; others, in other processes, stand by."""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import cast

import asyncpg

from store.commits import announced_commits
from store.database import Connection, query
from store.errors import Deposed
from store.leading import lead
from store.locks import Lock

_PARTITION_CHECK_SECONDS = 60.0
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.005, 0.025


@dataclass(frozen=True, slots=True)
class SequencerState:
    """The progress of the sequencer, whichever process it leads in."""

    epoch: int
    position: int
    stragglers: int
    """Events so far that got their position after an event with a higher seq had got its own."""
    open_gaps: int
    """Seqs below the highest one seen for which a transaction in progress may still commit an event."""
    oldest_gap_seconds: float
    waiting: int
    """Events that are committed and have no position yet."""


class Sequencer:
    """Leads whenever it can. `run` returns only when cancelled; after a lost connection or leadership it tries again.

    It needs a connection of its own, straight to Postgres: leadership is a lock of that session, and a pooler would
    give the session to others. A leader that was replaced without noticing is refused, because its epoch is over.
    """

    def __init__(self, dsn: str, *, batch: int = 10_000) -> None:
        self._dsn = dsn
        self._batch = batch
        self.leading = asyncio.Event()

    async def run(self) -> None:
        await lead(self._dsn, Lock.SEQUENCER, self._work, name="sequencer")

    async def _work(self, connection: Connection) -> None:
        try:
            await self._assign_all(connection, await take_over(connection))
        finally:
            self.leading.clear()

    async def _assign_all(self, connection: Connection, epoch: int) -> None:
        loop = asyncio.get_running_loop()
        partitions_at = 0.0
        with announced_commits() as committed:
            self.leading.set()
            while True:
                if loop.time() >= partitions_at:
                    await connection.execute(query("partitions_create"))
                    partitions_at = loop.time() + _PARTITION_CHECK_SECONDS
                given = await assign(connection, epoch, self._batch)
                if given == self._batch:
                    continue
                if given:
                    await asyncio.sleep(_SHORTEST_PAUSE)  # so that more events share the next commit
                else:
                    await _until_due(connection, epoch, committed, partitions_at)


async def _until_due(connection: Connection, epoch: int, committed: asyncio.Event, at_latest: float) -> None:
    """Returns when `assign` has something to do, at the latest at the time `at_latest` of the event loop. Commits of
    this process are announced; those of others are found by polling, which only reads and draws no transaction id.
    """
    loop = asyncio.get_running_loop()
    pause = _SHORTEST_PAUSE
    while loop.time() < at_latest:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await committed.wait()
        if committed.is_set() or await is_due(connection, epoch):
            committed.clear()
            return
        pause = min(pause * 1.5, _LONGEST_PAUSE)


async def is_due(connection: Connection, epoch: int) -> bool:
    """Whether `assign` would change anything or raise Deposed. Only reads."""
    return cast("bool", await connection.fetchval(query("sequencer_due"), epoch))


async def assign(connection: Connection, epoch: int, limit: int) -> int:
    """Assigns positions to up to `limit` events, and to all stragglers. Returns to how many. Raises Deposed."""
    try:
        return cast("int", await connection.fetchval(query("sequencer_assign"), epoch, limit))
    except asyncpg.PostgresError as error:
        if error.sqlstate == "TR003":
            raise Deposed("sequencer", epoch) from error
        raise


async def take_over(connection: Connection) -> int:
    """Begins a new epoch and returns it. Leaders of earlier epochs are refused from now on."""
    return cast("int", await connection.fetchval(query("sequencer_take_over")))


async def state(connection: Connection) -> SequencerState:
    row = await connection.fetchrow(query("sequencer_state"))
    assert row is not None
    return SequencerState(*row)


async def drain(dsn: str) -> int:
    """Assigns a position to everything that is committed and returns the last position. For commands and tests that run
    without a worker. It takes the leadership; a sequencer that leads elsewhere then has to take it again.
    """
    connection = await asyncpg.connect(dsn)
    try:
        epoch = await take_over(connection)
        while await assign(connection, epoch, 10_000):
            pass
        return cast("int", await connection.fetchval(query("head")))
    finally:
        await connection.close()
