"""`trellis mentor list`: the mentors of a program, with their profiles."""

import asyncio
from datetime import UTC, datetime

from domain.ids import ProgramId
from interfaces.cli.connected import database
from interfaces.cli.options import Json, Program
from interfaces.cli.screen import out, print_json, print_listing
from kits.lookup import newest
from queries.mentors import Mentor, listing, mentors
from settings import Settings, load


def list_(program: Program, *, json: Json = False) -> None:
    """List the mentors whom a program may use, with their profiles.

    These are its own, and mentors of whom nobody has said to which programs they belong.
    """
    found = asyncio.run(_list(load(), ProgramId(program)))
    if json:
        print_json(found)
    elif not found:
        out().print(f"No mentors are known yet. To add some: trellis mentor add {program} FILE", markup=False)
    else:
        print_listing(listing(found, program, datetime.now(UTC)))


async def _list(settings: Settings, program: ProgramId) -> list[Mentor]:
    """Raises NoSuchProgram."""
    async with database(settings) as pool:
        await newest(pool, program)
        return await mentors(pool, program)
