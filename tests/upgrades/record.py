"""Makes the installation of the present version: `python -m tests.upgrades.record NAME` writes tests/upgrades/NAME.

It plays journeys of invented people on real servers, and keeps what an operator would find there: the whole database
with its views, the exported log, and the histories of all workflows. A release adds one (docs/upgrading.md).
"""

import asyncio
import json
import random
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.notifications import Notifications
from client.journeys import Refused
from domain.ids import JourneyId, journey_stream
from domain.journey import EVENTS, JourneyState, fold
from domain.journey.commands import NamedCommand
from kits.loading import publish
from projections.runner import catch_up
from runtime import ending
from runtime.courier import Courier
from runtime.embedded.postgres import PostgresServer
from runtime.embedded.time_skipping import time_skipping_server
from runtime.exits import Exit
from store import people
from store.codec import Codec
from store.database import Pool, migrate, open_pool
from store.dump import export
from store.event_log import EventLog
from store.people import Person
from store.sequencer import drain
from tests.domain.journeys import Move, _of_person  # what fits what is awaited
from tests.messaging.told import Remembering
from tests.temporal import Running, worker_on
from tests.upgrades import files
from tests.upgrades.programs import FIRST, SECOND
from workflows.contract import SEARCH_ATTRIBUTES, Begin, Status
from workflows.notification import DeliverMessage

_QUEUE, _MESSAGES = "recorded-journeys", "recorded-messages"
_OF_THE_MACHINE = frozenset({"stackTrace", "identity", "workerVersion"})


@dataclass(frozen=True)
class Life:
    """How a journey is led: what is awaited is done, by chance in one of its ways, and now and then something else."""

    learner: str
    seed: int
    moves: int
    rehearsed_days_ago: int | None = None
    """In a rehearsal that began so long ago; else by the server's own clock."""
    continue_after: int = 500
    unasked: tuple[tuple[int, str, dict[str, Any]], ...] = ()
    """After so many moves."""
    hours: tuple[int, ...] = (1, 5, 20, 48)


_HELP = ("ask_for_help", {"notes": "I am stuck", "by": "learner"})
_LOW = ("give_feedback", {"confidence": 2, "notes": "not well", "by": "learner"})
_ILL = ("raise_risk_flag", {"flag": "ill", "by": "mentor"})
_AWAY = ("pause", {"reason": "exams", "by": "learner"})
_MOVE = ("move_to_kit", {"kit": SECOND.digest, "reason": "the last session is later"})
_WRONG = ("submit_milestone", {"milestone": "nowhere"})
_OTHER = ("release_mentor", {"reason": "moved away"})
_RESET = ("reset_pathway", {"reason": "another goal"})
_TO_AN_OFFER = (
    ("submit_intake", {"answers": {"goal": "job"}, "by": "learner:kim"}),
    ("review_intake", {"verdict": "approve", "by": "ops"}),
    ("offer_match", {"mentor": "ana", "by": "ops"}),
)

LIVES: Sequence[Life] = (
    Life("lea", 1, 36, 60, unasked=((6, *_HELP), (9, *_LOW), (14, *_MOVE), (20, *_AWAY), (21, "resume", {}))),
    Life("max", 2, 32, 40, 12, unasked=((5, *_WRONG), (8, *_ILL), (12, *_OTHER), (18, *_MOVE), (24, *_RESET))),
    Life("ida", 3, 14, None, unasked=((8, *_HELP), (11, *_MOVE), (13, *_AWAY))),
    Life("tom", 4, 4, None),
    Life("eva", 5, 1, None),
    Life("kim", 8, 0, None, unasked=tuple((0, *one) for one in _TO_AN_OFFER), hours=(0,)),
    Life("ben", 6, 2, 20, unasked=((2, "close", {"ending": "withdrew", "reason": "found a job"}),)),
    Life("zoe", 7, 20, 30, unasked=((16, *_ILL),), hours=(20, 48, 200)),
)


async def _lead(running: Running, journey: JourneyId, life: Life) -> None:
    chance = random.Random(life.seed)  # noqa: S311 - to play a story
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(days=life.rehearsed_days_ago or 0)
    begin = Begin(
        program=FIRST.program,
        learner=life.learner,
        kit=FIRST.digest,
        rehearse_from=at if life.rehearsed_days_ago else None,
        continue_after=life.continue_after,
    )
    await running.client.begin(begin, journey)
    for nth in range(life.moves + 1):
        status = await _status(running, journey)
        if status.stage == "closed":
            return
        after = timedelta(hours=chance.choice(life.hours))
        at = at + after if life.rehearsed_days_ago else status.as_of
        unasked = [(name, payload) for move, name, payload in life.unasked if move == nth]
        fitting = _of_person(await _state(running.pool, journey), Move(after, None, chance.randrange(30)), at)
        assert fitting is None or isinstance(fitting, NamedCommand)
        asked = [(fitting.name, fitting.model_dump(mode="json", exclude_none=True))] if fitting else []
        for name, payload in [*unasked, *([] if nth == life.moves else asked)]:
            told = payload | ({"at": at.isoformat()} if life.rehearsed_days_ago else {})
            await _say(running, journey, name, told, by_signal=nth % 4 == 3)
        if after and not life.rehearsed_days_ago:
            await running.pass_time(journey, after)


