"""A learner's journey as a durable workflow: the shell around the decider of domain/journey.

One queue, one loop, one timer. Commands come from signals and updates (handlers.py) and from timers. The loop handles
one at a time, and its events are in the log (recorded_journey.py) before anybody is answered.
"""

import asyncio
from datetime import datetime
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from pydantic import ValidationError

    from domain.ids import JourneyId, KitDigest, problem_with_journey_id
    from domain.journey import (
        CheckActivity,
        Finish,
        StartJourney,
        Timer,
        Wait,
        attention,
        awaited,
        decide,
        next_action,
        timers,
    )
    from domain.journey.commands import ReportActivity
    from domain.journey.stored import UnknownVersion
    from workflows.alarm import Alarm
    from workflows.calling import call_activity, go_on_unless_evicted
    from workflows.clock import JourneyClock
    from workflows.command_processor import CommandProcessor
    from workflows.contract import CATCH_UP, WORKFLOW, Ended, Status, Upcoming
    from workflows.handlers import CommandHandlers
    from workflows.identity import SignalCounter, timer_identity
    from workflows.inbox import Inbox
    from workflows.journey_activities import FIND_ACTIVITY, ActivityFound, Cause, FindActivity, OnPathway
    from workflows.reading import moment_of, payload_of
    from workflows.recorded_journey import RecordedJourney
    from workflows.refusals import Code, refused
    from workflows.run_input import Carried, CarriedCommands, CommandEnvelope, RunInput
    from workflows.visibility import VisibilityPublisher

_MOST_CARRIED_COMMANDS = 20
"""Waiting commands are part of the next run's input, whose size is limited: with more of them, this run goes on."""


