"""`trellis return`: what a program promised, what it delivered, and at what mentor cost."""

import asyncio
from datetime import date, datetime
from typing import Annotated

import typer
from rich.markup import escape

from domain.ids import ProgramId
from interfaces.cli.connected import database
from interfaces.cli.days import plausible
from interfaces.cli.options import Json, Program
from interfaces.cli.screen import out, print_json, print_listing
from queries.returns import Return, introduction, listings, program_return
from settings import Settings, load

_Since = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], callback=plausible, help="Count learners who started on or after this day."),
]
_Until = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], callback=plausible, help="Count learners who started before this day."),
]


def return_(program: Program, *, since: _Since = None, until: _Until = None, json: Json = False) -> None:
    """Compare what a program promised with what it delivered.

    Shows the promise in the kit's own words, the results, and the hours that mentors gave for them. Counts the
    learners who began in the given period, and all their results until now.
    """
    days = (since.date() if since else None, until.date() if until else None)
    told = asyncio.run(_told(load(), ProgramId(program), days))
    if json:
        print_json(told)
    else:
        _show(told)


async def _told(settings: Settings, program: ProgramId, days: tuple[date | None, date | None]) -> Return:
    async with database(settings) as pool:
        return await program_return(pool, program, *days)


def _show(told: Return) -> None:
    out().print(f"[bold]{escape(told.title)}[/]: {escape(introduction(told))}", "")
    for listing in listings(told):
        print_listing(listing)
