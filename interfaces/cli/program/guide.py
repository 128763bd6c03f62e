"""`trellis program guide`: a text, a checklist or a form of a kit, to read where it is needed."""

import asyncio
from typing import Annotated

import typer

from channels.lines import harmless
from domain.ids import ProgramId
from domain.kit import Kit
from interfaces.cli.answers import write
from interfaces.cli.connected import database
from interfaces.cli.options import Json
from interfaces.cli.screen import complain, out, print_json
from kits.guides import NoSuchGuide, find, guides
from kits.lookup import in_folder, newest, of_program
from runtime.exits import Exit
from settings import Settings, load
from store.kits import read

_Program = Annotated[str, typer.Argument(help="The id of a published program, or the folder of a kit.")]
_Name = Annotated[
    str | None,
    typer.Argument(help="The name of a text, checklist, or template, or the end of its name. Default: list all."),
]
_Version = Annotated[str | None, typer.Option("--version", help="The published version. Default: the current one.")]


def guide(program: _Program, name: _Name = None, *, version: _Version = None, json: Json = False) -> None:
    """List or read the guides, checklists, sample notes, and forms of a program.

    Without a name, lists them and says who each one is for. Exit code 2: there is no text of this name.
    """
    kit = in_folder(program) or asyncio.run(_published(load(), program, version))
    if name is None:
        found = list(guides(kit))
        if json:
            print_json([{"name": one.name, "title": one.title, "kind": one.kind, "used": one.used} for one in found])
        for one in () if json else found:
            says = f"{one.title}: {one.used}" if one.used else one.title
            out().print(f"{one.name:<40} {says}", markup=False, soft_wrap=True)
        return
    try:
        one = find(kit, name)
    except NoSuchGuide as error:
        complain(error)
        raise typer.Exit(Exit.BAD_INPUT) from None
    if json:
        print_json(one)
    else:
        write(harmless(one.text).rstrip("\n") + "\n")


async def _published(settings: Settings, program: str, version: str | None) -> Kit:
    async with database(settings) as pool:
        if version is None:
            return await newest(pool, ProgramId(program))
        return read(await of_program(pool, program, version))
