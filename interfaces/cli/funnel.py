"""`trellis funnel`: how many come how far, how many there are of each segment, and where the intake loses people."""

import asyncio
from datetime import date, datetime
from typing import Annotated

import typer

from interfaces.cli.connected import database
from interfaces.cli.days import plausible
from interfaces.cli.screen import out, print_json, print_listing
from queries.funnel import Overview, listings, overview
from settings import Settings, load

_Program = Annotated[str | None, typer.Option(help="Only this program.")]
_Segment = Annotated[str | None, typer.Option(help="The stages of this segment alone, by its id in the kit.")]
_Since = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], callback=plausible, help="The first day; else 12 weeks ago.")
]
_Until = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], callback=plausible, help="The first day left out; else tomorrow."),
]
_Json = Annotated[bool, typer.Option("--json", help="Print it as JSON.")]


def funnel(
    *,
    program: _Program = None,
    segment: _Segment = None,
    since: _Since = None,
    until: _Until = None,
    json: _Json = False,
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
        out().print(f"nobody began from {found.since} until {found.until}")
        return
    for listing in listings(found):
        print_listing(listing)
