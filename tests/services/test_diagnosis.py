"""What `trellis doctor` says of disks, clocks, versions, keys, HTTP, kits and schedules."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from temporalio.testing import WorkflowEnvironment

from client.journeys import JourneyClient
from domain.access import KeyRole
from domain.ids import JourneyId, ProgramId, journey_stream
from domain.kit import Kit
from domain.program import OpenEnrollment
from interfaces.http.app import create_app
from interfaces.http.server import HttpServer
from projections.runner import catch_up
from runtime.embedded.ports import free_port
from runtime.metrics import Metrics
from runtime.metrics.bulks import BULKS
from services import keys, local_key
from services.diagnosis import doors, machine, programs, work
from services.diagnosis.finding import Finding
from services.enrolling import Enrollment, record_published
from services.keys import KeyWish
from services.schedules import Schedules
from settings import Settings
from store import keys as stored
from store import kits, sequencer, webhooks
from store.database import Pool
from store.event_log import EventLog, NewEvent
from store.leading import leadership
from store.locks import Lock
from store.webhooks import Subscription
from tests.interfaces.asked import ASKING_KIT
from tests.metrics.shown import shown
from tests.projections.stories import KIT, publish, story, tell

GB = 1024**3


def only(found: Sequence[Finding]) -> Finding:
    (one,) = found
    return one


@pytest.mark.parametrize(
    ("free", "state"), [(50 * GB, "ok"), (3 * GB, "ok"), (GB, "needs a person"), (GB // 8, "broken")]
)
def test_room_on_the_disk(free: int, state: str) -> None:
    found = machine.room(Path("/data"), free, 200 * GB)
    assert (found.state, "free in /data" in found.says) == (state, True)


@pytest.mark.parametrize(
    ("least", "most", "recorded_ahead", "says"),
    [
        (-0.2, 0.3, -4.0, None),
        (-1.0, 9.0, 0.0, None),
        (30.0, 30.1, 0.0, "30 s ahead of Postgres"),
        (-40.0, -39.9, 0.0, "40 s behind Postgres"),
        (0.0, 0.1, 300.0, "up to 5 min after they were recorded"),
    ],
    ids=["agree", "a slow answer", "ahead", "behind", "another machine"],
)
def test_clocks(least: float, most: float, recorded_ahead: float, says: str | None) -> None:
    found = machine.clocks(least, most, recorded_ahead)
    assert found.state == ("needs a person" if says else "ok")
    assert (says or "agree") in found.says


async def test_an_event_from_the_future_says_that_a_clock_is_wrong(pool: Pool) -> None:
    assert only(await machine.clock_findings(pool)).state == "ok"
    later = NewEvent(uuid4(), "journey.nudged", 1, {}, datetime.now(UTC) + timedelta(minutes=10))
    await EventLog(pool).append(journey_stream(JourneyId("early")), None, "early", [later])
    assert "10 min after they were recorded" in only(await machine.clock_findings(pool)).says
    assert only(await machine.storage_findings(pool)).state == "ok"


async def test_a_slot_that_nobody_reads_fills_the_disk(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    if await pool.fetchval("show wal_level") == "minimal":
        pytest.skip("this server keeps no write-ahead log for others")
    monkeypatch.setattr(machine, "_SLOT_BYTES", -1)
    await pool.execute("select pg_create_physical_replication_slot('forgotten', true)")
    try:
        found = only(await machine.storage_findings(pool))
    finally:
        await pool.execute("select pg_drop_replication_slot('forgotten')")
    assert (found.state, "forgotten" in found.says) == ("needs a person", True)


async def test_versions(pool: Pool, temporal: WorkflowEnvironment, monkeypatch: pytest.MonkeyPatch) -> None:
    found = only(await machine.version_findings(pool, temporal.client))
    assert (found.state, "PostgreSQL" in found.says, "Temporal" in found.says) == ("ok", True, True)
    monkeypatch.setattr(machine, "_OLDEST_POSTGRES", 99)
    assert only(await machine.version_findings(pool, temporal.client)).state == "broken"


async def test_keys_that_expire_and_are_used(pool: Pool) -> None:
    settings = Settings(database_url="postgresql://a@b/c")
    assert "nobody can use the API" in only(await doors.key_findings(pool, settings)).says
    now = datetime.now(UTC)
    made = [
        await keys.make(pool, KeyWish(name, KeyRole.INTEGRATION, f"system:{name}", expires_at=now + expires), "ops:ana")
        for name, expires in (("lms", timedelta(days=3)), ("unused", timedelta(days=3)), ("far", timedelta(days=90)))
    ]
    assert only(await doors.key_findings(pool, settings)).says == "3 valid keys; none in use expires within 14 days"
    for one in (made[0], made[2]):
        await stored.used(pool, one.key_id, now)
    found = only(await doors.key_findings(pool, settings))
    assert (found.state, found.says) == ("needs a person", f"key {made[0].key_id} (lms) expires in 2 days")
    assert "trellis keys make lms --role integration" in (found.remedy or "")
    await pool.execute("update trellis.keys set expires_at = now() where key_id = $1", made[0].key_id)
    assert "has expired, and was in use until then" in only(await doors.key_findings(pool, settings)).says


async def test_links_that_nobody_else_can_open(pool: Pool) -> None:
    smtp: Any = {"messages": "smtp", "smtp_url": "smtp://127.0.0.1", "messages_from": "a@example.org"}
    assert not await doors.link_findings(pool, Settings(**smtp)), "no program asks anything"
    await publish(pool, ASKING_KIT)
    found = only(await doors.link_findings(pool, Settings(**smtp)))
    assert (found.state, "surveys of ready are sent" in found.says) == ("needs a person", True)
    public = Settings(**smtp, public_url="https://trellis.example.org")
    assert only(await doors.link_findings(pool, public)).state == "ok"
    assert only(await doors.link_findings(pool, Settings())).state == "ok", "a folder is on this machine"


async def test_the_key_of_trellis_up(pool: Pool, tmp_path: Path) -> None:
    settings = Settings(data_folder=tmp_path)
    assert only(await doors.key_findings(pool, settings)).state == "broken", "there is none"
    await local_key.keep(pool, settings.key_file)
    assert only(await doors.key_findings(pool, settings)).state == "ok"
    settings.key_file.chmod(0o644)
    found = only(await doors.key_findings(pool, settings))
    assert (found.state, "mode 644" in found.says) == ("needs a person", True)
    settings.key_file.chmod(0o600)
    await keys.revoke(pool, (await stored.listed(pool))[0].key_id, "ops:ana")
    found = only(await doors.key_findings(pool, settings))
    assert (found.state, "is not valid" in found.says) == ("broken", True)


@asynccontextmanager
async def serving(app: FastAPI, port: int) -> AsyncIterator[None]:
    server = HttpServer(app, "127.0.0.1", port, drain_seconds=1)
    running = asyncio.create_task(server.run())
    try:
        yield
    finally:
        await server.shutdown()
        await running


async def test_http_of_this_machine(pool: Pool, temporal: WorkflowEnvironment, tmp_path: Path) -> None:
    async def away() -> str | None:
        return "no answer in 3 seconds"

    settings = Settings(http_port=free_port(), data_folder=tmp_path)
    elsewhere = Settings(http_port=settings.http_port, database_url="postgresql://a@b/c")
    assert only(await doors.http_findings(settings)).state == "broken"
    assert only(await doors.http_findings(elsewhere)).state == "ok", "another machine may serve it"
    assert only(await doors.http_findings(Settings(http_port=0))).state == "ok"

    journeys = JourneyClient(temporal.client)
    async with serving(create_app(pool, journeys, {}, registry=CollectorRegistry()), settings.http_port):
        found = only(await doors.http_findings(settings))
        assert (found.state, "ready at" in found.says) == ("ok", True)
    async with serving(create_app(pool, journeys, {"postgres": away}), settings.http_port):
        found, *_ = await doors.http_findings(settings)
        assert (found.state, "postgres: no answer in 3 seconds" in found.says) == ("broken", True)
    async with serving(FastAPI(), settings.http_port):
        assert "something else than Trellis answers" in only(await doors.http_findings(settings)).says


def test_a_process_of_another_release_is_known_by_its_metrics() -> None:
    assert doors.build_of('trellis_build_info{version="0.1.0",python="3.11"} 1.0\n') == "0.1.0"
    assert doors.build_of("trellis_snapshot_up 1.0\n") is None


async def test_kits_that_cannot_be_read(pool: Pool, dsn: str) -> None:
    assert only(await programs.kit_findings(pool)).state == "ok", "none is published"
    await publish(pool)
    await tell(EventLog(pool), 0, story(0, 1))
    await sequencer.drain(dsn)
    await catch_up(dsn)
    assert only(await programs.kit_findings(pool)).state == "ok"
    await kits.publish(pool, '{"format": 999}', digest="f" * 64, program="later", version="9", at=datetime.now(UTC))
    await pool.execute("update views.delivered set kit = 'e0e0'")
    found = only(await programs.kit_findings(pool))
    assert found.state == "broken"
    assert "2 kits cannot be read: later@9: " in found.says
    assert "1 open journey" in found.says


async def test_schedules_that_are_missing_or_paused(pool: Pool, dsn: str, temporal: WorkflowEnvironment) -> None:
    await catch_up(dsn)
    program = ProgramId(f"kept-{uuid4().hex[:8]}")
    kit = Kit.model_validate(KIT.model_dump() | {"program": program})
    await publish(pool, kit, at=datetime.now(UTC) - timedelta(days=1))
    await record_published(pool, kit)
    await Enrollment(pool).handle(program, OpenEnrollment(places=3), datetime.now(UTC))
    schedules = Schedules(dsn, pool, temporal.client)
    lack = await schedules.lacking()
    assert lack.wanted == len(lack.missing) == 1
    async with leadership(dsn, Lock.SCHEDULES, "test"):
        assert only(await programs.schedule_findings(pool, temporal.client)).state == "broken"
        await schedules.keep()
        async with asyncio.timeout(20):
            while (await schedules.lacking()).missing:  # noqa: ASYNC110 - Temporal lists them a moment later
                await asyncio.sleep(0.1)
        assert only(await programs.schedule_findings(pool, temporal.client)).state == "ok"
        handle = temporal.client.get_schedule_handle(f"capacity-{program}")
        await handle.pause(note="on holiday")
        async with asyncio.timeout(20):
            while not (await schedules.lacking()).paused:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.1)
        found = only(await programs.schedule_findings(pool, temporal.client))
        assert (found.state, f"capacity-{program}" in found.says) == ("needs a person", True)
        await handle.delete()


async def test_webhooks_whose_receivers_accept_nothing(pool: Pool, dsn: str) -> None:
    assert only(await work.webhook_findings(pool)).says == "there are none"
    wanted = Subscription("https://example.org/hook", "", [], None, "ops")
    for webhook in ("wh-gone", "wh-away", "wh-well", "wh-off"):
        await webhooks.add(pool, webhook, wanted, secret="whsec_" + "a" * 32, position=None, actor="ops:ana")
    assert "no process delivers" in only(await work.webhook_findings(pool)).says
    disable = "update trellis.webhooks set status = 'disabled', because = $2, disabled_by = $3 where webhook = $1"
    await pool.execute(disable, "wh-gone", "it answered 410", webhooks.SYSTEM)
    await pool.execute(disable, "wh-off", "not needed", "ops:ana")
    await pool.execute(
        "update trellis.webhooks set failing_since = now() - interval '3 hours' where webhook = 'wh-away'"
    )
    async with leadership(dsn, Lock.WEBHOOKS, "test"):
        found = {one.about: one for one in await work.webhook_findings(pool)}
    assert found.keys() == {"webhook wh-gone", "webhook wh-away"}
    assert "it answered 410" in found["webhook wh-gone"].says
    assert "trellis webhooks enable wh-gone" in (found["webhook wh-gone"].remedy or "")
    assert "accepted nothing for 3 h" in found["webhook wh-away"].says


async def test_bulk_actions_that_stand_still_or_missed_journeys(pool: Pool, dsn: str) -> None:
    assert "not built yet" in only(await work.bulk_findings(pool)).says
    await catch_up(dsn)
    assert only(await work.bulk_findings(pool)).says == "none is under way"
    for bulk, status, unanswered, hours in (
        ("still", "running", 0, 1),
        ("going", "running", 0, 0),
        ("paused", "paused", 0, 30),
        ("missed", "finished", 4, 1),
        ("well", "finished", 0, 1),
    ):
        await pool.execute(
            """insert into views.bulks select 'bulk-' || $1, $1, 'command', 'pause', '{ready}', 9, 5, $2,
                      $2 <> 'finished', 'ops', at, at, case when $2 = 'finished' then at end, 5, 0, 0, $3
                 from (select now() - $4::integer * interval '1 hour' as at) as moments""",
            *(bulk, status, unanswered, hours),
        )
        await pool.execute("insert into trellis.bulk_selections (bulk, digest) values ($1, $1)", bulk)
        await pool.execute(
            """insert into trellis.bulk_items (bulk, number, journey, program, learner)
               values ($1, 1, 'j', 'ready', 'l')""",
            bulk,
        )
    found = {one.about: one for one in await work.bulk_findings(pool)}
    states = {about: str(one.state) for about, one in found.items()}
    assert states == {
        "bulk action still": "broken",
        "bulk action paused": "needs a person",
        "bulk action missed": "needs a person",
    }
    assert "has reached no journey for 60 min, with 1 journey left" in found["bulk action still"].says
    metrics = Metrics(pool, (BULKS,))
    await metrics.refresh()
    counted = shown(metrics)
    assert counted["trellis_bulk_actions"] == {
        ("command", "running"): 2,
        ("command", "paused"): 1,
        ("command", "finished"): 2,
    }
    assert counted["trellis_bulk_journeys_left"] == {("command",): 3}
    assert counted["trellis_bulk_outcomes_total"]["command", "unanswered"] == 4
