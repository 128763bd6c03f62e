"""Enrollment together with the journeys that follow from it: of those who get a place, and of those who move up."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from client.journeys import JourneyClient
from client.starting import Entrant
from domain.ids import LearnerId, ProgramId
from domain.kit import Kit
from domain.program import Command, Enroll, LearnersEnrolled, OpenEnrollment, ProgramEvent, ProgramState
from domain.values import Actor
from kits.lookup import newest
from queries.growth import growth_readiness
from services.enrolling import Enrollment, Step, Tally, enroll_people, preview, record_published, steps_of
from services.places import catch_up, current_state, record_steps
from services.starting import Started, entrants, start_all
from store.database import Pool
from store.people import Person, require_kind

Begin = Callable[[JourneyClient, Kit, Sequence[Entrant]], Awaitable[Started]]
"""How journeys are begun; another one than `start_all` shows how far it is."""


async def standing(pool: Pool, program: ProgramId, enrollment: Enrollment | None = None) -> ProgramState:
    """As it is now. `enrollment`: of somebody who asks again and again, and so reads what is new alone.

    Raises NoSuchProgram.
    """
    await newest(pool, program)
    return await current_state(pool, enrollment or Enrollment(pool), program)


@dataclass(frozen=True, slots=True)
class CarriedOut:
    events: Sequence[ProgramEvent]
    journeys: Started | None
    """Of learners who got a place by it. None: nobody did."""


async def carry_out(
    pool: Pool, client: JourneyClient, program: ProgramId, command: Command, begin: Begin = start_all
) -> CarriedOut:
    """Opening enrollment asks whether the program is ready to grow, where the kit has rules for it.

    Raises NoSuchProgram, Rejected, BeingRebuilt.
    """
    kit = await newest(pool, program)
    await record_published(pool, kit)
    enrollment = Enrollment(pool)
    before = (await catch_up(pool, enrollment)).get(program, ())
    if isinstance(command, OpenEnrollment):
        command = await _gated(pool, kit, command)
    events = await enrollment.handle(program, command, datetime.now(UTC))
    admitted = [one for event in events if isinstance(event, LearnersEnrolled) for one in event.learners]
    having = [*before, *admitted, *await record_steps(enrollment, program, ())]
    return CarriedOut(events, await _begin(_Begun(pool, client, begin), enrollment, kit, having) if having else None)


async def _gated(pool: Pool, kit: Kit, command: OpenEnrollment) -> OpenEnrollment:
    """With the rules of growth that do not hold, where so many places ask for them. Raises BeingRebuilt."""
    if kit.growth is None or not kit.growth.asks_at(command.places):
        return command
    found = await growth_readiness(pool, kit.program_id)
    return command.model_copy(update={"unmet": found.unmet})


class Enrolling:
    """Learners of a program who are to be enrolled, in this order."""

    def __init__(self, pool: Pool, kit: Kit, steps: Sequence[Step]) -> None:
        self._pool = pool
        self._kit = kit
        self._steps = steps
        self._enrollment = Enrollment(pool)

    @classmethod
    def of_people(cls, pool: Pool, kit: Kit, people: Sequence[Person], *, by: Actor, again: bool) -> "Enrolling":
        """They are stored with their places. `again`: also those whose journey in the program has ended.

        Raises pydantic.ValidationError where `by` is nobody who acts.
        """
        return cls(pool, kit, steps_of(people, lambda learners: Enroll(learners=learners, by=by, again=again)))

    async def preview(self) -> Tally:
        """What it would come to. Raises Rejected."""
        await self._require_learners()
        now = await current_state(self._pool, self._enrollment, self._kit.program_id)
        return preview(now, (step for step, _ in self._steps), datetime.now(UTC))

    async def carry_out(
        self, client: JourneyClient, advance: Callable[[int], None] = lambda _: None, begin: Begin = start_all
    ) -> tuple[Tally, Started]:
        """Safe to repeat. Raises Rejected; Interrupted, when the first of them were enrolled by then."""
        await self._require_learners()
        program = self._kit.program_id
        before = (await catch_up(self._pool, self._enrollment)).get(program, ())
        tally = await enroll_people(self._enrollment, program, self._steps, advance)
        enrolled = (await self._enrollment.state(program)).enrolled
        having = [one for step, _ in self._steps for one in step.learners if one in enrolled]
        begun = _Begun(self._pool, client, begin)
        return tally, await _begin(begun, self._enrollment, self._kit, list(dict.fromkeys((*having, *before))))

    async def _require_learners(self) -> None:
        await require_kind(self._pool, "learner", [one.person_id for _, people in self._steps for one in people])


@dataclass(frozen=True, slots=True)
class _Begun:
    pool: Pool
    client: JourneyClient
    begin: Begin


async def _begin(by: _Begun, enrollment: Enrollment, kit: Kit, having: Sequence[LearnerId]) -> Started:
    state = await enrollment.state(kit.program_id)
    those = await entrants(by.pool, kit.program_id, state, [one for one in having if one in state.enrolled])
    return await by.begin(by.client, kit, those)
