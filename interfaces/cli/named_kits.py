"""Kits as commands name them: a folder, or the PROGRAM@VERSION or digest of a published one."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from client.api import Trellis
from domain.kit import Kit
from interfaces.cli.address import servers_are_elsewhere
from interfaces.cli.connected import database
from interfaces.cli.payload import BadCommandError
from interfaces.cli.reaching import api
from kits.loading import load_kit
from kits.lookup import in_folder, published
from settings import Settings, load
from store.kits import read


class NamedKit(NamedTuple):
    kit: Kit
    digest: str
    """Of a published one, that under which it was published."""


def kits_named(names: Sequence[str]) -> list[NamedKit]:
    """In their order. Servers are asked only for kits that are no folders.

    Raises:
        BadFileError: when a kit in a folder does not hold together.
        NoSuchKit: when no kit is published under a name.
        BadCommandError: for a digest, of a service over the network: without the program it has no address there.
    """
    found = [_of_folder(in_folder(name)) or name for name in names]
    if not any(isinstance(one, str) for one in found):
        return [one for one in found if not isinstance(one, str)]
    return _fetched(found) if servers_are_elsewhere() else asyncio.run(_published(load(), found))


def _of_folder(kit: Kit | None) -> NamedKit | None:
    return NamedKit(kit, kit.digest) if kit else None


def _fetched(named: Sequence[NamedKit | str]) -> list[NamedKit]:
    with api() as trellis:
        return [_of_service(trellis, one) if isinstance(one, str) else one for one in named]


def _of_service(trellis: Trellis, name: str) -> NamedKit:
    program, at, version = name.partition("@")
    if not at:
        raise BadCommandError(f"{name!r} is no folder; a kit of a remote service is named PROGRAM@VERSION")
    with TemporaryDirectory(prefix="trellis-") as folder:
        for place, text in trellis.get_version_files(program, version).files.items():
            file = Path(folder, place)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        kit = load_kit(Path(folder))
    return NamedKit(kit, kit.digest)


async def _published(settings: Settings, named: Sequence[NamedKit | str]) -> list[NamedKit]:
    async with database(settings) as pool:
        found = []
        for one in named:
            if isinstance(one, str):
                kit = await published(pool, one)
                found.append(NamedKit(read(kit), kit.digest))
            else:
                found.append(one)
        return found
