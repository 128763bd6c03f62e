"""`trellis program use`: make a version the one that new journeys follow."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.markup import escape

from domain.ids import KitDigest, ProgramId
from domain.program import PublishKit
from interfaces.cli.connected import database
from interfaces.cli.options import By, Json, Program
from interfaces.cli.screen import out, print_json
from kits.lookup import newest_published, of_program
from services.enrolling import Enrollment
from settings import Settings, load
from store.kits import PublishedKit

_Version = Annotated[str, typer.Argument(help="A published version, or its digest.")]


def use(program: Program, version: _Version, *, by: By = "ops", json: Json = False) -> None:
    """Choose which published version new journeys use.

    Journeys that have started keep the version they have. Exit code 1: no such version has been published.
    """
    before, now = asyncio.run(_use(load(), program, version, by))
    changed = before.digest != now.digest
    if json:
        print_json({"program": program, "version": now.version, "digest": now.digest, "before": before.version})
        return
    says = f"New journeys of {program} use version {now.version}" + (
        f" from now on, instead of {before.version}. Journeys that have started keep theirs."
        if changed
        else " already."
    )
    out().print(escape(says), soft_wrap=True)


async def _use(settings: Settings, program: str, version: str, by: str) -> tuple[PublishedKit, PublishedKit]:
    """What was current before, and what is now."""
    async with database(settings) as pool:
        before = await newest_published(pool, ProgramId(program))
        wanted = await of_program(pool, program, version)
        if before.digest != wanted.digest:
            for one in (before, wanted):  # the stream may not know of the former yet
                command = PublishKit(kit=KitDigest(one.digest), version=one.version, by=by)
                await Enrollment(pool).handle(ProgramId(program), command, datetime.now(UTC))
        return before, wanted
