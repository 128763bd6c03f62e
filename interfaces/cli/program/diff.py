"""`trellis program diff`: what is different in another version, in words."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, NamedTuple

import typer
from rich.markup import escape

from client.api import Trellis
from domain.kit import Kit
from domain.words import by_role
from interfaces.cli.address import servers_are_elsewhere
from interfaces.cli.connected import database
from interfaces.cli.options import Json
from interfaces.cli.payload import BadCommandError
from interfaces.cli.reaching import api
from interfaces.cli.screen import out, print_json
from kits.diff import Difference, differences
from kits.loading import load_kit
from kits.lookup import in_folder, published
from settings import Settings, load
from store.kits import read

_WHICH = "The old kit: a folder, or the PROGRAM@VERSION or digest of a published kit."
_Old = Annotated[str, typer.Argument(help=_WHICH)]
_New = Annotated[str, typer.Argument(help="The new kit, in the same form.")]


def diff(old: _Old, new: _New, *, json: Json = False) -> None:
    """Explain what changes, and for whom, between two kits.

    Comparing two folders needs no server. Exit code 0, whether or not there are differences.
    """
    before, after = (_of_folder(in_folder(name)) or name for name in (old, new))
    if isinstance(before, str) or isinstance(after, str):
        elsewhere = servers_are_elsewhere()
        before, after = _fetched((before, after)) if elsewhere else asyncio.run(_published(load(), (before, after)))
    found = differences(before.kit, after.kit)
    if json:
        print_json({"old": before.digest, "new": after.digest, "differences": found})
    else:
        _say(before.kit, after.kit, found)


class _Named(NamedTuple):
    kit: Kit
    digest: str
    """Of a published one, that under which it was published."""


def _of_folder(kit: Kit | None) -> _Named | None:
    return _Named(kit, kit.digest) if kit else None


def _fetched(named: tuple[_Named | str, _Named | str]) -> tuple[_Named, _Named]:
    """From a service. Raises BadCommandError for a digest: without the program it has no address there."""
    with api() as trellis:
        before, after = (_of_service(trellis, one) if isinstance(one, str) else one for one in named)
    return before, after


def _of_service(trellis: Trellis, name: str) -> _Named:
    program, at, version = name.partition("@")
    if not at:
        raise BadCommandError(f"{name!r} is no folder; a kit of a remote service is named PROGRAM@VERSION")
    with TemporaryDirectory(prefix="trellis-") as folder:
        for place, text in trellis.get_version_files(program, version).files.items():
            file = Path(folder, place)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        kit = load_kit(Path(folder))
    return _Named(kit, kit.digest)


async def _published(settings: Settings, named: tuple[_Named | str, _Named | str]) -> tuple[_Named, _Named]:
    async def of(one: _Named | str) -> _Named:
        if isinstance(one, _Named):
            return one
        found = await published(pool, one)
        return _Named(read(found), found.digest)

    async with database(settings) as pool:
        return await of(named[0]), await of(named[1])


def _say(old: Kit, new: Kit, found: Sequence[Difference]) -> None:
    console = out()
    console.print(f"[bold]{escape(new.title)}[/]: from {old.program} {old.version} to {new.program} {new.version}")
    if not found:
        console.print("Nothing changes: both kits run every journey in the same way.")
    for whom in ("learner", "mentor", "ops", "all"):
        those = [one for one in found if one.whom == whom]
        if those:
            console.print(f"\n[bold]For {'everybody' if whom == 'all' else by_role(whom)}[/]")
        for one in those:
            console.print(f"  {escape(one.says)}  [dim]{escape(_places(one))}[/]", soft_wrap=True)


def _places(one: Difference) -> str:
    """In both files, the old one first."""
    return " \N{RIGHTWARDS ARROW} ".join(place for place in (one.before, one.after) if place)
