"""`trellis return`: what a program promised, what it delivered, and at what mentor cost."""

from datetime import datetime
from typing import Annotated

import typer
from rich.markup import escape

from interfaces.cli.answers import print_answer
from interfaces.cli.days import plausible
from interfaces.cli.options import Json, Program
from interfaces.cli.reaching import api, received
from interfaces.cli.screen import out, print_listing
from queries.returns import Return, introduction, listings

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
    first, end = since.date() if since else None, until.date() if until else None
    with api() as trellis:
        told = trellis.get_program_return(program, since=first, until=end)
    if json:
        print_answer(told)
    else:
        _show(received(Return, told))


def _show(told: Return) -> None:
    out().print(f"[bold]{escape(told.title)}[/]: {escape(introduction(told))}", "")
    for listing in listings(told):
        print_listing(listing)
