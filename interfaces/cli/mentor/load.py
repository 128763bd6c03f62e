"""`trellis mentor load`: how many learners each mentor has."""

import asyncio

from domain.ids import ProgramId
from interfaces.cli.connected import database
from interfaces.cli.options import Json, Program
from interfaces.cli.screen import out, print_json, print_listing
from projections.views.mentor_load import Load, loads
from queries.listing import Listing
from settings import Settings, load
from store.people import names_of


def load_of_mentors(program: Program, *, json: Json = False) -> None:
    """List how many learners each mentor has now and had before, highest first."""
    found, names_by_id = asyncio.run(_loads(load(), ProgramId(program)))
    if json:
        print_json(found)
    elif not found:
        out().print("No mentors have been matched yet.")
    else:
        rows = [(one.mentor, names_by_id.get(one.mentor, ""), one.learners, one.ever - one.learners) for one in found]
        print_listing(Listing(f"Mentors of {program}", ("mentor", "name", "learners now", "before"), rows))


async def _loads(settings: Settings, program: ProgramId) -> tuple[list[Load], dict[str, str]]:
    async with database(settings) as pool:
        found = await loads(pool, program)
        return found, await names_of(pool, [one.mentor for one in found])
