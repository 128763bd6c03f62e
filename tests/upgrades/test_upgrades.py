"""This version of Trellis on the installations of earlier ones: everything that they stored is read, and goes on."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count

import pytest
from temporalio.testing import WorkflowEnvironment

import projections.audit
from client.journeys import NoSuchJourney
from domain.ids import CohortId, JourneyId, ProgramId, journey_stream
from domain.journey import fold, next_action
from projections import totals
from projections.board_filter import Filter
from projections.journeys import JOURNEY_CODEC
from projections.reading import BeingRebuilt
from projections.registry import PROJECTIONS
from projections.runner import Runner, catch_up
from projections.status import statuses
from projections.views import (
    attention,
    board,
    bookings,
    bulks,
    cohorts,
    daily_activity,
    findings,
    funnel,
    intake,
    mentor_load,
    mentor_places,
    mentors,
    messages,
    monthly_reviews,
    pilots,
    proposals,
    qa_samples,
    resting,
    rounds,
    session_scores,
    survey_answers,
    survey_requests,
    timeline,
    training,
    upcoming,
)
from queries import complaints
from queries.measures import figures
from queries.open_journeys import open_rows
from runtime.embedded.postgres import PostgresServer
from services.rebuilding import rebuilt
from store import audit, kits
from store.database import Pool, migrate, open_pool
from store.dump import restore
from store.event_log import EventLog
from tests.temporal import worker_on
from tests.upgrades import files
from workflows.contract import Begin

PROGRAM = "recorded"
YEARS = (date(2020, 1, 1), date(2050, 1, 1))
_numbers = count(1)


@dataclass(frozen=True)
class Installation:
    version: str
    dsn: str
    pool: Pool

    @property
    def journeys(self) -> list[JourneyId]:
        return files.journeys(self.version)


@pytest.fixture(params=files.VERSIONS)
async def left(request: pytest.FixtureRequest, postgres: PostgresServer, template: str) -> AsyncIterator[Installation]:
    """A database as the earlier version left it, with its schema, its log and its views."""
    name = f"upgraded_{next(_numbers)}"
    await postgres.create_database(name)
    process = await asyncio.create_subprocess_exec(
        *(files.postgres_program("psql"), "--quiet", "--no-psqlrc", "-v", "ON_ERROR_STOP=1", postgres.dsn(name)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
    )
    await process.communicate(files.read(request.param, "database.sql").encode())
    assert process.returncode == 0
    pool = await open_pool(postgres.dsn(name))
    yield Installation(request.param, postgres.dsn(name), pool)
    pool.terminate()


@pytest.fixture
async def upgraded(left: Installation) -> Installation:
    """The same, its schema brought up to today's. The views are still those of then."""
    await migrate(left.dsn)
    return left


def readers(upgraded: Installation) -> list[tuple[str, Callable[[], Awaitable[object]]]]:
    """One for each way in which a view is read."""
    pool, now, lea = upgraded.pool, datetime.now(UTC), upgraded.journeys[0]
    return [
        ("board", lambda: attention.wanted(pool, now)),
        ("board", lambda: attention.tallies(pool, now)),
        ("board", lambda: board.page(pool)),
        ("board", lambda: board.page(pool, Filter(flag="any"))),
        ("board", lambda: board.one(pool, lea)),
        ("board", lambda: board.counts(pool)),
        ("board", lambda: board.segments(pool)),
        ("board", lambda: board.open_journeys(pool)),
        ("bookings", lambda: bookings.of_holders(pool, [journey_stream(lea)])),
        ("bookings", lambda: bookings.office_hours(pool, now)),
        ("bookings", lambda: bookings.office_hours_of_journeys(pool, [lea])),
        ("bookings", lambda: bookings.untold(pool, now, now)),
        ("bulks", lambda: bulks.bulks(pool, now)),
        ("cohorts", lambda: cohorts.of_program(pool)),
        ("cohorts", lambda: cohorts.standings(pool, CohortId("none"))),
        ("cohorts", lambda: cohorts.meetings(pool, now, now)),
        ("complaints", lambda: complaints.complaints(pool, ProgramId(PROGRAM))),
        ("daily_activity", lambda: daily_activity.of_journey(pool, lea, *YEARS)),
        ("delivered", lambda: totals.totals(pool, PROGRAM)),
        ("funnel", lambda: funnel.steps(pool, *YEARS, PROGRAM, "seekers")),
        ("intake", lambda: intake.questions(pool, *YEARS)),
        ("measured", lambda: figures.figures(pool, PROGRAM, by="cohort")),
        ("mentor_load", lambda: mentor_load.loads(pool)),
        ("mentor_load", lambda: mentor_load.mentors(pool, PROGRAM)),
        ("mentor_places", lambda: mentor_places.mentors(pool, PROGRAM)),
        ("mentor_places", lambda: mentor_places.overdue(pool)),
        ("mentor_places", lambda: mentor_places.taken(pool)),
        ("mentors", lambda: mentors.by_ids(pool, [])),
        ("mentors", lambda: mentors.of_program(pool, PROGRAM)),
        ("findings", lambda: findings.findings(pool)),
        ("findings", lambda: findings.tallies(pool, ProgramId(PROGRAM))),
        ("messages", lambda: messages.latest(pool)),
        ("messages", lambda: messages.not_sent(pool)),
        ("qa_samples", lambda: qa_samples.rounds(pool, PROGRAM)),
        ("qa_samples", lambda: qa_samples.queue(pool, PROGRAM, "ops", now)),
        ("qa_samples", lambda: qa_samples.candidates(pool, PROGRAM, now, now, 2.5)),
        ("proposals", lambda: proposals.proposals(pool)),
        ("monthly_reviews", lambda: monthly_reviews.monthly_reviews(pool, PROGRAM)),
        ("pilots", lambda: pilots.pilots(pool, PROGRAM)),
        ("resting", lambda: resting.resting(pool, now)),
        ("rounds", lambda: rounds.rounds(pool)),
        ("session_scores", lambda: session_scores.tallies(pool, PROGRAM)),
        ("session_scores", lambda: session_scores.scored_twice(pool, PROGRAM)),
        ("survey_answers", lambda: survey_answers.tallies(pool, PROGRAM)),
        ("survey_requests", lambda: survey_requests.requests(pool)),
        ("survey_requests", lambda: survey_requests.response_rates(pool, PROGRAM)),
        ("timeline", lambda: timeline.of_journey(pool, lea)),
        ("training", lambda: training.acknowledgments(pool, PROGRAM)),
        (
            "board",
            lambda: upcoming.between(pool, datetime(2020, 1, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)),
        ),
        ("board", lambda: upcoming.of_journey(pool, lea)),
    ]


