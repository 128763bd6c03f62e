"""`trellis funnel`: how many come how far, how many there are of each segment, and where the intake loses people."""

from datetime import datetime
from typing import Annotated

import typer

from interfaces.cli.answers import print_answer
from interfaces.cli.days import plausible
from interfaces.cli.options import Json
from interfaces.cli.reaching import api, received
from interfaces.cli.screen import out, print_listing
from queries.funnel import Overview, listings

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
    first, end = since.date() if since else None, until.date() if until else None
    with api() as trellis:
        found = trellis.get_funnel(program=program, segment=segment, since=first, until=end)
    if json:
        print_answer(found)
    else:
        _show(received(Overview, found))


def _show(found: Overview) -> None:
    if not (found.steps or found.segments or found.questions):
        out().print(f"No learners started between {found.since} and {found.until}.")
        return
    for listing in listings(found):
        print_listing(listing)
