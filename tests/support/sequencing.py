"""Appends that commit late, and a sequencer that leads."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import uuid4

import asyncpg

from domain.ids import StreamId
from store.database import Connection
from store.event_log import NewEvent, append_statement
from store.sequencer import take_over

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


def event() -> NewEvent:
    return NewEvent(uuid4(), "journey.noted", 1, "{}", AT)


@asynccontextmanager
async def slow_append(dsn: str, stream: str, expected: int = 0) -> AsyncIterator[Connection]:
    """An append whose transaction stays open: the caller commits or rolls back."""
    connection = await asyncpg.connect(dsn)
    transaction = connection.transaction()
    await transaction.start()
    await connection.fetchrow(*append_statement(StreamId(stream), expected, [event()]))
    yield connection
    await connection.close()


@asynccontextmanager
async def leader(dsn: str) -> AsyncIterator[tuple[Connection, int]]:
    connection = await asyncpg.connect(dsn)
    yield connection, await take_over(connection)
    await connection.close()