async def test_every_kit_is_parsed_and_every_journey_is_folded(upgraded: Installation) -> None:
    for journey in upgraded.journeys:
        state = fold(JOURNEY_CODEC.decode_known(await EventLog(upgraded.pool).read_stream(journey_stream(journey))))
        assert state, journey
        assert next_action(await kits.load(upgraded.pool, state.kit), state)
    published = await upgraded.pool.fetch("select digest from trellis.kits")
    assert {(await kits.load(upgraded.pool, row["digest"])).version for row in published} == {"1", "2"}


async def test_readers_are_answered_or_told_to_wait_and_then_every_view_is_there(upgraded: Installation) -> None:
    assert {name for name, _ in readers(upgraded)} == set(PROJECTIONS)
    for _, read in readers(upgraded):
        with suppress(BeingRebuilt):
            await read()
    everybody = {one.journey async for one in open_rows(upgraded.pool)}
    assert everybody, "whoever looks for lost journeys need not wait"
    projecting = asyncio.create_task(Runner(upgraded.dsn).run())
    try:
        async with asyncio.timeout(60):
            assert await rebuilt(upgraded.pool, lambda _: None) == []
            while {one.name for one in await statuses(upgraded.pool)} != set(PROJECTIONS):  # noqa: ASYNC110
                await asyncio.sleep(0.05)  # what was replaced is dropped
    finally:
        projecting.cancel()
        with suppress(asyncio.CancelledError):
            await projecting
    await catch_up(upgraded.dsn)
    for _, read in readers(upgraded):
        assert await read() is not None
    rows = (await board.page(upgraded.pool)).rows
    assert sorted(one.journey for one in rows) == sorted(upgraded.journeys)
    assert {one.journey for one in rows if one.ending is None} == everybody
    assert {one.segment for one in rows if one.stage == "sessions"} == {"seekers"}
    assert (await audit.verify(upgraded.pool)).findings == []
    assert await projections.audit.verify(upgraded.pool) == []


async def test_the_log_that_it_exported_gives_the_same_views(upgraded: Installation, pool: Pool, dsn: str) -> None:
    lines = files.read(upgraded.version, "log.ndjson").splitlines(keepends=True)
    await restore(dsn, lines)
    await catch_up(dsn)
    upgraded_head, head = await EventLog(upgraded.pool).head(), await EventLog(pool).head()
    assert head == upgraded_head
    shown = (await board.page(pool)).rows
    assert sorted(one.journey for one in shown) == sorted(upgraded.journeys)


async def test_its_journeys_go_on(upgraded: Installation, temporal: WorkflowEnvironment) -> None:
    """Taken up from the log, as after the loss of Temporal; what goes on from a history, test_replay.py shows."""
    log = EventLog(upgraded.pool)
    async with worker_on(temporal, upgraded.pool, f"upgraded-{upgraded.version}") as running:
        for row in [one async for one in open_rows(upgraded.pool)]:
            before = len(await log.read_stream(journey_stream(row.journey)))
            await running.client.begin(Begin(program=row.program, learner=row.learner), row.journey)
            try:
                status = await running.client.status(row.journey)
            except NoSuchJourney:  # it was due to close meanwhile
                continue
            assert status.version >= before
            if status.stage != "closed":
                await running.client.send(row.journey, "ask_for_help", {"notes": "still there?", "by": "ops"})
            with suppress(Exception):
                await temporal.client.get_workflow_handle(row.journey).terminate()


def test_the_installations_are_small() -> None:
    assert sum(file.stat().st_size for file in files.FOLDER.glob("*/*.xz")) < 300_000
