"""What is done in the program as a whole while a scenario is played: rounds of matching and groups, by their workflows
and activities, which record at the moment of the scenario."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from client.rounds import RoundClient
from domain.cohort import Command as GroupCommand
from domain.ids import CohortId, MentorId
from domain.refusal import Rejected
from projections.runner import catch_up
from queries.cohorts import snapshot
from scenarios.format import AnswerSurvey, AskSurveys, FormGroups, HoldRound, MeasureSilences, ProgramLine, Scenario
from scenarios.program_activities import ScenarioTime, Surroundings, of_rounds_and_groups, of_silences
from services import forming
from services.cohorts import handle
from store import ledger
from store.sequencer import drain
from workflows import silences_activities
from workflows.cohort import Cohort
from workflows.contract import PROGRAM_TASK_QUEUE, matching_workflow
from workflows.matching_round import MatchingRound
from workflows.round_activities import RELEASE

_LOOK_SECONDS = 0.02


@asynccontextmanager
async def conducting(scenario: Scenario, on: Surroundings) -> AsyncIterator["Conductor"]:
    """A worker for the program, with the clock of the scenario."""
    clock, client = ScenarioTime(), on.client
    async with Worker(
        client,
        task_queue=f"{PROGRAM_TASK_QUEUE}-{scenario.kit.program}",
        workflows=[MatchingRound, Cohort],
        activities=of_rounds_and_groups(on, clock),
        workflow_runner=UnsandboxedWorkflowRunner(),
        graceful_shutdown_timeout=timedelta(seconds=2),
    ):
        yield Conductor(scenario, on, clock)


class Conductor:
    def __init__(self, scenario: Scenario, on: Surroundings, clock: ScenarioTime) -> None:
        self._scenario, self._on, self._clock = scenario, on, clock
        self._program = scenario.kit.program_id
        self._queue = f"{PROGRAM_TASK_QUEUE}-{scenario.kit.program}"
        self._client = on.client

    async def do(self, line: ProgramLine) -> None:
        """All journeys that have begun are at that moment. Returns when everybody has been told. Raises Rejected."""
        self._clock.moment = line.at
        match line.deed():
            case HoldRound(by=by):
                await self._look_around(line.at)
                await self._hold_round(by)
            case FormGroups() as wanted:
                await self._look_around(line.at)
                await self._form_groups(wanted, line.at)
            case MeasureSilences(measurement=name):
                await self._follow()
                asked = silences_activities.MeasureSilences(program=self._program, measurement=name)
                await of_silences(self._on, self._clock).measure_silences(asked)
            case AskSurveys() | AnswerSurvey():
                pass  # surveys are played when the journeys are over
            case command:
                assert line.cohort, "it is a command for a group"
                await self._tell_group(line.cohort, command, line.at)

    async def _look_around(self, at: datetime) -> None:
        """What has been recorded by then is in the views and with the mentors."""
        await self._follow()
        for mentor in sorted(one.person.person_id for one in self._scenario.mentors):
            await ledger.catch_up(self._on.pool, MentorId(mentor), at)

    async def _follow(self) -> None:
        async with self._on.catching_up:
            await drain(self._on.dsn)
            await catch_up(self._on.dsn)

    async def _hold_round(self, by: str) -> None:
        rounds = RoundClient(self._client, self._queue)
        status = await rounds.begin(self._program)
        if status.next_step == "wait":
            await rounds.ask(self._program, RELEASE, {"by": by})
        await self._client.get_workflow_handle(matching_workflow(self._program)).result()

    async def _form_groups(self, wanted: FormGroups, at: datetime) -> None:
        pool = self._on.pool
        planned = await forming.propose(pool, self._program, at, pathway=wanted.pathway)
        manner = forming.Manner(wanted.by, at, at, self._queue)
        for proposal in planned.proposals:
            try:
                formed = await forming.form_one(pool, self._client, planned, proposal, manner)
            except Rejected:
                continue  # a mentor is to meet somebody else then
            await self._until_told(formed.cohort)

    async def _tell_group(self, cohort: CohortId, command: GroupCommand, at: datetime) -> None:
        await handle(self._on.pool, self._client, cohort, command, at, task_queue=self._queue, now=at)
        await self._until_told(cohort)

    async def _until_told(self, cohort: CohortId) -> None:
        while True:
            state = (await snapshot(self._on.pool, cohort)).state
            if state.told >= state.news:
                return
            await asyncio.sleep(_LOOK_SECONDS)
