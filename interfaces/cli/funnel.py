"""`trellis funnel`: how many come how far, how many there are of each segment, and where the intake loses people."""

import asyncio
from datetime import date, datetime
from typing import Annotated

import typer

from interfaces.cli.connected import database
from interfaces.cli.days import plausible
from interfaces.cli.options import Json
from interfaces.cli.screen import out, print_json, print_listing
from queries.funnel import Overview, listings, overview
from settings import Settings, load

_Program = Annotated[str | None, typer.Option(help="Only this program (id).")]
_Segment = Annotated[str | None, typer.Option(help="Show the stages for this segment only (its id in the kit).")]
_Since = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], callback=plausible, help="The first day. Default: 12 weeks ago."),
]
_Until = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], callback=plausible, help="The day after the last one. Default: tomorrow."),
]


def funnel(
    *,
    program: _Program = None,
    segment: _Segment = None,
    since: _Since = None,
    until: _Until = None,
    json: Json = False,
) -> None:
    """Show how many learners enter and leave each stage, week by week.

    Also shows the segments, and for each intake question how many learners were asked, how many answered, and where
    those stopped who have not submitted the form or gave it up.
    """
    days = (since.date() if since else None, until.date() if until else None)
    found = asyncio.run(_funnel(load(), program, segment, days))
    if json:
        print_json(found)
    else:
        _show(found)


async def _funnel(
    settings: Settings, program: str | None, segment: str | None, days: tuple[date | None, date | None]
) -> Overview:
    async with database(settings) as pool:
        return await overview(pool, program, segment, *days)


def _show(found: Overview) -> None:
    if not (found.steps or found.segments or found.questions):
        out().print(f"No learners started between {found.since} and {found.until}.")
        return
    for listing in listings(found):
        print_listing(listing)
