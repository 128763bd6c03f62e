"""Plays a scenario: every journey is a real workflow with its own clock, which is moved from command to command."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic

from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from client.journeys import JourneyClient, NoSuchJourney, NotAnswering, Refused
from domain.ids import JourneyId, LearnerId, activity_stream
from domain.journey.terms import Stage
from domain.refusal import NotFound, Rejected
from kits.loading import publish
from runtime.fan_out import fan_out
from scenarios.asking import Asking
from scenarios.conducting import Conductor, conducting
from scenarios.format import Scenario, Script, Step
from scenarios.program_activities import Surroundings
from scenarios.turns import Stop, program_turns, stops
from services import mentors
from store.codec import encode
from store.database import Pool
from store.event_log import EventLog
from store.people import upsert_many
from workflows.contract import CATCH_UP, Begin

AT_ONCE = 32
"""The default number of journeys that are played at once."""

_SHORT_OF = timedelta(minutes=53, seconds=17)
"""Not a round number: a timer in the last milliseconds of a skip makes the server skip on to the next timer."""
_WORTH_MOVING = timedelta(hours=12)
_HORIZON = timedelta(days=3650)
_LOOK_SECONDS = 5.0
_APPENDS_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Refusal:
    """A command of the scenario that its journey rejected. The log has it as well."""

    learner: LearnerId | None
    """None: it was given to the program, or to a group. Of that nothing is recorded."""
    at: datetime
    command: str
    reason: str

    def __str__(self) -> str:
        who = f"learner {self.learner}" if self.learner else "the program"
        return f"{who}, {self.at:%Y-%m-%d %H:%M}, {self.command}: {self.reason}"


@dataclass
class Progress:
    """The progress of a play, updated while it runs."""

    begun: int = 0
    ended: int = 0
    commands: int = 0
    refusals: list[Refusal] = field(default_factory=list)


class Player:
    """Plays one scenario, once, on the given servers."""

    def __init__(
        self, scenario: Scenario, environment: WorkflowEnvironment, pool: Pool, program: Surroundings | None = None
    ) -> None:
        """`environment` must have manual time skipping, and a worker of its own on the usual task queue. `program`:
        needed for what a scenario does in the program as a whole."""
        self.tally = Progress()
        self.scenario = scenario
        self._environment = environment
        self._pool = pool
        self._surroundings = program
        self._turns = program_turns(scenario)

    async def prepare(self) -> None:
        """Publishes the kit and stores the people and their daily activity. May be called again.

        Raises:
            StoreError: when the log holds something else under the same names.
        """
        await publish(self._pool, self.scenario.kit)
        await upsert_many(self._pool, self.scenario.learners)
        await mentors.store(self._pool, self.scenario.kit.program_id, self.scenario.mentors, self._begins_at, "system")
        await fan_out(self._record_activity, self.scenario.activity, _APPENDS_AT_ONCE)

    async def play(self, at_once: int = AT_ONCE) -> None:
        """Returns when every journey has closed or waits for a command that the scenario does not contain.

        Raises:
            RPCError: when the Temporal server is lost.
        """
        turns = asyncio.Semaphore(at_once)
        agendas = stops(self.scenario, self._turns)
        scripts = [
            self._play(number, script, agenda, turns)
            for number, (script, agenda) in enumerate(zip(self.scenario.scripts, agendas, strict=True))
        ]
        async with AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
            if on := self._wanted_surroundings():
                conductor = await stack.enter_async_context(conducting(self.scenario, on))
                tasks.create_task(self._conduct(conductor))
            for one in scripts:
                tasks.create_task(one)
        if on:
            await Asking(self.scenario, on).play()

    def _wanted_surroundings(self) -> Surroundings | None:
        if not self.scenario.program:
            return None
        assert self._surroundings, "whoever plays a program says where"
        return self._surroundings

    async def _conduct(self, conductor: Conductor) -> None:
        """What is done in the program as a whole, line by line."""
        for turn in self._turns:
            await turn.come()
            line = self.scenario.program[turn.step]
            try:
                await conductor.do(line)
            except (Rejected, NotFound) as refused:
                self.tally.refusals.append(Refusal(None, line.at, line.command, str(refused)))
            turn.done.set()

    @property
    def _begins_at(self) -> datetime:
        return min((one.begins_at for one in self.scenario.scripts), default=datetime.now(UTC))

    async def _record_activity(self, learner: LearnerId) -> None:
        """All days of a learner in one append. Activity does not pass through the journey, which looks it up."""
        stream = activity_stream(self.scenario.journey(learner))
        append_id = f"{stream}@scenario"
        events = encode([one.fact for one in self.scenario.activity[learner]], append_id)
        await EventLog(self._pool).append(stream, None, append_id, events)

    async def _play(self, number: int, script: Script, agenda: Sequence[Stop], places: asyncio.Semaphore) -> None:
        begin = Begin(
            program=self.scenario.kit.program,
            learner=script.learner,
            kit=self.scenario.kit.digest,
            rehearse_from=script.begins_at,
        )
        journey = JourneyInPlay(self.scenario.journey(script.learner), begin, self._environment)
        async with places:
            await journey.begin()
        self.tally.begun += 1
        for stop in agenda:
            if stop.step is None:
                await self._wait_at(number, journey, stop, places)
            else:
                await self._give(script, journey, stop, stop.step, places)
        async with places:
            if await journey.run_to_end():
                self.tally.ended += 1

    async def _wait_at(self, number: int, journey: "JourneyInPlay", stop: Stop, places: asyncio.Semaphore) -> None:
        """While another journey asks for a mentor whom both share. Whoever waits takes no place of the others."""
        assert stop.turn, "nobody waits for nothing"
        async with places:
            await journey.pass_time(stop.at)
        stop.turn.arrive(number)
        await stop.turn.done.wait()

    async def _give(
        self, script: Script, journey: "JourneyInPlay", stop: Stop, step: Step, places: asyncio.Semaphore
    ) -> None:
        if stop.turn:
            await stop.turn.come()
        async with places:
            reason = await journey.give(step)
        if stop.turn:
            stop.turn.done.set()
        if reason:
            self.tally.refusals.append(Refusal(script.learner, step.at, step.command, reason))
        self.tally.commands += 1


class JourneyInPlay:
    """One journey with its clock, which runs like any other and can be moved ahead."""

    def __init__(self, journey: JourneyId, begin: Begin, environment: WorkflowEnvironment) -> None:
        """`begin` has the time at which the journey starts; a worker must be on the usual task queue."""
        assert begin.rehearse_from
        self._journey, self._begin = journey, begin
        self._environment = environment
        self._client = JourneyClient(environment.client)
        self._stage: Stage = "intake"
        self._set_clock(begin.rehearse_from)

    async def begin(self) -> None:
        await self._client.begin(self._begin, self._journey)

    async def give(self, step: Step) -> str | None:
        """Sends a command at its time. Returns the reason if it is rejected."""
        await self._move_towards(step.at)
        payload = {**step.input, "at": step.at.isoformat()}
        try:
            try:
                answer = await self._client.send(self._journey, step.command, payload)
            except NoSuchJourney:  # it has closed; for what may still be added, it is taken up from the log
                self._set_clock(step.at)
                begin = self._begin.model_copy(update={"rehearse_from": step.at})
                answer = await self._client.begin_and_send(begin, step.command, payload, self._journey)
        except Refused as refusal:
            return str(refusal)
        self._stage = answer.stage
        return None

    async def pass_time(self, until: datetime) -> None:
        """Returns once everything has happened that falls due by then."""
        handle = self._environment.client.get_workflow_handle(self._journey)
        while True:
            try:
                await handle.signal(CATCH_UP, {"until": until.isoformat()})
                status = await self._client.status(self._journey)
            except NotAnswering:
                continue  # while the worker is busy, or away
            except (RPCError, NoSuchJourney):
                return  # it has closed
            if not status.waiting_orders and not (status.timers and status.timers[0].at <= until):
                return

    async def run_to_end(self) -> bool:
        """Returns False if it still waits and no timer will end that."""
        if self._stage == "closed" or await self._fast_forward(_HORIZON):
            return True
        while True:  # the clock may have arrived before the journey has done all that fell due on the way
            if await self._ends_within(_LOOK_SECONDS):
                return True
            with suppress(RPCError):  # no answer while the worker is away
                if not (await self._client.status(self._journey)).timers:
                    return False

    async def _ends_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._environment.client.get_workflow_handle(self._journey).result()
                return True
        return False

    async def _move_towards(self, at: datetime) -> None:
        """Moves the clock to a little before `at`; Temporal's timers fire on the way.

        What falls due in the remaining time, the journey itself handles before a command dated `at`. So neither the
        seconds that a play takes nor a worker that is down for a while change the order of anything.
        """
        now = self._set_to + timedelta(seconds=monotonic() - self._set_when)
        if at - now >= _WORTH_MOVING:
            target = at - _SHORT_OF
            await self._fast_forward(target - now)
            self._set_clock(target)

    async def _fast_forward(self, duration: timedelta) -> bool:
        """Returns whether the workflow has ended."""
        handle = self._environment.client.get_workflow_handle(self._journey)
        try:
            return not await self._environment.fast_forward(handle, duration)
        except RPCError as error:
            if error.status == RPCStatusCode.NOT_FOUND:
                return True
            raise

    def _set_clock(self, to: datetime) -> None:
        self._set_to, self._set_when = to, monotonic()
