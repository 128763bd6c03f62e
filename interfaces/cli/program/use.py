"""`trellis program use`: make a version the one that new journeys follow."""

import asyncio
from typing import Annotated

import typer
from rich.markup import escape

from domain.ids import ProgramId
from interfaces.cli.connected import database
from interfaces.cli.options import By, Json, Program
from interfaces.cli.screen import out, print_json
from services import publishing
from services.publishing import Switched
from settings import Settings, load

_Version = Annotated[str, typer.Argument(help="A published version, or its digest.")]


def use(program: Program, version: _Version, *, by: By = "ops", json: Json = False) -> None:
    """Choose which published version new journeys use.

    Journeys that have started keep the version they have. Exit code 1: no such version has been published.
    """
    switched = asyncio.run(_use(load(), program, version, by))
    before, now = switched.before, switched.now
    if json:
        print_json({"program": program, "version": now.version, "digest": now.digest, "before": before.version})
        return
    says = f"New journeys of {program} use version {now.version}" + (
        f" from now on, instead of {before.version}. Journeys that have started keep theirs."
        if switched.changed
        else " already."
    )
    out().print(escape(says), soft_wrap=True)


async def _use(settings: Settings, program: str, version: str, by: str) -> Switched:
    async with database(settings) as pool:
        return await publishing.use(pool, ProgramId(program), version, by)
