"""`trellis capacity`: what a program's mentors can take on, the coming weeks, who waits; and the reviews of it."""

from typing import Annotated

import typer
from rich.markup import escape

from client.api import Trellis
from domain.capacity_review import CapacityReviewed
from domain.ids import ProgramId
from interfaces.cli.answers import print_answer
from interfaces.cli.options import Json, Program
from interfaces.cli.reaching import api, names, received
from interfaces.cli.screen import out, print_listing
from projections.capacity import WEEKS, Capacity
from queries import capacity as queries

_Weeks = Annotated[int, typer.Option(min=1, max=52, help="How many weeks to look ahead.")]
_Reviews = Annotated[bool, typer.Option("--reviews", help="Show the recorded reviews instead, the newest first.")]


def capacity(program: Program, *, weeks: _Weeks = WEEKS, reviews: _Reviews = False, json: Json = False) -> None:
    """Show what mentors can take on, the coming weeks, and who waits.

    Places and minutes a week of each mentor, against the target and the limit of the kit; the minutes that the plans
    of all journeys ask for; and when those who wait for a mentor can expect one. Reviews are recorded at the interval
    that the kit sets.
    """
    with api() as trellis:
        if reviews:
            _show_reviews(trellis, program, json=json)
        else:
            _show_now(trellis, program, weeks, json=json)


def _show_reviews(trellis: Trellis, program: str, *, json: bool) -> None:
    answer = trellis.list_capacity_reviews(program)
    if json:
        print_answer(answer)
        return
    recorded = received(list[CapacityReviewed], answer)
    over_limit = {one for review in recorded for one in review.figures.over_limit}
    print_listing(queries.reviews_listing(ProgramId(program), recorded, names(trellis, over_limit)))


def _show_now(trellis: Trellis, program: str, weeks: int, *, json: bool) -> None:
    answer = trellis.get_capacity(program, weeks=weeks)
    if json:
        print_answer(answer)
        return
    found = received(Capacity, answer)
    out().print(escape(queries.headline(found)), escape(queries.waiting_in_words(found)), "", sep="\n", soft_wrap=True)
    for listing in queries.listings(found, names(trellis, [one.learner for one in found.waiting])):
        print_listing(listing)
