"""A learner's journey as a durable workflow: the shell around the decider of domain/journey.

One queue, one loop, one timer. Signals, updates, timers and the answers of activities become commands; the loop handles
one at a time; what it decides is in the log before anybody is told of it.
"""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from pydantic import ValidationError

    from domain.ids import JourneyId, KitDigest, journey_stream, problem_with_journey_id
    from domain.journey import (
        CheckActivity,
        CommandRejected,
        Finish,
        JourneyCommand,
        JourneyEvent,
        JourneyState,
        StartJourney,
        Timer,
        Wait,
        attention,
        awaited,
        decide,
        fold,
        next_action,
        timers,
    )
    from domain.journey.commands import AdoptKit, ApproveMatch, MoveToKit, OfferMatch, ReportActivity
    from domain.journey.stored import UnknownVersion
    from domain.kit import Kit
    from domain.ports import (
        FIND_COMMAND,
        FIND_KIT,
        FIND_MENTOR,
        LOAD_JOURNEY,
        LOAD_KIT,
        LOOK_FOR_ACTIVITY,
        RECORD,
        REFUSED_BY_LOG,
        ActivityFound,
        Cause,
        CommandFound,
        FindCommand,
        FindKit,
        FindMentor,
        KitFound,
        LoadedJourney,
        LoadJourney,
        LoadKit,
        LookForActivity,
        MentorFound,
        Record,
        Recorded,
        RecordedCommand,
        Refusal,
        facts,
    )
    from domain.refusal import Rejected
    from workflows.alarm import Alarm
    from workflows.calling import call_activity, go_on_unless_evicted
    from workflows.contract import (
        CATCH_UP,
        MAX_PAYLOAD_BYTES,
        NOT_STARTED,
        REJECTED,
        WORKFLOW,
        Answer,
        Begin,
        Carried,
        CarriedCommands,
        CommandEnvelope,
        Ended,
        Status,
        Upcoming,
    )
    from workflows.identity import SignalCounter, cancellation_identity, timer_identity, update_identity, update_keys
    from workflows.pinned_kits import PinnedKit
    from workflows.reading import CANCEL, Identity, content_of, problem_with_size, read, receive
    from workflows.refusals import Code, refused, refused_as_recorded
    from workflows.visibility import VisibilityPublisher

_MOST_CARRIED_ORDERS = 20
"""What waits is part of the next run's input, whose size is limited: with more of it, this run goes on."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be recorded of a command; no events: it changes nothing."""

    cause: Cause
    events: tuple[JourneyEvent, ...]
    refusal: str | None = None


