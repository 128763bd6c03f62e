"""The activity of a group: tell the journeys of its members what was recorded for all of them."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import structlog
from pydantic import Field
from temporalio import activity
from temporalio.client import Client

from activities.clock import Clock, machine_time
from activities.heartbeats import heartbeats
from client.journeys import JourneyClient, NoSuchJourney, Refused, TaskFailing
from domain.cohort import EVENTS, INITIAL, CohortState, Context, cohort, evolve
from domain.cohort.commands import ReportTold
from domain.cohort.events import NOT_ANSWERING, Refusal, needs_telling
from domain.cohort.leading import following
from domain.cohort.tellings import Step, Telling, command_id, listens, tellings
from domain.ids import CohortId, ProgramId, cohort_stream
from domain.mentor import MENTOR, mentor_stream
from domain.values import Frozen
from store import kits, ledger
from store.codec import Codec
from store.database import Pool
from store.event_log import EventLog
from store.transact import given, transact
from workflows.cohort_activities import SILENCE_OF_TELLER, TELL_MEMBERS, MembersTold, TellMembers
from workflows.contract import TASK_QUEUE, Begin

log = structlog.get_logger()

_CODEC = Codec(EVENTS)
_AT_ONCE = 16
"""Journeys that are told at the same time: enough to keep a worker of journeys busy, and few beside what people do."""
_ENOUGH_FAILURES = 3
"""After so many journeys that could not be reached, the rest is tried later."""


class Progress(Frozen):
    """How far the telling of one event has come, for whoever goes on after a worker has died."""

    version: int
    done: int = 0
    """So many of its tellings, in their order, are done."""
    refusals: tuple[Refusal, ...] = Field(default=())
    """Those among them."""


class Cohorts:
    """May be repeated at any time: a journey that was told something gives the answer of that time again."""

    def __init__(self, pool: Pool, temporal: Client, task_queue: str = TASK_QUEUE, clock: Clock | None = None) -> None:
        """`clock`: in a play, the time of its scenario."""
        self._pool = pool
        self._log = EventLog(pool)
        self._journeys = JourneyClient(temporal, task_queue, at=clock)
        self._now = clock or machine_time

    @property
    def all(self) -> Sequence[Callable[..., Any]]:
        return (self.tell_members,)

    @activity.defn(name=TELL_MEMBERS)
    async def tell_members(self, wanted: TellMembers) -> MembersTold:
        """Ends when there is nothing left to tell, also of what was recorded meanwhile.

        Raises errors of both servers: to be retried.
        """
        progress = _progress_of_last_attempt()
        while True:
            steps, state = await self._recorded(wanted.cohort)
            untold = [one for one in steps if one.after.version > state.told and needs_telling(one.event)]
            if not untold:
                return MembersTold(version=state.version, closed=state.closed_at is not None)
            context = await self._context(wanted.cohort, state)
            await self._enter_with_mentors(context, state)
            for step in untold:
                those = [one for one in tellings(context, step, steps) if listens(one, step, state)]
                state = await self._tell(context, step, those, progress)
                progress = None

    async def _recorded(self, group: CohortId) -> tuple[list[Step], CohortState]:
        """All that has happened to the group, and the group as it is now."""
        recorded = await self._log.read_stream(cohort_stream(group))
        state, steps = INITIAL, []
        for one, event in zip(recorded, _CODEC.decode_known(recorded), strict=True):
            before, state = state, evolve(state, event)
            steps.append(Step(before, event, state, one.meta.get("by", "ops")))
        return steps, state

    async def _enter_with_mentors(self, context: Context, state: CohortState) -> None:
        """The times of the sessions and the minutes that they take: once for all members, with each who leads them."""
        for command in following(context, state):
            stream = mentor_stream(command.mentor)
            await transact(self._pool, stream, MENTOR, command, self._now(), meta=given(command))
        await ledger.follow(self._pool, cohort_stream(context.cohort), self._now())

    async def _context(self, group: CohortId, state: CohortState) -> Context:
        assert state.kit, "what is told of a group comes after it was formed"
        return Context(group, await kits.load(self._pool, state.kit))

    async def _tell(
        self, context: Context, step: Step, wanted: Sequence[Telling], earlier: Progress | None
    ) -> CohortState:
        version = step.after.version
        resumes = earlier and earlier.version == version
        telling = _Telling(wanted, earlier if earlier and resumes else Progress(version=version))
        if wanted:
            await self._tell_all(context, telling, _program(step.after))
        report = ReportTold(version=version, refusals=telling.refusals)
        stream, decider = cohort_stream(context.cohort), cohort(context)
        done = await transact(self._pool, stream, decider, report, self._now(), meta={"by": "system"})
        log.info("told", cohort=context.cohort, version=version, journeys=len(wanted), refused=len(telling.refusals))
        return done.after.state

    async def _tell_all(self, context: Context, telling: "_Telling", program: ProgramId) -> None:
        """One that cannot be reached keeps no other from being told; then the attempt fails, and another follows."""
        command, failures = command_id(context.cohort, telling.version), list[Exception]()

        async def take_turns() -> None:
            for number, one in telling.left:
                if len(failures) >= _ENOUGH_FAILURES:
                    return
                try:
                    telling.note(number, await self._tell_one(one, command, program))
                except Exception as error:  # noqa: BLE001 - the first is raised when the others are told
                    failures.append(error)

        async with heartbeats(SILENCE_OF_TELLER, lambda: [telling.progress]):
            await asyncio.gather(*(take_turns() for _ in range(_AT_ONCE)))
        if failures:
            raise failures[0]

    async def _tell_one(self, telling: Telling, command_id: str, program: ProgramId) -> Refusal | None:
        name, payload = telling.command.name, telling.command.model_dump(mode="json")
        try:
            try:
                await self._journeys.send(telling.journey, name, payload, command_id=command_id)
            except NoSuchJourney:  # Temporal has lost it, or it has closed and says so
                begin = Begin(program=program, learner=telling.learner)
                await self._journeys.begin_and_send(begin, name, payload, telling.journey, command_id=command_id)
        except Refused as refused:
            return Refusal(learner=telling.learner, command=name, code=refused.code)
        except TaskFailing:  # `trellis doctor` shows it; the others of the group need not wait for its repair
            # Its history keeps a signal until then. Where the update gets through as well, nothing comes of the second.
            await self._journeys.signal(telling.journey, name, payload)
            return Refusal(learner=telling.learner, command=name, code=NOT_ANSWERING)
        return None


class _Telling:
    """What is to be told of one event, and how far that has come."""

    def __init__(self, wanted: Sequence[Telling], progress: Progress) -> None:
        self.version = progress.version
        self._done = dict[int, Refusal | None]()
        self._mark = progress.done
        self._refused = list(progress.refusals)
        self.left: Iterator[tuple[int, Telling]] = iter([*enumerate(wanted)][progress.done :])

    def note(self, number: int, refusal: Refusal | None) -> None:
        self._done[number] = refusal
        while self._mark in self._done:
            if refused := self._done.pop(self._mark):
                self._refused.append(refused)
            self._mark += 1

    @property
    def progress(self) -> Progress:
        return Progress(version=self.version, done=self._mark, refusals=tuple(self._refused))

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        return tuple(self._refused)


def _program(state: CohortState) -> ProgramId:
    assert state.program, "what is told of a group comes after it was formed"
    return state.program


def _progress_of_last_attempt() -> Progress | None:
    details = activity.info().heartbeat_details
    return Progress.model_validate(details[0]) if details else None
