"""`trellis views`: saved views of the table of journeys."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer

from client.api.models import SavedViewShown
from domain.words import distance
from interfaces.cli.answers import print_answer
from interfaces.cli.options import Json
from interfaces.cli.quick import Grid, Line, Row, show
from interfaces.cli.reaching import api

app = typer.Typer(help="Keep filters and an order of journeys under a name.", no_args_is_help=True)


@app.command("list")
def list_(*, json: Json = False) -> None:
    """List your saved views and those that are shared with you."""
    with api() as trellis:
        found = trellis.list_saved_views()
    print_answer(found) if json else show(*_listed(found))


@app.command()
def save(
    name: Annotated[str, typer.Argument(help="What it is called. One of yours with this name is replaced.")],
    query: Annotated[
        str, typer.Argument(help="The filters and the order: program=job-ready&stage=sessions&sort=since.")
    ],
    *,
    shared: Annotated[bool, typer.Option("--shared", help="Let everybody see it who may use its program.")] = False,
    json: Json = False,
) -> None:
    """Save filters and an order under a name, for the table of journeys."""
    with api() as trellis:
        saved = trellis.save_view(name=name, query=query, shared=shared)
    print_answer(saved) if json else show(Line(f"Saved {saved.name}: {saved.query or 'all journeys'} ({saved.id})."))


@app.command()
def delete(
    view: Annotated[str, typer.Argument(help="The view's id, as `trellis views list` shows it.")], *, json: Json = False
) -> None:
    """Delete a saved view. Nothing but the view is deleted."""
    with api() as trellis:
        trellis.delete_saved_view(view)
    print_answer({"deleted": view}) if json else show(Line(f"The view {view} is deleted."))


def _listed(found: Sequence[SavedViewShown]) -> Iterator[Line | Grid]:
    if not found:
        yield Line("No view is saved. Save one with `trellis views save NAME QUERY`, or on the page of journeys.")
        return
    now = datetime.now(UTC)
    yield Grid(
        ("view", "name", "filters and order", "of", "saved"),
        [Row((one.id, one.name, one.query or "all", _owner(one), distance(one.saved_at, now))) for one in found],
    )


def _owner(one: SavedViewShown) -> str:
    return f"{'you' if one.mine else one.owner}{', shared' if one.shared else ''}"
