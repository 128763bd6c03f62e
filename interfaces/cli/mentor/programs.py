"""`trellis mentor join`, `trellis mentor remove`: which programs a mentor belongs to."""

import asyncio

from domain.ids import ProgramId
from domain.mentor.belonging import JoinProgram, LeaveProgram
from interfaces.cli.connected import database
from interfaces.cli.mentor.arguments import TheMentor, carry_out, command_of, say
from interfaces.cli.options import By, Json, Program
from kits.lookup import newest
from settings import Settings, load


def join(program: Program, mentor: TheMentor, *, by: By = "ops", json: Json = False) -> None:
    """Let learners of a program be matched with a mentor.

    From then on the mentor is there for the programs that they have joined, and for no others.
    """
    command = command_of(JoinProgram, mentor=mentor, program=program, by=by)
    say(mentor, asyncio.run(_of_program(load(), command, by)), json=json)


def remove(program: Program, mentor: TheMentor, *, by: By = "ops", json: Json = False) -> None:
    """Keep learners of a program from being matched with a mentor.

    Learners whom the mentor has stay with them: use `trellis send JOURNEY release_mentor` for that. Exit code 1: nobody
    has said to which programs the mentor belongs.
    """
    command = command_of(LeaveProgram, mentor=mentor, program=program, by=by)
    say(mentor, asyncio.run(_of_program(load(), command, by)), json=json)


async def _of_program(settings: Settings, command: JoinProgram | LeaveProgram, by: str) -> tuple[str, ...]:
    """Raises NoSuchProgram, NoSuchMentor, Rejected."""
    async with database(settings) as pool:
        await newest(pool, ProgramId(command.program))
    return await carry_out(settings, (command,), by)
