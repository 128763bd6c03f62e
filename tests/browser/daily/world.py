"""A program on an ordinary Monday, and the whole service beside it: something of everything that ops do in a day."""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
from temporalio.testing import WorkflowEnvironment

from domain.access import KeyRole
from domain.cohort.commands import FormCohort
from domain.cohort.events import Entrant, PlannedSession
from domain.ids import (
    CohortId,
    KitDigest,
    LearnerId,
    MentorId,
    PathwayId,
    ProgramId,
    SessionId,
    journey_id,
    journey_stream,
)
from domain.journey import COMMANDS, JourneyEvent, StartJourney, decide, fold
from domain.kit import Kit
from domain.program import PROGRAM as ENROLLMENT
from domain.program import PublishKit, program_stream
from kits.loading import publish
from runtime.embedded.ports import free_port
from scenarios import sample_program
from scenarios.sample import OpeningCommand, Sample, read_sample
from services import cohorts, log_ins, mentors, monthly_reviews
from services.enrolling import record_published
from services.keys import Keyring
from store import people
from store.codec import encode
from store.database import Pool
from store.event_log import EventLog
from store.transact import transact
from tests.browser.site import Site
from tests.interfaces.calling import key_of
from tests.projections.stories import publish as publish_at

PROGRAM = ProgramId("job-ready")
_ROLES = "journeys,programs,sequencer,projector,messages,http"
_GROUP = (LearnerId("l-02"), LearnerId("l-03"), LearnerId("l-07"))
_MORE = {LearnerId("l-01"): (OpeningCommand("ask_for_help", {"by": "learner:l-01", "notes": "My laptop broke."}, 0),)}
"""Which opens a case."""
_RUNS_FOR = timedelta(days=70)
_START_SECONDS = 180.0


@dataclass(frozen=True, slots=True)
class World:
    site: Site
    pool: Pool
    month: str
    """Of the monthly review that is drafted."""

    @property
    def url(self) -> str:
        return self.site.url


@asynccontextmanager
async def world(pool: Pool, dsn: str, temporal: WorkflowEnvironment) -> AsyncIterator[World]:
    sample = read_sample()
    await _fill(pool, sample)
    async with _service(dsn, temporal) as url:
        await _form_group(pool, temporal, sample.kit)
        newer = sample.kit.model_copy(update={"version": "99", "title": "Job-ready, revised"})
        await publish(pool, Kit.model_validate(newer.model_dump()))
        await record_published(pool, newer)
        month = await monthly_reviews.latest_month(pool, PROGRAM, datetime.now(UTC))
        await monthly_reviews.draft_now(pool, PROGRAM, month, "ops:ana")
        session = await log_ins.by_key(pool, Keyring(pool), await key_of(pool, KeyRole.OPS))
        assert session
        site = Site(url, {f"trellis-{url.rpartition(':')[2]}": session.token})
        await _shown(site)
        yield World(site, pool, month)


async def _fill(pool: Pool, sample: Sample) -> None:
    now = datetime.now(UTC)
    await publish_at(pool, sample.kit, now - _RUNS_FOR)
    published = PublishKit(kit=KitDigest(sample.kit.digest), version=sample.kit.version)
    await transact(pool, program_stream(PROGRAM), ENROLLMENT, published, now - _RUNS_FOR)
    await people.upsert_many(pool, sample.learners)
    await mentors.store(pool, PROGRAM, sample.mentors, now, by="system")
    await sample_program.train(pool, sample.kit, now)
    log = EventLog(pool)
    for learner, opening in sample.opening.items():
        begun = now - timedelta(hours=1)
        events = _told(sample.kit, learner, (*opening, *_MORE.get(learner, ())), begun)
        journey = sample.journey(learner)
        await log.append(journey_stream(journey), 0, journey, encode(events, journey))


def _told(kit: Kit, learner: LearnerId, opening: Iterable[OpeningCommand], at: datetime) -> list[JourneyEvent]:
    events = [*decide(kit, None, StartJourney(program=kit.program_id, learner=learner, kit=KitDigest(kit.digest)), at)]
    for given in opening:
        at += timedelta(minutes=1)
        events += decide(kit, fold(events), COMMANDS[given.command].model_validate(given.payload), at)
    return events


async def _form_group(pool: Pool, temporal: WorkflowEnvironment, kit: Kit) -> None:
    """It has met, and nobody has said how that went."""
    first = datetime.now(UTC) - timedelta(hours=2)
    pathway = kit.pathway(PathwayId("steady"))
    assert pathway
    together = [one for one in pathway.sessions if one.mode == "cohort"]
    formed = FormCohort(
        by="system",
        program=PROGRAM,
        kit=KitDigest(kit.digest),
        pathway=PathwayId("steady"),
        number=1,
        mentors=(MentorId("m-3"),),
        sessions=tuple(
            PlannedSession(session=SessionId(one.id), starts_at=first + (one.after - together[0].after))
            for one in together
        ),
        members=tuple(Entrant(learner=one, journey=journey_id(PROGRAM, one)) for one in _GROUP),
    )
    await cohorts.handle(pool, temporal.client, CohortId(f"{PROGRAM}.1"), formed, first)


@asynccontextmanager
async def _service(dsn: str, temporal: WorkflowEnvironment) -> AsyncIterator[str]:
    """All of it in one process, as it is deployed."""
    port = free_port()
    own = {name: value for name, value in os.environ.items() if not name.startswith(("TRELLIS_", "TEMPORAL_"))}
    servers = {
        "PYTHONPATH": str(Path(__file__).parents[3]),
        "DATABASE_URL": dsn,
        "TEMPORAL_ADDRESS": temporal.client.service_client.config.target_host,
        "TRELLIS_HTTP_PORT": str(port),
        "TRELLIS_SDK_METRICS_PORT": "0",
    }
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("w") as log:
        command = (sys.executable, "-m", "worker", "--roles", _ROLES)
        process = await asyncio.create_subprocess_exec(*command, cwd=folder, env=own | servers, stdout=log, stderr=log)
        try:
            await _ready(f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


async def _ready(url: str) -> None:
    async with asyncio.timeout(_START_SECONDS), httpx2.AsyncClient(timeout=30) as client:
        while True:
            try:
                if (await client.get(f"{url}/readyz")).status_code == 200:
                    return
            except httpx2.TransportError:
                pass
            await asyncio.sleep(0.1)


async def _shown(site: Site) -> None:
    """Until the views have what was told."""
    async with asyncio.timeout(_START_SECONDS), httpx2.AsyncClient(cookies=dict(site.cookies), timeout=30) as client:
        while True:
            page = (await client.get(f"{site.url}/")).text
            group = (await client.get(f"{site.url}/v1/cohorts")).text
            if "Review of" in page and 'id="reminders"' in page and f"{PROGRAM}.1" in group:
                return
            await asyncio.sleep(0.1)
