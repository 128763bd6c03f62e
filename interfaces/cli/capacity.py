"""`trellis capacity`: what a program's mentors can take on, the coming weeks, who waits; and the reviews of it."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.markup import escape

from domain.capacity_review import CapacityReviewed
from domain.ids import ProgramId
from interfaces.cli.connected import database
from interfaces.cli.options import Json, Program
from interfaces.cli.screen import out, print_json, print_listing
from kits.lookup import newest_published
from projections.capacity import WEEKS, Capacity
from queries import capacity as queries
from queries.listing import Listing
from settings import Settings, load

_Weeks = Annotated[int, typer.Option(min=1, max=52, help="How many weeks to look ahead.")]
_Reviews = Annotated[bool, typer.Option("--reviews", help="Show the recorded reviews instead, the newest first.")]


def capacity(program: Program, *, weeks: _Weeks = WEEKS, reviews: _Reviews = False, json: Json = False) -> None:
    """Show what mentors can take on, the coming weeks, and who waits.

    Places and minutes a week of each mentor, against the target and the limit of the kit; the minutes that the plans
    of all journeys ask for; and when those who wait for a mentor can expect one. Reviews are recorded at the interval
    that the kit sets.
    """
    if reviews:
        recorded, listing = asyncio.run(_reviews(load(), ProgramId(program)))
        print_json(recorded) if json else print_listing(listing)
        return
    found, listings = asyncio.run(_now(load(), ProgramId(program), weeks))
    print_json(found) if json else _show(found, listings)


async def _now(settings: Settings, program: ProgramId, weeks: int) -> tuple[Capacity, Sequence[Listing]]:
    async with database(settings) as pool:
        found = await queries.now(pool, program, weeks)
        return found, await queries.listings(pool, found)


async def _reviews(settings: Settings, program: ProgramId) -> tuple[list[CapacityReviewed], Listing]:
    async with database(settings) as pool:
        await newest_published(pool, program)
        found = await queries.reviews(pool, program)
        return found, await queries.reviews_listing(pool, program, found)


def _show(found: Capacity, listings: Sequence[Listing]) -> None:
    out().print(escape(queries.headline(found)), escape(queries.waiting_in_words(found)), "", sep="\n", soft_wrap=True)
    for listing in listings:
        print_listing(listing)
