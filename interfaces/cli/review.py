"""`trellis review`: the monthly review of a program, to read, draft, complete and release."""

from typing import Annotated

import typer

from client.api import Trellis
from client.api.models import MonthlyReviewAnswer
from interfaces.cli.answers import print_answer, write
from interfaces.cli.options import Json, Program
from interfaces.cli.quick import Grid, Line, Row, show
from interfaces.cli.reaching import api


def review(
    program: Program,
    *,
    month: Annotated[
        str | None, typer.Option(help="The month, as 2026-11. Default: the last one that is over.")
    ] = None,
    draft: Annotated[
        bool, typer.Option("--draft", help="Put its figures together now; an earlier draft is replaced.")
    ] = False,
    note: Annotated[str | None, typer.Option(help="Words to add to it, before it is released.")] = None,
    release: Annotated[
        bool,
        typer.Option(
            "--release", help="Stand behind it: it changes no more, and whom the kit names gets it by letter."
        ),
    ] = False,
    months: Annotated[
        bool, typer.Option("--list", help="List the months that were drafted or released instead.")
    ] = False,
    by: Annotated[str | None, typer.Option(help="Who does this, such as ops:ana. It is recorded.")] = None,
    json: Json = False,
) -> None:
    """Show, draft, complete, or release the monthly review of a program.

    What changed, why, and what it did to those who came next; the measures, capacity, and cases of the month. A
    schedule drafts it after the end of each month where the kit has `monthly_review`. Options that change something
    are carried out in the order draft, note, release.
    """
    with api() as trellis:
        if months:
            _list(trellis, program, json=json)
            return
        wanted = month or trellis.list_monthly_reviews(program, limit=1).month
        found = _changed(trellis, program, wanted, draft=draft, note=note, by=by)
        if release:
            read = found or trellis.get_monthly_review(program, wanted)
            found = trellis.release_monthly_review(program, wanted, draft=read.draft, by=by)
        found = found or trellis.get_monthly_review(program, wanted)
    if json:
        print_answer(found)
    else:
        write(found.text)


def _changed(
    trellis: Trellis, program: str, month: str, *, draft: bool, note: str | None, by: str | None
) -> MonthlyReviewAnswer | None:
    """None: nothing was to be changed."""
    found = trellis.draft_monthly_review(program, month, by=by) if draft else None
    return trellis.add_note_to_review(program, month, text=note, by=by) if note else found


def _list(trellis: Trellis, program: str, *, json: bool) -> None:
    found = trellis.list_monthly_reviews(program)
    if json:
        print_answer(found)
        return
    rows = [
        Row(
            (
                *(one.month, str(one.draft), str(one.notes)),
                f"{one.released_at:%d %b %Y} by {one.released_by}" if one.released_at else "no",
                f"{one.sent} of {one.letters}" if one.released_at else "",
            )
        )
        for one in found.reviews
    ]
    show(
        Grid(("month", "draft", "notes", "released", "letters sent"), rows)
        if rows
        else Line("No month is drafted yet.")
    )
