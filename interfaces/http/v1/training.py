"""The training of a program's mentors, step by step."""

from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter

from domain.ids import MentorId, ProgramId
from interfaces.http.access import MentorThemselves, PersonalReader, require_program
from interfaces.http.v1.orders import AnyOrder, TheMentor, giver
from interfaces.http.v1.visibility import require_visible_mentor
from queries.mentors import NoSuchMentor
from services import training as services
from services.training import Acknowledge, Standing, Trained, standing
from store.database import Pool


@dataclass(frozen=True, slots=True)
class Acknowledged:
    mentor: str
    program: str
    step: str
    new: bool
    """False: it was acknowledged before."""


def router(pool: Pool) -> APIRouter:
    routes = APIRouter(tags=["training"])

    @routes.get("/programs/{program}/training")
    async def get_training(program: ProgramId, caller: PersonalReader) -> Standing:
        """Every mentor's progress through the training of the program's newest kit. Personal data."""
        require_program(caller, program)
        return await standing(pool, program)

    @routes.get("/programs/{program}/training/{mentor}")
    async def get_training_of_mentor(program: ProgramId, mentor: MentorId, caller: MentorThemselves) -> Trained:
        """One mentor's progress through the training of the program's newest kit."""
        require_program(caller, program)
        await require_visible_mentor(pool, caller, mentor)
        found = [one for one in (await standing(pool, program)).mentors if one.mentor == mentor]
        if not found:
            raise NoSuchMentor(mentor)
        return found[0]

    @routes.put("/programs/{program}/training/{mentor}/{step:path}")
    async def acknowledge_training(
        program: ProgramId, mentor: TheMentor, step: str, caller: MentorThemselves, order: AnyOrder
    ) -> Acknowledged:
        """Record that a mentor has completed a step: the name of its text in the kit. Repeating it changes nothing."""
        require_program(caller, program)
        await require_visible_mentor(pool, caller, mentor)
        said = Acknowledge(mentor=mentor, program=program, step=step, by=giver(caller, order.by))
        return Acknowledged(mentor, program, step, await services.acknowledge(pool, said, datetime.now(UTC)))

    return routes
