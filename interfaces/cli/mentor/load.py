"""`trellis mentor load`: how many learners each mentor has."""

from interfaces.cli.answers import print_answer
from interfaces.cli.options import Json, Program
from interfaces.cli.reaching import api, names
from interfaces.cli.screen import out, print_listing
from queries.listing import Listing


def load_of_mentors(program: Program, *, json: Json = False) -> None:
    """List how many learners each mentor has now and had before, highest first."""
    with api() as trellis:
        found = trellis.list_mentor_load(program)
        names_by_id = {} if json else names(trellis, [one.mentor for one in found])
    if json:
        print_answer(found)
    elif not found:
        out().print("No mentors have been matched yet.")
    else:
        rows = [(one.mentor, names_by_id.get(one.mentor, ""), one.learners, one.ever - one.learners) for one in found]
        print_listing(Listing(f"Mentors of {program}", ("mentor", "name", "learners now", "before"), rows))
