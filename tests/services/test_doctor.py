"""`trellis doctor` and `trellis messages park`, as they are typed, at three in the morning."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from pydantic_core import from_json
from structlog.testing import capture_logs
from temporalio.common import SearchAttributeKey
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.notifications import Notifications
from channels.channel import Bounced
from domain.ids import JourneyId, journey_stream
from projections.runner import Runner, catch_up
from runtime.courier import Courier
from services.diagnosis import concerns
from services.diagnosis import database as of_database
from services.diagnosis import temporal as of_temporal
from services.ledger_following import LedgerFollowing
from services.places import Places
from services.reconciling import KINDS, JourneyWorkflows, Pace, Reconciler, running
from services.schedules import Schedules
from services.survey_dispatch import SurveyDispatch
from store import courier, reconciliations
from store.database import Pool
from store.event_log import EventLog, NewEvent
from store.leading import leadership
from store.reconciliations import Look
from store.sequencer import Sequencer, drain
from tests.messaging.told import Remembering, sent
from tests.offline import Offline
from tests.support.workers import broken_worker, when
from tests.temporal import worker_on
from workflows.contract import MESSAGE_TASK_QUEUE, PROGRAM, PROGRAM_TASK_QUEUE, TASK_QUEUE, WORKFLOW, Begin
from workflows.notification import DeliverMessage
from workflows.single_start import SingleStart

LOOKS = {
    "postgres",
    "migrations",
    "storage",
    "clocks",
    "sequencer",
    "views",
    "workflows of journeys",
    "workflows of messages",
    "workflows of rounds",
    "workflows of take-backs",
    "workflows of cohorts",
    "workflows of bulks",
    "workflows of review letters",
    "workflows of qa-rounds",
    "places",
    "ledger",
    "kits",
    "keys",
    "webhooks",
    "bulk actions",
    "courier",
    "messages",
    "temporal",
    "search attributes",
    "workers of journeys",
    "workers of programs",
    "workers of messages",
    "workflow tasks",
    "schedules",
    "versions",
    "HTTP",
    "surveys",
    "reviews",
}


@asynccontextmanager
async def everything(temporal: WorkflowEnvironment, pool: Pool, dsn: str) -> AsyncIterator[None]:
    """What a worker with all roles runs, beside the worker of the fixture."""
    client = temporal.client
    pace = Pace(look=0.05, quiet=0.0)
    services: list[Callable[[], Awaitable[Any]]] = [
        Sequencer(dsn).run,
        Runner(dsn).run,
        Courier(dsn, pool, client).run,
        Places(dsn, pool, client).run,
        LedgerFollowing(dsn, pool, client).run,
        Schedules(dsn, pool, client).run,
        SurveyDispatch(dsn, pool, client).run,
        *(Reconciler(dsn, pool, client, kind(pool, client), pace).run for kind in KINDS),
    ]
    tasks = [asyncio.ensure_future(service()) for service in services]
    try:
        async with (
            Worker(
                client,
                task_queue=MESSAGE_TASK_QUEUE,
                workflows=[DeliverMessage],
                activities=Notifications(pool, Remembering()).all,
            ),
            Worker(client, task_queue=PROGRAM_TASK_QUEUE, workflows=[SingleStart]),
        ):
            yield
    finally:
        for task in tasks:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks)


Typed = Callable[..., Awaitable[tuple[int, str, str]]]
Doctor = Callable[[], Awaitable[tuple[int, dict[str, Any]]]]


@pytest.fixture
def typed(temporal: WorkflowEnvironment, dsn: str, own_folder: pytest.MonkeyPatch, offline: Offline) -> Iterator[Typed]:
    """Runs a command as the shell would, beside whatever runs or does not: its exit code and what it said."""
    own_folder.setenv("DATABASE_URL", dsn)
    own_folder.setenv("TEMPORAL_ADDRESS", temporal.client.service_client.config.target_host)
    own_folder.setenv("TRELLIS_HTTP_PORT", "0")

    async def run(*arguments: str) -> tuple[int, str, str]:
        return await asyncio.to_thread(offline, *arguments)

    with capture_logs():
        yield run


@pytest.fixture
def doctor(typed: Typed) -> Doctor:
    """The exit code, and what was found by what it is about."""

    async def run() -> tuple[int, dict[str, Any]]:
        code, out, _ = await typed("doctor", "--json")
        answer = from_json(out)
        assert answer["well"] == (code == 0)
        return code, {one["about"]: one for one in answer["findings"]}

    return run


async def test_all_is_well(temporal: WorkflowEnvironment, pool: Pool, dsn: str, doctor: Doctor) -> None:
    async with worker_on(temporal, pool, TASK_QUEUE), everything(temporal, pool, dsn):
        _, found = await when(doctor, lambda answer: answer[0] == 0)
    assert set(found) == LOOKS
    assert {one["state"] for one in found.values()} == {"ok"}
    assert {one["remedy"] for one in found.values()} == {None}


async def test_where_nothing_runs_each_line_says_what_to_start(doctor: Doctor, pool: Pool) -> None:
    code, found = await doctor()
    assert code == 1
    for about, role in (
        ("sequencer", "sequencer"),
        ("view board", "projector"),
        ("courier", "messages"),
        ("workflows of journeys", "journeys"),
        ("places", "journeys"),
        ("ledger", "journeys"),
        ("schedules", "programs"),
        ("workflows of cohorts", "programs"),
    ):
        assert (found[about]["state"], f"--roles {role}" in found[about]["remedy"]) == ("broken", True), found[about]


async def test_what_has_stopped_needs_a_person_who_is_told_what_to_type(
    typed: Typed, doctor: Doctor, pool: Pool, dsn: str
) -> None:
    await sent(pool, Remembering(Bounced("550 5.1.1")))
    await drain(dsn)
    await catch_up(dsn)
    spoiled = NewEvent(uuid4(), "journey.nudged", 1, {"nonsense": True}, datetime.now(UTC))
    await EventLog(pool).append(journey_stream(JourneyId("spoiled")), None, "spoiled", [spoiled])
    await drain(dsn)
    async with pool.acquire() as connection:
        await courier.stop(connection, 6, "NotDecodable: an upcaster is missing")

    code, found = await doctor()
    stopped = found["courier"]
    assert (code, stopped["state"]) == (1, "needs a person")
    assert "has stopped at position 6, 1 event behind" in stopped["says"]
    assert "an upcaster is missing" in stopped["says"]
    assert "trellis messages park 6 --reason" in stopped["remedy"]
    assert found["messages"]["says"] == "1 message bounced in the last three days; the latest: 550 5.1.1"

    code, _, err = await typed("messages", "skip", "5", "--reason", "nobody needs it")
    assert (code, "the courier has stopped at position 6, not at 5" in err) == (1, True)
    code, out, _ = await typed("messages", "park", "6", "--reason", "wait for the release", "--as", "ana")
    assert (code, out.startswith("Position 6 (journey-spoiled) is parked")) == (0, True)
    assert "6, 1 event" not in str((await doctor())[1]["courier"])
    (aside,) = from_json((await typed("messages", "aside", "--json"))[1])
    assert (aside["position"], aside["kind"], aside["actor"]) == (6, "parked", "ana")
    code, _, err = await typed("messages", "resume")
    assert (code, "journey.nudged version 1 at journey-spoiled@1 cannot be decoded" in err) == (1, True)
    await pool.execute("update trellis.set_aside set kind = 'skipped'")
    assert "was not stopped, and no events were parked" in (await typed("messages", "resume"))[1]
    assert "skipped" in (await typed("messages", "aside"))[1]


async def test_readiness_tells_what_waits_for_a_person(pool: Pool, dsn: str) -> None:
    told = {name: await look() for name, look in concerns(pool).items()}
    assert told == {"courier": None, "workflows": None, "reviews": None}, "that nobody leads is no decision of anybody"
    await courier.stop(await pool.acquire(), 6, "NotDecodable: an upcaster is missing")
    await reconciliations.save(pool, Look("journey", 5, datetime.now(UTC), missing=2, stuck=2))
    async with leadership(dsn, JourneyWorkflows.lock, "test"):
        told = {name: await look() for name, look in concerns(pool).items()}
    assert all(word in (told["courier"] or "") for word in ("stopped at position 6", "upcaster", "messages park 6"))
    assert all(word in (told["workflows"] or "") for word in ("2 missing in Temporal", "trellis revive"))


@pytest.mark.parametrize(
    ("look", "state", "says"),
    [
        (Look("journey", 5, datetime.now(UTC), behind=1, missing=2), "ok", "they are being repaired"),
        (
            Look("journey", 5, datetime.now(UTC), behind=1, missing=2, stuck=1),
            "needs a person",
            "2 missing in Temporal, 1 behind the log; 1 of them",
        ),
        (
            Look("journey", 5, datetime.now(UTC), trouble="Temporal: away"),
            "broken",
            "compared with the log: Temporal: away",
        ),
        (Look("journey", 5, None), "ok", "for the first time"),
    ],
)
async def test_what_the_last_comparison_found(pool: Pool, dsn: str, look: Look, state: str, says: str) -> None:
    await reconciliations.save(pool, look)
    async with leadership(dsn, JourneyWorkflows.lock, "test"):
        found, *_ = await of_database.reconciliation_findings(pool, with_messages=False)
    assert (found.state, says in found.says) == (state, True), found


async def test_a_view_that_has_stopped_is_told_with_its_reason(pool: Pool, dsn: str) -> None:
    await catch_up(dsn)
    await pool.execute(
        "update trellis.projections set stopped_at = 3, stopped_because = 'ValueError: no stage' where name = 'board'"
    )
    found = {one.about: one for one in await of_database.view_findings(pool)}
    assert (found["view board"].state, "ValueError: no stage" in found["view board"].says) == ("needs a person", True)
    assert "trellis projections retry board" in (found["view board"].remedy or "")


async def test_what_the_database_lacks_is_said_first(doctor: Doctor, pool: Pool) -> None:
    latest = "select max(name) from trellis.migrations"
    name = await pool.fetchval(f"delete from trellis.migrations where name = ({latest}) returning name")  # noqa: S608
    code, found = await doctor()
    assert (code, found["migrations"]["says"], found["migrations"]["remedy"]) == (
        1,
        f"1 is not applied: {name}",
        "trellis migrate",
    )
    assert "courier" not in found, "it could only say so once more"
    await pool.execute("insert into trellis.migrations (name, checksum) values ('9999_later', 'x')")
    _, found = await doctor()
    assert "this database was migrated by a newer Trellis: 9999_later" in found["migrations"]["says"]


async def test_servers_that_are_away_and_a_namespace_that_is_not_there(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "nowhere")
    _, found = await doctor()
    assert found["temporal"]["state"] == "broken"
    assert "has no namespace 'nowhere'" in found["temporal"]["says"]
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    code, found = await doctor()
    assert (code, set(found)) == (1, {"postgres", "temporal", "HTTP"})
    assert "nobody listens there" in found["postgres"]["says"]


async def test_a_search_attribute_of_another_type_and_a_queue_without_workers(
    temporal: WorkflowEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = (SearchAttributeKey.for_text(PROGRAM.name), SearchAttributeKey.for_int("TrellisNowhere"))
    for key, says in zip(other, ("TrellisProgram", "lacks the search attributes TrellisNowhere"), strict=True):
        monkeypatch.setattr("runtime.search_attributes.SEARCH_ATTRIBUTES", (key,))
        (found,) = await of_temporal.search_attribute_findings(temporal.client)
        assert (found.state, says in found.says, "trellis migrate" in (found.remedy or "")) == ("broken", True, True)
    monkeypatch.setattr(of_temporal, "TASK_QUEUE", f"nobody-{uuid4()}")
    alone, *_ = await of_temporal.worker_findings(temporal.client, with_messages=False)
    assert (alone.state, "journeys do not progress" in alone.says) == ("broken", True)


async def test_a_failing_workflow_task_is_told_with_its_cause(
    temporal: WorkflowEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server reports it after five attempts; here the first ones are enough."""
    queue, workflow = f"journeys-{uuid4()}", f"failing-{uuid4()}"
    await temporal.client.start_workflow(
        WORKFLOW,
        Begin(program="small", learner="l-1"),
        id=workflow,
        task_queue=queue,
        task_timeout=timedelta(seconds=1),
    )

    async def reported(_client: object, workflow_type: str) -> list[str]:
        return [workflow] if workflow_type == WORKFLOW else []

    monkeypatch.setattr(running, "failing", reported)
    async with broken_worker(temporal, queue):
        (finding,) = await when(
            lambda: of_temporal.workflow_task_findings(temporal.client), lambda those: those[0].state == "broken"
        )
    assert finding.about == f"workflow {workflow}"
    assert "this release is broken" in finding.says
    assert finding.remedy
    await temporal.client.get_workflow_handle(workflow).terminate()
