"""`trellis return`: what a program promised, what it delivered, and at what mentor cost."""

import asyncio
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from domain.ids import ProgramId
from interfaces.cli.days import plausible
from interfaces.cli.screen import out, print_json, print_listing
from settings import Settings, load

if TYPE_CHECKING:
    from queries.returns import Return

_Program = Annotated[str, typer.Argument(help="The program; its kit has been published.")]
_Since = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], callback=plausible, help="Of those who began on this day or later."),
]
_Until = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], callback=plausible, help="Of those who began before this day.")
]
_Json = Annotated[bool, typer.Option("--json", help="Print it as JSON.")]


def return_(program: _Program, *, since: _Since = None, until: _Until = None, json: _Json = False) -> None:
    """The promise in the kit's own words; beside it, what was delivered; and the hours that mentors gave for it.

    It tells of those who began in that time, and of all that came of it until now.
    """
    days = (since.date() if since else None, until.date() if until else None)
    told = asyncio.run(_told(load(), ProgramId(program), days))
    if json:
        print_json(told)
    else:
        _show(told)


async def _told(settings: Settings, program: ProgramId, days: tuple[date | None, date | None]) -> "Return":
    from interfaces.cli.connected import database
    from queries.returns import program_return

    async with database(settings) as pool:
        return await program_return(pool, program, *days)


def _show(told: "Return") -> None:
    from queries.returns import introduction, listings

    out().print(f"[bold]{escape(told.title)}[/]: {escape(introduction(told))}", "")
    for listing in listings(told):
        print_listing(listing)
