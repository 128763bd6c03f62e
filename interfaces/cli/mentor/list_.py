"""`trellis mentor list`: the mentors of a program, with their profiles."""

from datetime import UTC, datetime

from domain.ids import ProgramId
from interfaces.cli.answers import print_answer
from interfaces.cli.options import Json, Program
from interfaces.cli.reaching import api, received
from interfaces.cli.screen import out, print_listing
from queries.mentors import Mentor, listing


def list_(program: Program, *, json: Json = False) -> None:
    """List the mentors whom a program may use, with their profiles.

    These are its own, and mentors of whom nobody has said to which programs they belong.
    """
    with api() as trellis:
        found = list(trellis.iterate_mentors(program))
    if json:
        print_answer(found)
    elif not found:
        out().print(f"No mentors are known yet. To add some: trellis mentor add {program} FILE", markup=False)
    else:
        print_listing(listing(received(list[Mentor], found), ProgramId(program), datetime.now(UTC)))
