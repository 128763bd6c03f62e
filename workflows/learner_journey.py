"""A learner's journey as a durable workflow: the shell around the decider of domain/journey.

One queue, one loop, one timer. Signals, updates, timers and the answers of activities become orders; the loop obeys one
at a time; what it decides is in the log before anybody is told of it.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from pydantic import ValidationError

    from domain.ids import JourneyId, KitDigest, MentorId, journey_stream
    from domain.journey import (
        CheckActivity,
        CommandRejected,
        Finish,
        JourneyCommand,
        JourneyEvent,
        JourneyState,
        Rejected,
        StartJourney,
        Timer,
        Wait,
        attention,
        decide,
        fold,
        next_action,
    )
    from domain.journey.commands import AdoptKit, ApproveMatch, MoveToKit, OfferMatch, PersonCommand, ReportActivity
    from domain.kit import Kit
    from domain.ports import (
        FIND_KIT,
        FIND_MENTOR,
        LOOK_FOR_ACTIVITY,
        OPEN_JOURNEY,
        RECORD,
        ActivityFound,
        Cause,
        FindKit,
        FindMentor,
        KitFound,
        LookForActivity,
        MentorFound,
        Open,
        Opening,
        Record,
        Recorded,
        facts,
    )
    from workflows.alarm import Alarm
    from workflows.asking import ask
    from workflows.contract import REJECTED, WORKFLOW, Answer, Begin, Carried, Ended, Order, Status, Upcoming
    from workflows.reading import read, receive
    from workflows.showing import Showing


_REPEATS_ARE_TOLD_FROM_CHANGES = "repeats-are-told-from-changes"
"""Runs that began before decide by the rules of then, so that they replay; their next run decides by those of now."""
_MENTORS_ARE_LOOKED_UP = "mentors-are-looked-up"
"""Journeys that matched a mentor before there was a look at the people replay without it."""


@workflow.defn(name=WORKFLOW)
class LearnerJourney:
    @workflow.init
    def __init__(self, begin: Any) -> None:  # Any: what does not fit is refused in `run`, where it can be said
        self._begin, self._misfit = _read_begin(begin)
        self._journey = JourneyId(workflow.info().workflow_id)
        self._orders: deque[Order] = deque()
        self._answers: dict[str, asyncio.Future[Answer]] = {}
        self._handled = 0
        self._obeyed: dict[str, tuple[str, ...]] = {}
        self._alarm = Alarm()
        self._showing = Showing()
        self._kit: Kit
        self._state: JourneyState | None = None
        self._version = 0
        self._clock_ahead = self._first_clock()
        self._last_moment: datetime | None = None

    @workflow.run
    async def run(self, _begin: Any) -> Ended:
        if self._misfit:
            raise ApplicationError(self._misfit, type=REJECTED, non_retryable=True)
        await self._take_up()
        while True:
            action = next_action(self._kit, self._known_state)
            self._showing.show(self._known_state, action)
            if await self._is_time_for_a_new_run():
                workflow.continue_as_new(self._carry_on())
            if isinstance(action, Finish) and await self._nobody_waits():
                return Ended(ending=action.ending, version=self._version)
            await self._next(action)

    @workflow.signal(dynamic=True)
    async def on_signal(self, name: str, args: Sequence[RawValue]) -> None:
        self._orders.append(self._receive(name, args))

    @workflow.update(dynamic=True)
    async def on_update(self, name: str, args: Sequence[RawValue]) -> Answer:
        order = self._receive(name, args)
        answer = self._answers[order.id] = asyncio.Future()
        self._orders.append(order)
        return await answer

    @workflow.query
    def status(self) -> Status:
        """Where the journey stands: stage, who is awaited, the next timers with their rules, open cases."""
        state = self._known_state
        action = next_action(self._kit, state)
        waits = action if isinstance(action, Wait) else Wait(awaited=(), timers=())
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
            awaited=waits.awaited,
            timers=tuple(
                Upcoming(at=one.at, rule=one.rule, what=one.label, stopped_by=one.stopped_by) for one in waits.timers
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
            raise ApplicationError("the journey has not started yet", type="NotStarted")
        return self._state

    @property
    def _beginning(self) -> Begin:
        assert self._begin, "`run` refuses what cannot be read before anything else"
        return self._begin

    async def _take_up(self) -> None:
        """From the run before; or from the log, where a journey stands that Temporal has lost; or from nothing."""
        if carried := self._beginning.carried:
            self._kit, self._state, self._version = carried.kit, carried.state, carried.version
            self._orders.extendleft(reversed(carried.orders))
            return
        opening = await self._open()
        if self._state is None:
            await self._start(opening.digest)

    async def _open(self) -> Opening:
        begin = self._beginning
        question = Open(journey=self._journey, program=begin.program_id, kit=begin.kit, after=self._version)
        opening = await ask(OPEN_JOURNEY, question, Opening, summary="take the journey up from the log")
        self._kit, self._state, self._version = opening.kit, opening.state, opening.version
        self._obeyed.update(opening.orders)
        return opening

    async def _start(self, kit: KitDigest) -> None:
        begin = self._beginning
        start = StartJourney(by="system", program=begin.program_id, learner=begin.learner_id, kit=kit)
        at = begin.rehearse_from or self._now()
        await self._obey(Order(id="start", name="start", payload=None, at=at), start, None)

    async def _is_time_for_a_new_run(self) -> bool:
        enough = workflow.info().is_continue_as_new_suggested() or self._handled >= self._beginning.continue_after
        return enough and await self._nobody_waits()

    async def _nobody_waits(self) -> bool:
        """Whether every update has its answer and, at the end, no order is left. Lets answered ones return first."""
        await workflow.wait_condition(lambda: workflow.all_handlers_finished() or bool(self._answers))
        return not self._answers and (self._known_state.closing is None or not self._orders)

    def _carry_on(self) -> Begin:
        self._alarm.clear()
        carried = Carried(
            kit=self._kit,
            state=self._known_state,
            version=self._version,
            orders=tuple(self._orders),
            clock_ahead=self._clock_ahead.total_seconds(),
        )
        return self._beginning.model_copy(update={"carried": carried})

    # The loop's hands.

    def _receive(self, name: str, args: Sequence[RawValue]) -> Order:
        return receive(str(workflow.uuid4()), name, args, self._now(), rehearsal=self._is_rehearsal)

    async def _next(self, action: Wait | Finish) -> None:
        """Waits for an order or the earliest timer, whichever comes first, and obeys it."""
        timer = action.timers[0] if isinstance(action, Wait) and action.timers else None
        if timer and timer.at <= (self._orders[0].at if self._orders else self._now()):
            await self._come_true(timer)
        elif self._orders:
            await self._obey_person(self._orders.popleft())
        else:
            if timer:
                self._alarm.set(timer.at, self._now(), timer.label)
            else:
                self._alarm.clear()
            await workflow.wait_condition(lambda: bool(self._orders) or self._alarm.rings)

    async def _come_true(self, timer: Timer) -> None:
        at = self._moment_of(timer.at)
        command = await self._look_for_activity(at) if isinstance(timer.then, CheckActivity) else timer.then
        before = self._version
        order = Order(id=f"{timer.rule}@{timer.at.isoformat()}", name=command.name, payload=None, at=at)
        await self._obey(order, command, timer.rule)
        if self._version == before:
            raise RuntimeError(f"the rule {timer.rule} came true and changed nothing: it would do so for ever")

    async def _look_for_activity(self, at: datetime) -> ReportActivity:
        question = LookForActivity(journey=self._journey, until=at)
        found = await ask(LOOK_FOR_ACTIVITY, question, ActivityFound, summary="when was the learner last active")
        return ReportActivity(last_active_at=found.last_active_at)

    async def _obey_person(self, order: Order) -> None:
        self._handled += 1
        answer = self._answers.pop(order.id, None)
        try:
            types = await self._obey(order, await self._found(read(order)), None)
        except Rejected as refusal:
            await self._record_refusal(order, refusal)
            if answer:
                answer.set_exception(ApplicationError(str(refusal), type=REJECTED, non_retryable=True))
        else:
            if answer:
                answer.set_result(Answer(version=self._version, stage=self._known_state.stage, events=types))

    async def _found(self, command: PersonCommand) -> JourneyCommand:
        """A move to another kit needs that kit, and a match a mentor who is known; all else has what it needs."""
        if isinstance(command, ApproveMatch | OfferMatch) and workflow.patched(_MENTORS_ARE_LOOKED_UP):
            await self._look_up_mentor(command.mentor)
        if not isinstance(command, MoveToKit):
            return command
        question = FindKit(program=self._known_state.program, kit=command.kit)
        found = await ask(FIND_KIT, question, KitFound, summary="the kit to move to")
        if found.kit is None:
            return command
        return AdoptKit(by=command.by, digest=command.kit, content=found.kit, reason=command.reason)

    async def _look_up_mentor(self, mentor: MentorId) -> None:
        """Raises Rejected for one whom nobody knows."""
        found = await ask(FIND_MENTOR, FindMentor(mentor=mentor), MentorFound, summary="the mentor who is named")
        if not found.known:
            raise Rejected(f"no mentor {mentor!r} is known; correct the id, or make them known by: trellis mentor add")

    async def _record_refusal(self, order: Order, refusal: Rejected) -> None:
        at = self._moment_of(order.at)
        event = CommandRejected(at=at, command=order.name[:60], reason=str(refusal)[:2000])
        while order.id not in self._obeyed and not await self._record(order, "rejected", _by(order), None, [event]):
            continue

    async def _obey(self, order: Order, command: JourneyCommand, rule: str | None) -> tuple[str, ...]:
        """Decides, records, and only then goes on. Returns the types of the events.

        Where the log turns out to know more than the workflow, the journey is taken up from there: what the log has of
        this order is its answer, and otherwise it is decided anew."""
        at = self._moment_of(order.at)
        while order.id not in self._obeyed:
            earlier = not workflow.patched(_REPEATS_ARE_TOLD_FROM_CHANGES)
            events = decide(self._kit, self._state, command, at, earlier=earlier)
            if not events or await self._record(order, command.name, command.by, rule, events):
                if isinstance(command, AdoptKit):
                    self._kit = command.content
                return tuple(event.type for event in events)
        if self._obeyed[order.id] == (CommandRejected.type,):
            raise Rejected("it was refused before; the timeline says why")
        return self._obeyed[order.id]

    async def _record(
        self, order: Order, command: str, by: str, rule: str | None, events: Sequence[JourneyEvent]
    ) -> bool:
        stream = journey_stream(self._journey)
        record = Record(
            stream=stream,
            expected_version=self._version,
            facts=facts(stream, self._version, events),
            cause=Cause(order=order.id, command=command, by=by, rule=rule),
        )
        summary = ", ".join(event.type.removeprefix("journey.") for event in events)
        recorded = await ask(RECORD, record, Recorded, summary=summary)
        if recorded.in_place:
            self._state, self._version = fold(events, self._state), recorded.version
            return True
        await self._open()
        return False


def _read_begin(begin: Any) -> tuple[Begin | None, str | None]:
    try:
        return Begin.model_validate(begin), None
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        wanted = '{"program": "job-ready", "learner": "l-17"}'
        return None, f"the journey cannot begin: {problems}. It is started with, for instance, {wanted}"


def _by(order: Order) -> str:
    payload = order.payload
    return str(payload["by"])[:120] if isinstance(payload, dict) and "by" in payload else "unknown"
