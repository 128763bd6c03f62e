"""The audit finds what was damaged, however it came about."""

from datetime import UTC, datetime
from uuid import uuid4

import asyncpg
import pytest

from domain.ids import StreamId
from projections.runner import catch_up
from projections.status import statuses
from store import sequencer
from store.audit import verify
from store.database import Pool, open_pool
from store.event_log import EventLog, NewEvent

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
TRIGGERS_OFF = "set session_replication_role = replica;"  # what a superuser can do, and an audit is for


@pytest.fixture
async def log(pool: Pool, dsn: str) -> EventLog:
    log = EventLog(pool)
    for number in range(6):
        events = [NewEvent(uuid4(), "journey.noted", 1, {"n": number}, AT) for _ in range(2)]
        await log.append(StreamId(f"journey-{number % 2}"), None, f"a{number}", events)
    await sequencer.drain(dsn)
    return log


async def test_a_sound_log_has_no_findings(log: EventLog, pool: Pool) -> None:
    audit = await verify(pool)
    assert (audit.events, audit.streams, audit.position, audit.findings) == (12, 2, 12, [])


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        ("delete from trellis.log where position = 5", "positions 5 to 5 are missing"),
        ("delete from trellis.log where position = 12", "the sequencer is at position 12 and the log ends at 11"),
        ("delete from trellis.events where seq = 5", "position 5 stands for seq 5, which is no event"),
        ("delete from trellis.events where seq = 5", "journey-0: version 4 follows 2"),
        ("delete from trellis.events where seq = 5", "append a2 wrote 2 events and 1 are there"),
        ("update trellis.events set data = '{\"n\": 9}' where seq = 5", "append a2 does not have the content"),
        ("update trellis.streams set version = 7 where stream = 'journey-1'", "journey-1 is said to be at version 7"),
        ("update trellis.log set seq = -seq where position = 5", "has no position and nobody is going to give it one"),
        ("update trellis.events set version = 9 - version where stream = 'journey-0'", "was recorded before version"),
        (
            "insert into trellis.projections values ('p', 1, 1, '', 'live', 99)",
            "says position 99 and the log ends at 12",
        ),
    ],
)
async def test_damage_is_found(log: EventLog, pool: Pool, damage: str, finding: str) -> None:
    async with pool.acquire() as connection:
        await connection.execute(f"begin; {TRIGGERS_OFF} {damage}; set session_replication_role = origin; commit")
    assert any(finding in one.what for one in (await verify(pool)).findings)


async def test_the_application_role_can_work_and_cannot_change_the_past(log: EventLog, pool: Pool, dsn: str) -> None:
    separator = "&" if "?" in dsn else "?"
    # A clone does not inherit the rights on the database that the migration gave on the template.
    await pool.execute(
        "do $$ begin execute 'grant create on database ' || current_database() || ' to trellis_app'; end $$"
    )
    app_dsn = f"{dsn}{separator}options=-c%20role%3Dtrellis_app"
    app = await open_pool(app_dsn, max_size=2)
    assert await app.fetchval("select current_user") == "trellis_app"
    event = NewEvent(uuid4(), "journey.noted", 1, {}, AT)
    assert (await EventLog(app).append(StreamId("journey-9"), 0, "new", [event])).last_version == 1
    await sequencer.drain(app_dsn)
    await catch_up(app_dsn)
    assert {one.behind_events for one in await statuses(app)} == {0}
    for change in ("update trellis.events set version = 1", "delete from trellis.events", "truncate trellis.events"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute(change)
    app.terminate()