@workflow.defn(name=WORKFLOW)
class LearnerJourney:
    @workflow.init
    def __init__(self, begin: Any) -> None:  # Any: what does not fit is refused in `run`, where it can be said
        self._begin, self._misfit = _read_begin(begin)
        carried = self._begin.carried if self._begin else None
        self._journey = JourneyId(workflow.info().workflow_id)
        self._orders: deque[CommandEnvelope] = deque()
        self._answers: dict[str, asyncio.Future[Answer]] = {}
        self._handled = 0
        self._signals = SignalCounter(
            workflow.info().first_execution_run_id, carried.commands.signals if carried else {}
        )
        self._recorded: dict[str, RecordedCommand] = {}
        self._recorded_updates = dict.fromkeys(carried.commands.recorded_updates if carried else ())
        self._alarm = Alarm()
        self._visibility = VisibilityPublisher()
        self._kit: Kit
        self._kit_digest: KitDigest | None = None
        self._state: JourneyState | None = None
        self._version = 0
        self._log_version = 0
        self._legacy = False
        self._clock_ahead = self._first_clock()
        self._last_moment: datetime | None = None
        self._cancellation_taken = False

    @workflow.run
    async def run(self, _begin: Any) -> Ended:
        try:
            await self._take_up()
        except ApplicationError as error:
            await self._answer_all(error)
            raise
        try:
            return await self._live()
        except ApplicationError as error:
            # An activity that fails for good must not end a journey. As another exception it fails the workflow task,
            # which is tried again and which `trellis doctor` shows.
            raise RuntimeError(f"journey {self._journey} cannot go on: {error.message}") from error

    async def _live(self) -> Ended:
        """Until the journey is closed. A request to cancel the workflow closes none: it is refused with a trace and the
        journey goes on."""
        while True:
            try:
                return await self._live_on()
            except asyncio.CancelledError:
                await go_on_unless_evicted()

    async def _live_on(self) -> Ended:
        while True:
            self._take_cancellation()
            action = next_action(self._kit, self._known_state)
            if self._legacy:
                self._publish(action)
            if await self._is_time_for_a_new_run():
                workflow.continue_as_new(self._carry_on())
            if isinstance(action, Finish) and await self._nobody_waits():
                self._publish(action)
                return Ended(ending=action.ending, version=self._version)
            await self._next(action)

    @workflow.signal(dynamic=True)
    async def on_signal(self, name: str, args: Sequence[RawValue]) -> None:
        self._orders.append(self._receive(self._signals.name(name, content_of(args)), name, args))

    @workflow.update(dynamic=True)
    async def on_update(self, name: str, args: Sequence[RawValue]) -> Answer:
        update = workflow.current_update_info()
        assert update, "this is an update handler"
        order = self._receive(update_identity(update.id), name, args)
        answer = self._answers[order.id] = asyncio.Future()
        self._orders.append(order)
        return await answer

    @on_update.validator
    def check_size(self, name: str, args: Sequence[RawValue]) -> None:  # noqa: ARG002 - the form of a validator
        """Only what no history takes is refused here, without a trace; anything else is refused where it is decided."""
        if problem := problem_with_size(args):
            raise refused(problem, Code.TOO_LARGE, {"limit": MAX_PAYLOAD_BYTES})

    @workflow.signal(name=CATCH_UP)
    def on_catch_up(self, wanted: Any) -> None:
        """For the reconciler: loads the journey from the log when the log is beyond what this workflow knows."""
        if isinstance(wanted, dict) and isinstance(version := wanted.get("version"), int):
            self._log_version = max(self._log_version, version)

    @workflow.query
    def status(self) -> Status:
        """Where the journey stands: stage, who is awaited, the next timers with their rules, open cases."""
        state = self._known_state
        return Status(
            journey=self._journey,
            program=state.program,
            learner=state.learner,
            kit=state.kit,
            version=self._version,
            stage=state.stage,
            since=state.stage_since,
            paused_until=state.pause.until if state.pause else None,
            mentor=state.mentor,
            attention=attention(state),
            awaited=awaited(state),
            timers=tuple(
                Upcoming(at=one.at, rule=one.rule, what=one.label, stopped_by=one.stopped_by)
                for one in timers(self._kit, state)
            ),
            cases=state.cases,
            ending=state.closing.ending if state.closing else None,
            as_of=self._now(),
            waiting_orders=len(self._orders),
        )

    # The clock. In a rehearsal it stands where the story says; otherwise it is Temporal's.

    def _first_clock(self) -> timedelta:
        if self._begin is None:
            return timedelta(0)
        if self._begin.carried:
            return timedelta(seconds=self._begin.carried.clock_ahead)
        start = self._begin.rehearse_from
        return start - workflow.info().start_time if start else timedelta(0)

    def _now(self) -> datetime:
        return workflow.now() + self._clock_ahead

    @property
    def _is_rehearsal(self) -> bool:
        return self._begin is not None and self._begin.rehearse_from is not None

    def _moment_of(self, told: datetime) -> datetime:
        """When something happens: now, or in a rehearsal when the story says, but never before what happened last."""
        moment = told if self._is_rehearsal else self._now()
        self._last_moment = max(moment, self._last_moment or moment)
        return self._last_moment

    # Taking up, and handing on.

    @property
    def _known_state(self) -> JourneyState:
        if self._state is None:
            raise ApplicationError("the journey has not started yet", type=NOT_STARTED)
        return self._state

    @property
    def _beginning(self) -> Begin:
        assert self._begin, "`run` refuses what cannot be read before anything else"
        return self._begin

    async def _take_up(self) -> None:
        """From the run before; or from the log, for a journey that Temporal has lost; or from nothing.

        Raises:
            ApplicationError: when the journey cannot begin; nothing has been recorded then.
        """
        if self._misfit:
            raise refused(self._misfit, Code.INVALID_START)
        if carried := self._beginning.carried:
            self._state, self._version = carried.state, carried.version
            self._orders.extendleft(reversed(carried.orders))
            await self._take_kit(carried.state.kit, carried.kit)
            return
        loaded = await self._load()
        if self._state is None:
            if not self._legacy and (problem := problem_with_journey_id(self._journey)):
                raise refused(problem, Code.INVALID_JOURNEY_ID)
            await self._start(loaded.digest)
        elif (self._state.program, self._state.learner) != (self._beginning.program, self._beginning.learner):
            raise refused(
                f"journey {self._journey!r} is that of learner {self._state.learner!r} in program "
                f"{self._state.program!r}; begin this one under another id",
                Code.OTHER_LEARNER,
                {"program": self._state.program, "learner": self._state.learner},
            )

    async def _load(self) -> LoadedJourney:
        """Takes over what the log knows: the state, and what was recorded that this run has not seen."""
        begin = self._beginning
        question = LoadJourney(
            journey=self._journey,
            program=begin.program_id,
            kit=begin.kit,
            after=self._version,
            signals=self._signals.prefix,
        )
        loaded = await call_activity(LOAD_JOURNEY, question, LoadedJourney, summary="load the journey from the log")
        if self._version and loaded.version == self._version:
            return loaded
        await self._take_kit(loaded.digest, loaded.kit)
        self._state, self._version = loaded.state, loaded.version
        self._note(loaded.commands)
        self._note({order: _of_earlier_release(loaded, types) for order, types in loaded.orders.items()})
        self._recorded_updates.update(dict.fromkeys(loaded.recorded_updates))
        return loaded

    def _note(self, recorded: Mapping[str, RecordedCommand]) -> None:
        self._recorded.update(recorded)
        self._recorded_updates.update(dict.fromkeys(update_keys(recorded)))

    async def _take_kit(self, digest: KitDigest, inline: Kit | None) -> None:
        """`inline`: from a run or an activity of a release that carried kits in histories. Until its next run, such a
        journey makes the calls that it would have made then, so that its history can be replayed."""
        if inline:
            self._kit, self._legacy = inline, True
        elif digest != self._kit_digest:
            pinned = await call_activity(LOAD_KIT, LoadKit(digest=digest), PinnedKit, summary="the kit")
            self._kit = pinned.kit
        self._kit_digest = digest

    async def _start(self, kit: KitDigest) -> None:
        begin = self._beginning
        start = StartJourney(by="system", program=begin.program_id, learner=begin.learner_id, kit=kit)
        at = self._moment_of(begin.rehearse_from or self._now())
        cause = Cause(order="start", command=start.name, by=start.by)
        while self._state is None and not await self._record(cause, decide(self._kit, None, start, at)):
            continue

    async def _is_time_for_a_new_run(self) -> bool:
        enough = workflow.info().is_continue_as_new_suggested() or self._handled >= self._beginning.continue_after
        return enough and len(self._orders) <= _MOST_CARRIED_ORDERS and await self._nobody_waits()

    async def _nobody_waits(self) -> bool:
        """Whether every update has its answer and, at the end, no command is left. Lets answered ones return first."""
        await workflow.wait_condition(lambda: workflow.all_handlers_finished() or bool(self._answers))
        return not self._answers and (self._known_state.closing is None or not self._orders)

    def _carry_on(self) -> Begin:
        self._alarm.clear()
        # The next run would not know what this one learned of them, and record them again.
        waiting = [order for order in self._orders if not self._recorded_meanwhile(order)]
        carried = Carried(
            state=self._known_state,
            version=self._version,
            orders=tuple(waiting),
            clock_ahead=self._clock_ahead.total_seconds(),
            commands=CarriedCommands(signals=self._signals.counts, recorded_updates=tuple(self._recorded_updates)),
        )
        return self._beginning.model_copy(update={"carried": carried})

    async def _answer_all(self, error: ApplicationError) -> None:
        """The journey does not begin: whoever sent a command along with the start is told why."""
        details = error.details or [{"code": Code.NO_SUCH_KIT, "data": {}}]
        for answer in self._answers.values():
            answer.set_exception(ApplicationError(error.message, *details, type=REJECTED, non_retryable=True))
        self._answers.clear()
        await workflow.wait_condition(workflow.all_handlers_finished)

    # The loop's hands.

    def _take_cancellation(self) -> None:
        """A request to cancel the workflow, of which there is one a run at most, becomes a command that is refused."""
        if self._cancellation_taken or workflow.cancellation_reason() is None:
            return
        self._cancellation_taken = True
        identity = cancellation_identity(workflow.info().run_id)
        self._orders.append(CommandEnvelope(id=identity, name=CANCEL, payload={}, at=self._now()))

    def _receive(self, identity: str, name: str, args: Sequence[RawValue]) -> CommandEnvelope:
        both = Identity(identity, legacy_id=str(workflow.uuid4()))
        return receive(both, name, args, self._now(), rehearsal=self._is_rehearsal)

    def _publish(self, action: Wait | Finish) -> None:
        """Only where the journey comes to rest: what holds between two commands of one task is seen by nobody."""
        self._visibility.publish(self._known_state, action, None if self._legacy else self._version)

    async def _next(self, action: Wait | Finish) -> None:
        """Waits for a command or the earliest timer, whichever comes first, and handles it."""
        timer = action.next_timer if isinstance(action, Wait) else None
        if self._log_version > self._version:
            await self._load()
            self._log_version = self._version
        elif timer and timer.at <= (self._orders[0].at if self._orders else self._now()):
            await self._handle_timer(timer)
        elif self._orders:
            await self._handle_person(self._orders.popleft())
        else:
            if timer:
                self._alarm.set(timer.at, self._now(), timer.label)
            else:
                self._alarm.clear()
            self._publish(action)
            await workflow.wait_condition(
                lambda: bool(self._orders) or self._alarm.rings or self._log_version > self._version
            )

    async def _handle_timer(self, timer: Timer) -> None:
        """Where the log turns out to know more, nothing is done: the state then says anew what is due."""
        at = self._moment_of(timer.at)
        command = await self._look_for_activity(at) if isinstance(timer.then, CheckActivity) else timer.then
        events = decide(self._kit, self._known_state, command, at)
        if not events:
            raise RuntimeError(f"the rule {timer.rule} came due and changed nothing: it would do so endlessly")
        order = timer_identity(timer.rule, timer.at.isoformat())
        await self._record(Cause(order=order, command=command.name, by=command.by, rule=timer.rule), events)

    async def _look_for_activity(self, at: datetime) -> ReportActivity:
        question = LookForActivity(journey=self._journey, until=at)
        found = await call_activity(
            LOOK_FOR_ACTIVITY, question, ActivityFound, summary="when was the learner last active"
        )
        return ReportActivity(last_active_at=found.last_active_at)

    async def _handle_person(self, order: CommandEnvelope) -> None:
        self._handled += 1
        recorded = await self._handle(order)
        answer = self._answers.pop(order.id, None)
        if answer and recorded.refusal is not None:
            answer.set_exception(refused_as_recorded(recorded.refusal, recorded.details))
        elif answer:
            answer.set_result(Answer(version=recorded.version, stage=recorded.stage, events=recorded.events))

    async def _handle(self, order: CommandEnvelope) -> RecordedCommand:
        """Decides, records, and only then goes on. Where the log turns out to know more than this workflow, the journey
        is loaded from there: what the log holds of this command is its answer, and otherwise it is decided anew."""
        if recorded := await self._recorded_before(order):
            return recorded
        at = self._moment_of(order.at)
        command = await self._read(order)
        while True:
            decision = self._decide(order, command, at)
            try:
                settled = await self._settle(decision)
            except ApplicationError as error:
                if error.type != REFUSED_BY_LOG:
                    raise
                command = Rejected(Code.NOT_RECORDABLE, error.message)
                continue
            if settled:
                return self._settled(order, command, decision)
            if recorded := self._recorded_meanwhile(order):
                return recorded

    async def _read(self, order: CommandEnvelope) -> JourneyCommand | Rejected:
        """The command, with what it takes to decide it: the kit of a move, a mentor who is known."""
        try:
            command = read(order, as_before=self._legacy)
        except Rejected as rejected:
            return rejected
        if isinstance(command, ApproveMatch | OfferMatch) and not self._legacy:
            return await self._with_mentor(command)
        if not isinstance(command, MoveToKit):
            return command
        question = FindKit(program=self._known_state.program, kit=command.kit)
        found = await call_activity(FIND_KIT, question, KitFound, summary="the kit to move to")
        if found.kit:
            return _adopt(command, found.kit)
        if found.digest is None:
            return command
        pinned = await call_activity(LOAD_KIT, LoadKit(digest=found.digest), PinnedKit, summary="the kit to move to")
        return _adopt(command, pinned.kit)

    async def _with_mentor(self, command: ApproveMatch | OfferMatch) -> JourneyCommand | Rejected:
        question = FindMentor(mentor=command.mentor)
        found = await call_activity(FIND_MENTOR, question, MentorFound, summary="the mentor who is named")
        if found.known:
            return command
        return Rejected(
            Code.UNKNOWN_MENTOR,
            f"no mentor {command.mentor!r} is known; correct the id, or add them with: trellis mentor add",
            {"mentor": command.mentor},
        )

    def _decide(self, order: CommandEnvelope, command: JourneyCommand | Rejected, at: datetime) -> Decision:
        try:
            if isinstance(command, Rejected):
                raise command
            events = decide(self._kit, self._state, command, at, earlier=self._legacy)
        except Rejected as rejected:
            event = CommandRejected(at=at, command=order.name[:60], reason=str(rejected)[:2000])
            refusal = Refusal(code=rejected.code, data=rejected.data)
            cause = Cause(order=order.id, command="rejected", by=_by(order), refusal=refusal)
            return Decision(cause, (event,), str(rejected))
        return Decision(Cause(order=order.id, command=command.name, by=command.by), tuple(events))

    async def _settle(self, decision: Decision) -> bool:
        """Whether the decision stands. False: the log knew more, and the journey was loaded from it.

        Raises:
            ApplicationError: of type REFUSED_BY_LOG, when the log will never take the events.
        """
        if decision.events:
            return await self._record(decision.cause, decision.events)
        if self._legacy:
            return True
        before = self._version  # that nothing changes is said only of a journey that is not behind its log
        await self._load()
        return self._version == before

    def _settled(
        self, order: CommandEnvelope, command: JourneyCommand | Rejected, decision: Decision
    ) -> RecordedCommand:
        if decision.events:
            self._recorded_updates.update(dict.fromkeys(update_keys([order.id])))
        if isinstance(command, AdoptKit) and decision.refusal is None:
            self._kit, self._kit_digest = command.content, command.digest
        return RecordedCommand(
            version=self._version,
            stage=self._known_state.stage,
            events=tuple(event.type for event in decision.events),
            refusal=decision.refusal,
            details=decision.cause.refusal,
        )

    async def _recorded_before(self, order: CommandEnvelope) -> RecordedCommand | None:
        if recorded := self._recorded_meanwhile(order):
            return recorded
        if not self._recorded_updates.keys() & update_keys([order.id]):
            return None
        question = FindCommand(journey=self._journey, order=order.id)
        found = await call_activity(FIND_COMMAND, question, CommandFound, summary="what was recorded of this update")
        return found.command

    def _recorded_meanwhile(self, order: CommandEnvelope) -> RecordedCommand | None:
        """What this run learned from the log of a command that it had not seen, or whose record it had lost."""
        return self._recorded.get(order.id) or self._recorded.get(order.legacy_id)

    async def _record(self, cause: Cause, events: Sequence[JourneyEvent]) -> bool:
        """Whether the events stand in the log. Otherwise something else does, and the journey was loaded from there."""
        stream = journey_stream(self._journey)
        record = Record(
            stream=stream,
            expected_version=self._version,
            facts=facts(stream, self._version, events),
            cause=cause,
        )
        summary = ", ".join(event.type.removeprefix("journey.") for event in events)
        recorded = await call_activity(RECORD, record, Recorded, summary=summary)
        if recorded.in_place:
            self._state, self._version = fold(events, self._state), recorded.version
            return True
        await self._load()
        return False


def _read_begin(begin: Any) -> tuple[Begin | None, str | None]:
    try:
        return Begin.model_validate(begin), None
    except ValidationError as error:
        if any(isinstance(one.get("ctx", {}).get("error"), UnknownVersion) for one in error.errors()):
            raise  # the task is tried again until a worker of that version takes it: nothing is wrong with the journey
        problems = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        wanted = '{"program": "job-ready", "learner": "l-17"}'
        return None, f"the journey cannot begin: {problems}. It is started with, for instance, {wanted}"


def _adopt(command: MoveToKit, kit: Kit) -> AdoptKit:
    return AdoptKit(by=command.by, digest=command.kit, content=kit, reason=command.reason)


def _by(order: CommandEnvelope) -> str:
    payload = order.payload
    return str(payload["by"])[:120] if isinstance(payload, dict) and "by" in payload else "unknown"


def _of_earlier_release(loaded: LoadedJourney, types: tuple[str, ...]) -> RecordedCommand:
    """Earlier releases knew the types of the events alone."""
    assert loaded.state, "what was recorded has a state"
    refusal = "it was refused before; the timeline says why" if types == (CommandRejected.type,) else None
    return RecordedCommand(version=loaded.version, stage=loaded.state.stage, events=types, refusal=refusal)
