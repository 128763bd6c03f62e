"""A log that is worth dumping, and a second database to restore it into."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import uuid4

import asyncpg
import pytest

from domain.ids import StreamId
from runtime.embedded.postgres import PostgresServer
from store import sequencer
from store.database import Pool, migrate
from store.dump import export
from store.event_log import EventLog, NewEvent
from tests.projections.stories import publish, story, tell

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture
async def log(pool: Pool, dsn: str) -> EventLog:
    await publish(pool)
    log = EventLog(pool)
    for number in range(6):
        await tell(log, number, story(number, (3, 9, None)[number % 3]))
    precise = NewEvent(uuid4(), "system.noted", 1, '{"n": 2.50, "big": 12345678901234567890.123456789}', AT)
    await log.append(StreamId("system-1"), None, "precise", [precise, precise])
    await sequencer.drain(dsn)
    return log


@pytest.fixture
async def other(postgres: PostgresServer) -> AsyncIterator[str]:
    """Another database, migrated and empty."""
    name = f"other_{uuid4().hex}"
    await postgres.create_database(name)
    await migrate(postgres.dsn(name))
    yield postgres.dsn(name)
    admin = await asyncpg.connect(postgres.dsn("postgres"))
    await admin.execute(f"drop database {name} with (force)")
    await admin.close()


async def lines_of(pool: Pool) -> list[str]:
    return [line async for line in export(pool)]
