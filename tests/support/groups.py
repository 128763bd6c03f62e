"""Groups on real servers: members whose journeys are in the log, and what these have recorded."""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.cohorts import Cohorts
from domain.cohort.commands import Command, FormCohort
from domain.cohort.events import Entrant, PlannedSession
from domain.ids import CohortId, JourneyId, LearnerId, MentorId, PathwayId, SessionId, cohort_stream, journey_stream
from domain.journey import JourneyEvent, StartJourney, decide, fold
from domain.journey.commands import ApproveMatch, ReviewIntake, SubmitIntake
from domain.kit import Kit
from kits.loading import publish
from queries.cohorts import snapshot
from services.cohorts import handle, wake
from store.codec import encode
from store.database import Pool
from store.event_log import EventLog
from tests.domain.groups import kit_of_groups
from tests.support.role_process import role_process
from workflows.cohort import Cohort

S1, S2 = SessionId("s1"), SessionId("s2")
ANA = MentorId("ana")


def large_groups(program: str | None = None, mentors: int = 1) -> Kit:
    """`program`: a name of its own, for tests whose groups have the ids that programs give them."""
    kit = kit_of_groups(most=200, mentors=mentors)
    return Kit.model_validate(kit.model_dump() | {"program": program or kit.program})


async def members(pool: Pool, kit: Kit, many: int, mark: str = "", *, waiting: bool = False) -> list[Entrant]:
    """Learners in the middle of their pathway, or `waiting` for a mentor, as the log has them. Temporal runs none of
    their journeys."""
    await publish(pool, kit)
    began = datetime.now(UTC) - timedelta(days=1)
    learners = [LearnerId(f"l{mark}-{nth:03}") for nth in range(many)]
    entrants = [Entrant(learner=one, journey=JourneyId(f"{kit.program}.{one}")) for one in learners]
    for one in entrants:
        events = _story(kit, one.learner, began, waiting=waiting)
        stream = journey_stream(one.journey)
        await EventLog(pool).append(stream, 0, f"{stream}:test", encode(events, f"{stream}:test"))
    return entrants


def _story(kit: Kit, learner: LearnerId, at: datetime, *, waiting: bool) -> list[JourneyEvent]:
    events: list[JourneyEvent] = []
    commands = (
        StartJourney(by="system", program=kit.program_id, learner=learner, kit=kit.digest),
        SubmitIntake(answers={"goal": "job"}),
        ReviewIntake(verdict="approve"),
        ApproveMatch(mentor=ANA),
    )
    for command in commands[:-1] if waiting else commands:
        events += decide(kit, fold(events), command, at)
    return events


def form(kit: Kit, those: Sequence[Entrant], number: int = 1, mentor: MentorId = ANA) -> FormCohort:
    """Its first session began an hour ago: its attendance can be recorded at once."""
    now = datetime.now(UTC)
    return FormCohort(
        program=kit.program_id,
        kit=kit.digest,
        pathway=PathwayId("fast"),
        number=number,
        mentors=(mentor,),
        sessions=(
            PlannedSession(session=S1, starts_at=now - timedelta(hours=1)),
            PlannedSession(session=S2, starts_at=now + timedelta(days=7)),
        ),
        members=tuple(those),
    )


def an_hour_before() -> datetime:
    """When groups of `form` are formed: before their first session."""
    return datetime.now(UTC) - timedelta(hours=2)


@dataclass(frozen=True)
class Groups:
    """A worker of groups on a task queue of its own."""

    pool: Pool
    client: Client
    queue: str

    async def do(self, group: CohortId, command: Command, at: datetime | None = None) -> int:
        """The version of the stream after it."""
        done = await handle(self.pool, self.client, group, command, at or datetime.now(UTC), task_queue=self.queue)
        return done.after.version

    async def wake(self, group: CohortId, version: int) -> None:
        await wake(self.client, group, version, self.queue)

    async def told(self, group: CohortId, seconds: float = 60) -> None:
        """Returns when the journeys of all members know what happened."""
        await all_told(self.pool, group, seconds)


async def all_told(pool: Pool, group: CohortId, seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while True:
            state = (await snapshot(pool, group)).state
            if state.told >= state.news:
                return
            await asyncio.sleep(0.05)


@asynccontextmanager
async def groups_on(client: Client, pool: Pool, journeys: str, queue: str | None = None) -> AsyncIterator[Groups]:
    """`journeys`: the task queue of theirs."""
    queue = queue or f"programs-{uuid4()}"
    async with Worker(
        client,
        task_queue=queue,
        workflows=[Cohort],
        activities=Cohorts(pool, client, journeys).all,
        workflow_runner=UnsandboxedWorkflowRunner(),
        graceful_shutdown_timeout=timedelta(seconds=2),
    ):
        yield Groups(pool, client, queue)


async def told_with_a_kill(where: Groups, dsn: str, group: CohortId, command: Command, enough: int) -> int:
    """Records the command, kills the process that tells the members when as many journeys as are `enough` know it, and
    lets another go on. Returns how many knew it when the first was dead."""
    pool, temporal = where.pool, where.client.service_client.config.target_host
    with tempfile.TemporaryDirectory() as folder:
        async with role_process("programs", temporal, dsn, Path(folder)) as first:
            await where.do(group, command)
            async with asyncio.timeout(120):
                while await attendances(pool) < enough:  # noqa: ASYNC110 - another process's
                    await asyncio.sleep(0.005)
            first.kill()
            await first.wait()
            known = await attendances(pool)
        async with role_process("programs", temporal, dsn, Path(folder)):
            await all_told(pool, group, 120)
    return known


async def attendances(pool: Pool) -> int:
    """How many journeys know how a session went."""
    many: int = await pool.fetchval("select count(*) from trellis.events where type = 'journey.attendance_recorded'")
    return many


async def recorded(pool: Pool, type_: str) -> dict[str, list[dict[str, object]]]:
    """The data of the events of this type, by journey."""
    rows = await pool.fetch(
        "select stream, data::text from trellis.events where type = $1 order by stream, version", type_
    )
    found: dict[str, list[dict[str, object]]] = {}
    for stream, data in rows:
        found.setdefault(stream.removeprefix("journey-"), []).append(json.loads(data))
    return found


async def events_of(pool: Pool, group: CohortId) -> list[str]:
    return [one.type.removeprefix("cohort.") for one in await EventLog(pool).read_stream(cohort_stream(group))]