@workflow.defn(name=WORKFLOW)
class LearnerJourney(CommandHandlers):
    @workflow.init
    def __init__(self, begin: Any = None) -> None:  # Any: what does not fit is refused in `run`, with the reason
        self._run_input, self._misfit = _read_input(begin)
        info = workflow.info()
        carried = self._run_input.carried if self._run_input else None
        self._clock = JourneyClock(self._run_input)
        self._signals = SignalCounter(info.first_execution_run_id, carried.commands.signals if carried else {})
        self._inbox = Inbox(self._clock, self._signals)
        self._journey = RecordedJourney(JourneyId(info.workflow_id), self._run_input, self._signals.prefix)
        self._processor = CommandProcessor(self._journey, self._clock)
        self._alarm = Alarm()
        self._visibility = VisibilityPublisher()
        self._log_version = 0
        """The latest that a `catch_up` has named. If the journey is at an earlier version, it loads the log."""
        self._handled = 0

    @workflow.run
    async def run(self, _begin: Any = None) -> Ended:
        try:
            await self._start_or_resume()
        except ApplicationError as error:
            self._inbox.refuse_all(error)
            await workflow.wait_condition(workflow.all_handlers_finished)
            raise
        try:
            return await self._run_despite_cancellation()
        except ApplicationError as error:
            # An activity that fails for good must not end a journey. As another exception it fails the workflow task,
            # which is tried again and which `trellis doctor` shows.
            raise RuntimeError(f"journey {self._journey.id} cannot go on: {error.message}") from error

    async def _run_despite_cancellation(self) -> Ended:
        """A request to cancel the workflow ends no journey: it is refused with a trace, as a command."""
        while True:
            try:
                return await self._run_until_closed()
            except asyncio.CancelledError:
                await go_on_unless_evicted()

    async def _run_until_closed(self) -> Ended:
        while True:
            self._inbox.put_cancellation()
            action = next_action(self._journey.kit, self._journey.state)
            if self._journey.is_legacy:
                self._publish(action)
            if await self._is_time_for_a_new_run():
                workflow.continue_as_new(self._input_of_next_run())
            if isinstance(action, Finish) and await self._nobody_waits():
                self._publish(action)
                return Ended(ending=action.ending, version=self._journey.version)
            await self._next_step(action)

    @workflow.signal(name=CATCH_UP, description="Sent by Trellis itself: load the journey if its log is ahead.")
    def on_catch_up(self, *args: RawValue) -> None:
        wanted = payload_of(args)
        if not isinstance(wanted, dict):
            return
        if isinstance(version := wanted.get("version"), int):
            self._log_version = max(self._log_version, version)
        if moment := moment_of(wanted.get("until")):
            self._clock.move_to(moment)

    @workflow.query(description="Stage, who is awaited, the next timers with their rules, and open cases.")
    def status(self) -> Status:
        state = self._journey.state
        return Status(
            journey=self._journey.id,
            program=state.program,
            learner=state.learner,
            kit=state.kit,
            version=self._journey.version,
            stage=state.stage,
            since=state.stage_since,
            paused_until=state.pause.until if state.pause else None,
            mentor=state.mentor,
            attention=attention(state),
            awaited=awaited(state),
            timers=tuple(
                Upcoming(at=one.at, rule=one.rule, what=one.label, stopped_by=one.stopped_by)
                for one in timers(self._journey.kit, state)
            ),
            cases=state.cases,
            ending=state.closing.ending if state.closing else None,
            as_of=self._clock.now(),
            waiting_orders=len(self._inbox),
        )

    # Starting

    async def _start_or_resume(self) -> None:
        """Resumes from the run before; or from the log, where Temporal has lost the journey; or starts it.

        Raises:
            ApplicationError: when the journey cannot start; nothing has been recorded then.
        """
        if self._misfit:
            raise refused(self._misfit, Code.INVALID_START)
        run_input, journey = self._input, self._journey
        if run_input.carried:
            self._inbox.put_back(run_input.carried.orders)
            await journey.resume(run_input.carried)
            return
        loaded = await journey.load()
        if not journey.has_started:
            if not journey.is_legacy and (problem := problem_with_journey_id(journey.id)):
                raise refused(problem, Code.INVALID_JOURNEY_ID)
            await self._start(loaded.digest)
        elif (journey.state.program, journey.state.learner) != (run_input.program, run_input.learner):
            raise refused(
                f"journey {journey.id!r} is that of learner {journey.state.learner!r} in program "
                f"{journey.state.program!r}; begin this one under another id",
                Code.OTHER_LEARNER,
                {"program": journey.state.program, "learner": journey.state.learner},
            )

    async def _start(self, kit: KitDigest) -> None:
        run_input = self._input
        start = StartJourney(by="system", program=run_input.program_id, learner=run_input.learner_id, kit=kit)
        at = self._clock.stamp(run_input.rehearse_from or self._clock.now())
        cause = Cause(order="start", command=start.name, by=start.by, origin=run_input.origin)
        while not self._journey.has_started:
            await self._journey.record(cause, decide(self._journey.kit, None, start, at))

    @property
    def _input(self) -> RunInput:
        assert self._run_input, "`run` refuses an input that does not fit before anything else"
        return self._run_input

    # Changing runs

    async def _is_time_for_a_new_run(self) -> bool:
        enough = workflow.info().is_continue_as_new_suggested() or self._handled >= self._input.continue_after
        return enough and len(self._inbox) <= _MOST_CARRIED_COMMANDS and await self._nobody_waits()

    async def _nobody_waits(self) -> bool:
        """Whether every update has its answer and, at the end, no command is left. Lets answered ones return first."""
        inbox = self._inbox
        await workflow.wait_condition(lambda: workflow.all_handlers_finished() or inbox.has_unanswered_updates)
        return not inbox.has_unanswered_updates and (self._journey.state.closing is None or not len(inbox))

    def _input_of_next_run(self) -> RunInput:
        self._alarm.clear()
        journey = self._journey
        carried = Carried(
            state=journey.state,
            version=journey.version,
            orders=self._inbox.unhandled(journey.known_answer_to),
            clock_ahead=self._clock.ahead.total_seconds(),
            commands=CarriedCommands(signals=self._signals.counts, recorded_updates=journey.recorded_updates),
        )
        return self._input.model_copy(update={"carried": carried})

    # The steps of the loop

    async def _next_step(self, action: Wait | Finish) -> None:
        """Handles whichever comes first, a command or the earliest timer, or waits for one."""
        timer = action.next_timer if isinstance(action, Wait) else None
        first = self._inbox.first
        if self._is_behind_log():
            await self._journey.load()
            self._log_version = self._journey.version
        elif timer and self._is_due(timer, first):
            await self._handle_timer(timer)
        elif first:
            await self._handle_first_command()
        else:
            await self._wait(action, timer)

    def _is_due(self, timer: Timer, first: CommandEnvelope | None) -> bool:
        return timer.at <= (first.at if first else self._clock.now()) or self._clock.has_moved_past(timer.at)

    def _is_behind_log(self) -> bool:
        return self._log_version > self._journey.version

    async def _handle_timer(self, timer: Timer) -> None:
        """Where the log turns out to know more, nothing is recorded: the loaded state says again what is due."""
        at = self._clock.stamp(timer.at)
        command = await self._find_activity(at) if isinstance(timer.then, CheckActivity) else timer.then
        events = decide(self._journey.kit, self._journey.state, command, at)
        if not events:
            raise RuntimeError(f"the rule {timer.rule} fell due and changed nothing: it would do so endlessly")
        order = timer_identity(timer.rule, timer.at.isoformat())
        await self._journey.record(Cause(order=order, command=command.name, by=command.by, rule=timer.rule), events)

    async def _find_activity(self, at: datetime) -> ReportActivity:
        state, beside = self._journey.state, None
        if self._journey.kit.rules_that_compare and state.pathway:
            beside = OnPathway(program=state.program, pathway=state.pathway)
        question = FindActivity(journey=self._journey.id, until=at, beside=beside)
        found = await call_activity(
            FIND_ACTIVITY, question, ActivityFound, summary="Find when the learner was last active"
        )
        return ReportActivity(last_active_at=found.last_active_at, others=found.others)

    async def _handle_first_command(self) -> None:
        self._handled += 1
        envelope = self._inbox.take()
        self._inbox.answer(envelope, await self._processor.process(envelope))

    async def _wait(self, action: Wait | Finish, timer: Timer | None) -> None:
        if timer:
            self._alarm.set(timer.at, self._clock.now(), timer.label)
        else:
            self._alarm.clear()
        self._publish(action)
        await workflow.wait_condition(
            lambda: (
                self._inbox.first is not None
                or self._alarm.is_due
                or self._is_behind_log()
                or (timer is not None and self._clock.has_moved_past(timer.at))
            )
        )

    def _publish(self, action: Wait | Finish) -> None:
        """Only where the journey comes to rest: nobody sees what holds between two commands of one workflow task."""
        version = None if self._journey.is_legacy else self._journey.version
        self._visibility.publish(self._journey.kit, self._journey.state, action, version)


def _read_input(begin: Any) -> tuple[RunInput | None, str | None]:
    """The input, or what is wrong with it."""
    try:
        return RunInput.model_validate(begin), None
    except ValidationError as error:
        if any(isinstance(one.get("ctx", {}).get("error"), UnknownVersion) for one in error.errors()):
            raise  # the task is tried again until a worker of that version takes it: nothing is wrong with the journey
        problems = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        wanted = '{"program": "job-ready", "learner": "l-17"}'
        return None, f"the journey cannot begin: {problems}. Its input looks like {wanted}"
