"""`trellis publish`: make a kit the one that new journeys follow."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from domain.kit import Kit
from domain.values import counted
from interfaces.cli.connected import database
from interfaces.cli.findings import say_findings
from interfaces.cli.options import Json
from interfaces.cli.screen import out, print_json
from kits.loading import read_kit
from kits.problems import Finding
from services import publishing
from services.publishing import Published
from settings import Settings, load

_Folder = Annotated[Path, typer.Argument(help="The folder with the kit's program.yaml, or that file.")]
_Check = Annotated[bool, typer.Option("--check", help="Only check the kit and publish nothing. Needs no server.")]


def publish(kit: _Folder, *, check: _Check = False, json: Json = False) -> None:
    """Publish a program kit. New journeys use it from then on.

    Journeys that have started keep the version they have. Publishing the same content again changes nothing, not even
    which version is current: use `trellis program use` for that. Warnings are shown and do not prevent publishing.
    Exit code 2: the kit has problems; each one is shown with its line.
    """
    reading = read_kit(kit)
    read = reading.kit
    done = None if check else asyncio.run(_publish(load(), read))
    new, current = (done.new, done.current) if done else (None, None)
    if json:
        facts = {"program": read.program, "version": read.version, "digest": read.digest, "new": new}
        followed = {} if current is None else {"current": current}
        print_json({**facts, **followed, "warnings": [*map(Finding.of, reading.warnings)]})
    else:
        say_findings(reading.warnings)
        _say(read, new, current)


async def _publish(settings: Settings, kit: Kit) -> Published:
    async with database(settings) as pool:
        return await publishing.publish(pool, kit)


def _say(kit: Kit, new: bool | None, current: str | None) -> None:
    done = {None: "is valid", True: "is published", False: "is already published"}[new]
    out().print(f"[bold]{escape(kit.title)}[/] ({kit.program} {kit.version}, {kit.digest[:12]}) {done}", soft_wrap=True)
    if new is False and current == kit.version:
        out().print(f"  Nothing changed. New journeys still use version {current}.", markup=False, soft_wrap=True)
    elif new is False:
        says = f"New journeys still use version {current}. To switch: trellis program use {kit.program} {kit.version}"
        out().print(f"  {says}", markup=False, soft_wrap=True)
    for pathway in kit.pathways:
        work = f"{counted(len(pathway.sessions), 'session')}, {counted(len(pathway.milestones), 'milestone')}"
        out().print(f"  {pathway.id:<14} {work}, mentor: {pathway.mentor_type}", markup=False, soft_wrap=True)
    out().print(
        f"  {counted(len(kit.intake.questions), 'intake question')}, {counted(len(kit.escalations), 'escalation')}"
    )
