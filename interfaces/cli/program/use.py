"""`trellis program use`: make a version the one that new journeys follow."""

from typing import Annotated

import typer
from rich.markup import escape

from interfaces.cli.options import By, Json, Program
from interfaces.cli.reaching import api
from interfaces.cli.screen import out, print_json

_Version = Annotated[str, typer.Argument(help="A published version, or its digest.")]


def use(program: Program, version: _Version, *, by: By = "ops", json: Json = False) -> None:
    """Choose which published version new journeys use.

    Journeys that have started keep the version they have. Exit code 1: no such version has been published.
    """
    with api() as trellis:
        now = trellis.use_version(program, version, by=by)
    if json:
        print_json({"program": program, "version": now.version, "digest": now.digest, "before": now.before})
        return
    says = f"New journeys of {program} use version {now.version}" + (
        f" from now on, instead of {now.before}. Journeys that have started keep theirs."
        if now.changed
        else " already."
    )
    out().print(escape(says), soft_wrap=True)
