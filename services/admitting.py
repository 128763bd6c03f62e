"""Starts single journeys, for many callers at once.

The stream of a program takes one append at a time. So those who ask at the same moment for the same program are given
their places together; who asks meanwhile waits for the next turn.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from contextlib import nullcontext
from contextvars import Context
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from client.journeys import JourneyClient
from client.starting import Answered, begin_one
from domain.ids import JourneyId, LearnerId, ProgramId
from domain.journey.intake import SubmitIntake, require_answers
from domain.journey.refusing import Code
from domain.origin import Origin, coming_from, current_origin
from domain.program import ProgramState, Start
from domain.refusal import Rejected
from kits.lookup import newest, newest_published
from services.enrolling import Enrollment
from services.places import Admitted, begin_admitted, catch_up
from services.starting import ended_before, entrants
from store.database import Pool
from workflows.contract import Answer, Begin

_TOGETHER = 500
"""The most learners who are given places in one turn."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A journey that is to start."""

    program: ProgramId
    learner: LearnerId
    by: str = "ops"
    again: bool = False
    """Another journey, where the learner's last one in this program has ended."""
    past_places: bool = False
    """Even if no place is left, or enrollment is closed."""


@dataclass(frozen=True, slots=True)
class Intake:
    """Answers that are sent in with the start."""

    answers: Mapping[str, Any]
    partial: bool
    by: str
    command_id: str | None = None


@dataclass(frozen=True, slots=True)
class StartedJourney:
    journey: JourneyId
    started: bool
    """False: it had started before."""
    answer: Answer | None = None
    """To the intake that came along."""
    answered: Answered | None = None
    """What became of the stored answers."""


@dataclass(slots=True)
class _Turn:
    """Those who are given places together: their commands and their origin are the same but for the learner."""

    entry: Entry
    origin: Origin | None
    learners: dict[LearnerId, "asyncio.Future[JourneyId]"] = field(default_factory=dict)


class Admissions:
    """Holds the last known state of each program, and those who wait. One for a process."""

    def __init__(self, pool: Pool, client: JourneyClient) -> None:
        self._pool = pool
        self._client = client
        self._enrollment = Enrollment(pool)
        self._waiting: dict[ProgramId, list[_Turn]] = defaultdict(list)
        self._working: dict[ProgramId, asyncio.Task[None]] = {}
        self._beginning: set[asyncio.Task[int]] = set()

    async def start(self, entry: Entry, intake: Intake | None = None) -> StartedJourney:
        """Gives the learner a place and starts the journey. Repeating it changes nothing.

        Raises:
            Rejected: when there is no place, the learner's journey has ended and none is to follow, or the answers are
                none that a new journey takes. Nothing has started then.
            NoSuchProgram: when no kit of the program is published.
            Refused: when a journey that has started before refuses the intake.
        """
        if intake is not None:
            await self._require_answers(entry, intake)
        journey = await self._place(entry)
        started = await self._client.begin(Begin(program=entry.program, learner=entry.learner), journey)
        if intake is None:
            return StartedJourney(journey, started)
        payload = {"by": intake.by, "answers": dict(intake.answers), "partial": intake.partial}
        answer = await self._client.send(journey, "submit_intake", payload, command_id=intake.command_id)
        return StartedJourney(journey, started, answer)

    async def start_as_known(self, entry: Entry, answers_id: str | None = None) -> StartedJourney:
        """The same, and sends in the answers to the intake that are stored with the learner, where the journey waits
        for them.

        Raises what `start` raises.
        """
        journey = await self._place(entry)
        state = await self._enrollment.state(entry.program)
        (one,) = await entrants(self._pool, entry.program, state, [entry.learner])
        kit = await newest(self._pool, entry.program)
        begun, answered = await begin_one(self._client, kit, replace(one, journey=journey), command_id=answers_id)
        return StartedJourney(journey, begun == "begun", answered=answered)

    async def _require_answers(self, entry: Entry, intake: Intake) -> None:
        """Raises Rejected. A journey that has started decides itself: it knows the answers of before."""
        kit = await newest(self._pool, entry.program)
        if entry.learner in (await self._enrollment.state(entry.program)).enrolled:
            return
        try:
            command = SubmitIntake(by=intake.by, answers=dict(intake.answers), partial=intake.partial)
        except ValidationError as error:
            says = "; ".join(one["msg"].removeprefix("Value error, ") for one in error.errors())
            raise Rejected(Code.ANSWERS_INVALID, f"these are no answers to the intake: {says}") from error
        require_answers(kit, command)

    async def _place(self, entry: Entry) -> JourneyId:
        program = entry.program
        place = self._turn_for(entry).learners.setdefault(entry.learner, asyncio.get_running_loop().create_future())
        if program not in self._working:
            # In a context of its own: what it does is not only for the one who happens to be first.
            self._working[program] = asyncio.create_task(self._work(program), context=Context())
        return await asyncio.shield(place)

    def _turn_for(self, entry: Entry) -> _Turn:
        origin = current_origin()
        alike = replace(entry, learner=LearnerId(""))
        turns = self._waiting[entry.program]
        for one in turns:
            if one.entry == alike and _shared(one.origin) == _shared(origin) and len(one.learners) < _TOGETHER:
                one.origin = _shared(origin)
                return one
        turns.append(_Turn(alike, origin))
        return turns[-1]

    async def _work(self, program: ProgramId) -> None:
        """Until nobody waits."""
        try:
            while turns := self._waiting[program]:
                await self._take(turns.pop(0))
        finally:
            del self._working[program], self._waiting[program]

    async def _take(self, turn: _Turn) -> None:
        """Everybody in it gets an answer, whatever happens."""
        try:
            await self._admit(turn)
        except Exception as error:  # noqa: BLE001 - each of those who wait raises it
            for one in turn.learners.values():
                if not one.done():
                    one.set_exception(error)

    async def _admit(self, turn: _Turn) -> None:
        program = turn.entry.program
        await newest_published(self._pool, program)
        self._begin_later(await catch_up(self._pool, self._enrollment))
        try:
            state = await self._carry_out(turn)
        except Rejected:
            if len(turn.learners) == 1:
                raise
            for learner, place in turn.learners.items():  # each gets an answer of their own
                await self._take(_Turn(turn.entry, turn.origin, {learner: place}))
            return
        for learner, place in turn.learners.items():
            if learner in state.enrolled:
                place.set_result(state.journey_of(program, learner))
            else:
                place.set_exception(await ended_before(self._pool, program, learner, state))

    async def _carry_out(self, turn: _Turn) -> ProgramState:
        """Raises Rejected, where there are not places for all of them."""
        entry = turn.entry
        learners = tuple(turn.learners)
        command = Start(learners=learners, by=entry.by, again=entry.again, past_places=entry.past_places)
        with coming_from(turn.origin) if turn.origin else nullcontext():
            return await self._enrollment.state_after(entry.program, command, datetime.now(UTC))

    def _begin_later(self, admitted: Admitted) -> None:
        """Those who moved up from the waiting list. Whom a killed process leaves behind, `Places` finds."""
        if any(admitted.values()):
            task = asyncio.create_task(begin_admitted(self._pool, self._client, self._enrollment, admitted))
            self._beginning.add(task)
            task.add_done_callback(self._beginning.discard)


def _shared(origin: Origin | None) -> Origin | None:
    """Without the id of the request: several requests share an append."""
    return origin.model_copy(update={"correlation": None}) if origin else None
