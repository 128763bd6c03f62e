"""Setting many learners out, several at once: whoever has set out already just goes on."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pydantic import ValidationError
from temporalio.service import RPCError

from domain.ids import JourneyId, LearnerId, journey_id
from domain.kit import Kit
from interfaces.client import JourneyClient, NotStarted, Refused
from store.people import Person
from workflows.contract import Begin

_AT_ONCE = 16


@dataclass
class Started:
    """What came of it, by journey."""

    begun: list[JourneyId] = field(default_factory=list)
    running: list[JourneyId] = field(default_factory=list)
    """These had begun before."""
    answered: list[JourneyId] = field(default_factory=list)
    failed: dict[JourneyId, str] = field(default_factory=dict)


async def begin_all(
    client: JourneyClient, kit: Kit, everybody: Mapping[LearnerId, Person | None], advance: Callable[[], None]
) -> Started:
    """Sets everybody out who has not yet, and sends in the intake of those whose answers are given and complete.

    May be repeated: it takes up where it was broken off. What fails for one does not keep the others.
    """
    started = Started()
    at_once = asyncio.Semaphore(_AT_ONCE)

    async def begin(learner: LearnerId, person: Person | None) -> None:
        async with at_once:
            try:
                await _begin(client, kit, learner, person, started)
            except (Refused, NotStarted, RPCError, ValidationError) as error:
                started.failed[journey_id(kit.program_id, learner)] = str(error)
        advance()

    async with asyncio.TaskGroup() as tasks:
        for learner, person in everybody.items():
            tasks.create_task(begin(learner, person))
    return started


async def _begin(client: JourneyClient, kit: Kit, learner: LearnerId, person: Person | None, started: Started) -> None:
    journey = journey_id(kit.program_id, learner)
    is_new = await client.begin(Begin(program=kit.program, learner=learner))
    (started.begun if is_new else started.running).append(journey)
    stage = (await client.status(journey)).stage
    answers = person.attributes["answers"] if person else {}
    if answers and stage == "intake" and not kit.intake.problems_with(answers):
        answer = await client.send(journey, "submit_intake", {"by": f"learner:{learner}", "answers": answers})
        started.answered += [journey] if answer.events else []
