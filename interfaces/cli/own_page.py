"""`trellis own-page`: links to the own pages of learners and mentors."""

from typing import Annotated

import typer

from interfaces.cli.answers import print_answer
from interfaces.cli.options import Json
from interfaces.cli.quick import Line, show
from interfaces.cli.reaching import api

app = typer.Typer(
    help="Make links to the own pages of learners and mentors, and make links invalid.", no_args_is_help=True
)
_Person = Annotated[str, typer.Argument(help="The id of a learner or a mentor.")]


@app.command()
def link(person: _Person, *, json: Json = False) -> None:
    """Print a new link to somebody's own page.

    Whoever has it acts as that person: give it to them alone. It works for 60 days.
    """
    with api() as trellis:
        found = trellis.make_own_page_link(person)
    print_answer(found) if json else show(Line(found.address))


@app.command()
def revoke(person: _Person, *, json: Json = False) -> None:
    """Make all links to somebody's own page invalid, also those in letters.

    The next letter has one that works.
    """
    with api() as trellis:
        done = trellis.revoke_own_page_links(person)
    print_answer(done) if json else show(Line(f"No link that was made for {done.person} so far works any more."))
