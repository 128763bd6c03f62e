"""Frees the places of closed journeys and starts the journeys of the learners who get them.

The log says which journeys started and closed. That is recorded in the stream of their program, which alone counts the
places. Every decision about places first records what has happened until then (`catch_up`). A service does so all the
time, so that a free place is not left waiting for the next command.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, Literal

import structlog
from temporalio.client import Client

from client.journeys import JourneyClient
from client.starting import Entrant
from domain import program as p
from domain.ids import JourneyId, LearnerId, ProgramId, journey_stream
from kits.lookup import newest
from services.enrolling import Enrollment
from services.starting import entrants, start_all
from store import kits
from store.database import Connection, Pool, query
from store.event_log import EventLog
from store.leading import Interruptions, lead
from store.locks import Lock

log = structlog.get_logger(__name__)

_RETRY_SECONDS = 5.0
_LOOK_SECONDS = 1.0
_SWEEP_SECONDS = 300.0
"""Between two searches for learners whose journey was to start and did not."""
_POSITIONS = 20_000
_PLANNED_MOMENTS_AGO = timedelta(minutes=15)
"""In this time a bulk action that starts journeys is begun, or whoever planned it was killed."""

_WHAT: Mapping[str, Literal["began", "ended", "reopened"]] = {
    "journey.started": "began",
    "journey.closed": "ended",
    "journey.reopened": "reopened",
}

Admitted = Mapping[ProgramId, Sequence[LearnerId]]
"""The learners who got a place, by program."""


async def catch_up(pool: Pool, enrollment: Enrollment) -> Admitted:
    """Records what journeys did up to the present end of the log. The caller starts the journeys of those admitted."""
    admitted: dict[ProgramId, list[LearnerId]] = defaultdict(list)
    head = await EventLog(pool).head()
    while (position := await pool.fetchval(query("places_position"))) < head:
        upto = min(position + _POSITIONS, head)
        for program, steps in (await _steps(pool, position, upto)).items():
            admitted[program] += await record_steps(enrollment, program, steps)
        await pool.execute(query("places_move"), upto)
    return admitted


async def record_steps(enrollment: Enrollment, program: ProgramId, steps: Sequence[p.JourneyStep]) -> list[LearnerId]:
    """Returns the learners who got a place."""
    at = datetime.now(UTC)
    events = await enrollment.handle(program, p.FollowJourneys(program, steps), at)
    admitted = [one for event in events if isinstance(event, p.LearnersEnrolled) for one in event.learners]
    if len(admitted) == p.LEARNERS_A_STEP:
        admitted += await record_steps(enrollment, program, ())
    return admitted


async def begin_admitted(pool: Pool, journeys: JourneyClient, enrollment: Enrollment, admitted: Admitted) -> int:
    """Starts the journeys of those who got a place. Returns how many could not be started."""
    failed = 0
    for program, learners in admitted.items():
        if learners:
            state = await enrollment.state(program)
            those: list[Entrant] = await entrants(pool, program, state, learners)
            started = await start_all(journeys, await newest(pool, program), those)
            log.info("places_given", program=program, begun=len(started.begun), failed=len(started.failed))
            failed += len(started.failed)
    return failed


async def current_state(pool: Pool, enrollment: Enrollment, program: ProgramId) -> p.ProgramState:
    """The state of the program including what journeys did since, recorded or not."""
    position = await pool.fetchval(query("places_position"))
    steps = await _steps(pool, position, await EventLog(pool).head())
    state, news = await enrollment.state(program), steps.get(program, ())
    if not news and (not state.waiting or state.room == 0):
        return state  # nothing to decide, which would copy who is enrolled
    events = p.decide(state, p.FollowJourneys(program, news), datetime.now(UTC))
    return p.fold(events, state) if events else state


async def without_journey(pool: Pool, program: ProgramId, state: p.ProgramState) -> list[LearnerId]:
    """Learners with a place and no journey: the process that enrolled them was killed before it started the journey.

    Not those whom a bulk action still has on its list, which may be paused: when they begin is its affair, and the rate
    as well. Those whom a stopped one has left out have a place like everybody else, and get their journey.
    """
    learners = {state.journey_of(program, one): one for one in sorted(state.enrolled)}
    streams = [journey_stream(one) for one in learners]
    missing = await pool.fetch(query("journeys_left_behind"), list(learners), streams, _PLANNED_MOMENTS_AGO)
    return [learners[JourneyId(row["journey"])] for row in missing]


async def _steps(pool: Pool, after: int, upto: int) -> Mapping[ProgramId, Sequence[p.JourneyStep]]:
    found: dict[ProgramId, list[p.JourneyStep]] = defaultdict(list)
    for row in await pool.fetch(query("places_steps"), after, upto):
        found[ProgramId(row["program"])].append(_step(row))
    return found


def _step(row: Any) -> p.JourneyStep:
    return p.JourneyStep(LearnerId(row["learner"]), JourneyId(row["journey"]), _WHAT[row["type"]])


class Places:
    """One process leads, any number may stand by. `run` returns only when cancelled.

    A learner who got a place and no journey, because a process was killed in between, gets it within some minutes.
    """

    def __init__(self, dsn: str, pool: Pool, temporal: Client) -> None:
        self._dsn = dsn
        self._pool = pool
        self._journeys = JourneyClient(temporal)

    async def run(self) -> None:
        patience = Interruptions("places", pause=lambda _: _RETRY_SECONDS)
        await lead(self._dsn, Lock.PLACES, self._work, name="places", patience=patience)

    async def _work(self, connection: Connection) -> None:
        enrollment = Enrollment(self._pool)
        swept = monotonic() - _SWEEP_SECONDS
        while True:
            if monotonic() - swept >= _SWEEP_SECONDS:
                await self._begin(enrollment, await self._left_behind(enrollment))
                swept = monotonic()
            if not await self._begin(enrollment, await catch_up(self._pool, enrollment)):
                swept -= _SWEEP_SECONDS - _RETRY_SECONDS  # so that it is tried again soon
            await asyncio.sleep(_LOOK_SECONDS)
            await connection.execute("select 1")  # raises when the connection is lost, and the leadership with it

    async def _left_behind(self, enrollment: Enrollment) -> Admitted:
        programs = [ProgramId(one.program) for one in await kits.programs(self._pool)]
        return {one: await without_journey(self._pool, one, await enrollment.state(one)) for one in programs}

    async def _begin(self, enrollment: Enrollment, admitted: Admitted) -> bool:
        """Returns whether all journeys were started."""
        return not await begin_admitted(self._pool, self._journeys, enrollment, admitted)