async def _say(running: Running, journey: JourneyId, name: str, payload: dict[str, Any], *, by_signal: bool) -> None:
    if by_signal:
        await running.client.signal(journey, name, payload)
        while (await _status(running, journey)).waiting_orders:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        return
    with suppress(Refused):
        await running.client.send(journey, name, payload)


async def _status(running: Running, journey: JourneyId) -> Status:
    """Between two runs there is nobody to ask."""
    while True:
        with suppress(RPCError):
            return await running.client.status(journey)
        await asyncio.sleep(0.05)


async def _state(pool: Pool, journey: JourneyId) -> JourneyState:
    recorded = await EventLog(pool).read_stream(journey_stream(journey))
    state = fold(Codec(EVENTS).decode_known(recorded))
    assert state, "its workflow has answered"
    return state


@asynccontextmanager
async def _post(environment: WorkflowEnvironment, pool: Pool, dsn: str) -> AsyncIterator[None]:
    channel = Remembering()
    courier = asyncio.create_task(Courier(dsn, pool, environment.client, _MESSAGES).run())
    try:
        async with Worker(
            environment.client,
            task_queue=_MESSAGES,
            workflows=[DeliverMessage],
            activities=Notifications(pool, channel, "ops@example.org").all,
            graceful_shutdown_timeout=timedelta(seconds=2),
        ):
            yield
    finally:
        courier.cancel()
        with suppress(asyncio.CancelledError):
            await courier


async def _people(pool: Pool) -> None:
    quiet = {"quiet_hours": {"after": "00:00", "until": "23:59"}}  # of Max, to whom letters wait
    learners = [
        Person(life.learner, "learner", life.learner.title(), f"{life.learner}@example.org", "Europe/Berlin", {})
        for life in LIVES
    ]
    learners[1] = Person("max", "learner", "Max", "max@example.org", "America/New_York", quiet)
    mentors = [Person(one, "mentor", one.title(), f"{one}@example.org", "Asia/Kolkata", {}) for one in ("ana", "ben")]
    await people.upsert_many(pool, [*learners, *mentors[:1], mentors[1]])


async def record(name: str) -> None:
    with tempfile.TemporaryDirectory(prefix="trellis-recording-") as folder:
        server = PostgresServer(Path(folder), durable=False)
        await server.start()
        try:
            await server.create_database("recorded")
            dsn = server.dsn("recorded")
            await migrate(dsn)
            pool = await open_pool(dsn)
            async with time_skipping_server(search_attributes=SEARCH_ATTRIBUTES, manual=True) as environment:
                await _play(environment, pool, dsn, name)
                histories = await _histories(environment)
            await drain(dsn)
            await catch_up(dsn)
            log = "".join([line async for line in export(pool)])
            pool.terminate()
            files.keep(name, {"histories.jsonl": histories, "log.ndjson": log, "database.sql": await _dump(dsn)})
        finally:
            await server.stop()


async def _play(environment: WorkflowEnvironment, pool: Pool, dsn: str, name: str) -> None:
    for kit in (FIRST, SECOND):
        await publish(pool, kit)
    await _people(pool)
    async with worker_on(environment, pool, _QUEUE) as running, _post(environment, pool, dsn):
        for life in LIVES:
            await _lead(running, files.journey_of(name, life.learner), life)
        await drain(dsn)
        await _wait_for_post(pool)


async def _wait_for_post(pool: Pool) -> None:
    """Until the courier has read the log. Letters that are under way then have a moment to arrive: it is no test."""
    async with asyncio.timeout(60):
        head = await EventLog(pool).head()
        while await pool.fetchval("select position from trellis.courier") < head:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    await asyncio.sleep(3)


async def _histories(environment: WorkflowEnvironment) -> str:
    """A line for each run of each workflow."""
    client = environment.client
    lines = []
    async for run in client.list_workflows(""):
        history = await client.get_workflow_handle(run.id, run_id=run.run_id).fetch_history()
        content = files.in_the_open(_without_the_machine(history.to_json_dict()))
        kept = {"workflow": run.id, "type": run.workflow_type, "history": content}
        lines.append(json.dumps(kept, separators=(",", ":"), sort_keys=True))
    return "\n".join(sorted(lines)) + "\n"


def _without_the_machine(part: Any) -> Any:
    """Neither paths nor hosts: they are of no use to a replay, and of no interest to anybody."""
    if isinstance(part, dict):
        hidden = {*_OF_THE_MACHINE, *(["name"] if part.get("kind") == "TASK_QUEUE_KIND_STICKY" else [])}
        return {name: _without_the_machine(value) for name, value in part.items() if name not in hidden}
    return [_without_the_machine(one) for one in part] if isinstance(part, list) else part


async def _dump(dsn: str) -> str:
    """The whole database, its owner left out."""
    process = await asyncio.create_subprocess_exec(
        *(files.postgres_program("pg_dump"), "--no-owner", "--dbname", dsn), stdout=asyncio.subprocess.PIPE
    )
    dumped, _ = await process.communicate()
    assert process.returncode == 0
    return dumped.decode()


if __name__ == "__main__":
    asyncio.run(record(sys.argv[1]))
    ending.leave(Exit.OK)
