"""Finds a kit by a folder, by the digest of a published one, or by a program and a version."""

import re
from pathlib import Path

from domain.ids import ProgramId
from domain.kit import Kit
from kits.loading import load_kit
from store import kits
from store.database import Executor
from store.errors import StoreError
from store.kits import PublishedKit

_DIGEST = re.compile(r"^[0-9a-f]{7,64}$")


class NoSuchKit(StoreError):
    """No kit is published under this name."""


class NoSuchProgram(StoreError):
    """No kit of this program is published."""


async def newest(pool: Executor, program: ProgramId) -> Kit:
    """The kit that new journeys of the program follow.

    Raises:
        NoSuchProgram: with the programs that there are.
    """
    return kits.read(await newest_published(pool, program))


async def newest_published(pool: Executor, program: ProgramId) -> PublishedKit:
    """The same, with the digest under which it was published.

    Raises:
        NoSuchProgram: with the programs that there are.
    """
    if found := await kits.latest(pool, program):
        return found
    there = ", ".join(one.program for one in await kits.programs(pool)) or "none yet"
    raise NoSuchProgram(
        f"no kit of the program {program!r} is published; there are: {there}. trellis publish FOLDER adds one"
    )


def in_folder(name: str) -> Kit | None:
    """None if the name is not that of a file or folder, so that it must mean a published kit.

    Raises:
        KitError: with every problem of the kit in the folder.
    """
    return load_kit(Path(name)) if Path(name).exists() else None


async def published(pool: Executor, name: str) -> PublishedKit:
    """By `job-ready@1.0`, or by a digest or at least its first seven characters.

    Raises:
        NoSuchKit: if there is none, or several begin like this.
    """
    program, at, version = name.rpartition("@")
    return await of_program(pool, program if at else None, version)


async def of_program(pool: Executor, program: str | None, name: str) -> PublishedKit:
    """By version or digest; without a program, only by digest.

    Raises:
        NoSuchKit: if there is none, or several begin like this.
    """
    if program and (found := await kits.by_version(pool, program, name)):
        return found
    alike = await kits.by_prefix(pool, name) if _DIGEST.match(name) else []
    fitting = [one for one in alike if program in (None, one.program)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise NoSuchKit(f"more than one digest begins with {name}: write more of it")
    whose = f" of program {program!r}" if program else ""
    latest = await kits.latest(pool, program) if program else None
    known = (
        f"the latest is {latest.version} ({latest.digest[:12]})"
        if latest
        else "publish it with: trellis publish FOLDER"
    )
    raise NoSuchKit(
        f"no version or digest {name!r}{whose} has been published; {known}. A folder would do, too, to compare"
    )
