"""`trellis mentor acknowledge`, `trellis mentor training`: the training of a program's mentors, step by step."""

from typing import Annotated

import typer

from interfaces.cli.answers import print_answer
from interfaces.cli.options import Json, Program
from interfaces.cli.reaching import api, names, received
from interfaces.cli.screen import out, print_json, print_listing
from services.training import Standing, listing


def acknowledge(
    mentor: Annotated[str, typer.Argument(help="The mentor's id.")],
    step: Annotated[str, typer.Argument(help="The training step: the name of its text in the kit.")],
    *,
    program: Annotated[str, typer.Option(help="The program that the training belongs to.")],
    by: Annotated[str, typer.Option(help="Who reports this, such as mentor:ana or ops. It is recorded.")] = "ops",
    json: Json = False,
) -> None:
    """Record that a mentor has completed a step of the program's training.

    Repeating this changes nothing. Exit code 1: the newest kit has no such step. Exit code 2: the mentor's id or --by
    is invalid.
    """
    with api() as trellis:
        new = trellis.acknowledge_training(program, mentor, step, by=by).new
        known = {} if json else names(trellis, [mentor])
    if json:
        print_json({"mentor": mentor, "program": program, "step": step, "new": new})
    else:
        name = known.get(mentor, "no mentor with this id is known yet")
        said = "acknowledged" if new else "had already acknowledged"
        out().print(f"{mentor} ({name}) {said}: {step}", markup=False)


def training(program: Program, *, json: Json = False) -> None:
    """Show every mentor's progress through the training of the newest kit."""
    with api() as trellis:
        found = trellis.get_training(program)
    if json:
        print_answer(found)
    else:
        _show(received(Standing, found))


def _show(found: Standing) -> None:
    if not found.steps:
        out().print(f"{found.program} {found.version} has no mentor training.", markup=False)
    elif not found.mentors:
        out().print("No mentors are known yet. To add some: trellis mentor add")
    else:
        print_listing(listing(found))
        ready = sum(one.ready for one in found.mentors)
        out().print(f"{ready} of {len(found.mentors)} mentors have completed the training.")
