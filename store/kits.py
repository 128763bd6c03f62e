"""Published kits. They are immutable and found by digest, so a journey always finds the kit that it follows.

`load` and `read` return a kit parsed, once per process, whichever format it was published in.
"""

from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError
from pydantic_core import from_json

from domain.kit import Kit
from domain.kit.cache import PARSED
from domain.kit.formats import UnknownFormat
from domain.kit.stored import read as read_content
from store.database import Executor, query
from store.errors import KitChanged, KitNotReadable, MissingKit, misfits


@dataclass(frozen=True, slots=True)
class PublishedKit:
    digest: str
    program: str
    version: str
    body: str
    """JSON, byte for byte as published, with the defaults of that day."""
    published_at: datetime


async def publish(pool: Executor, body: str, *, digest: str, program: str, version: str, at: datetime) -> bool:
    """Returns whether it was new. Publishing the same content again changes nothing, not even the time.

    Raises KitChanged when this version of the program was published with other content.
    """
    if await pool.fetchval(query("kit_publish"), digest, program, version, body, at):
        return True
    if await by_digest(pool, digest) is None:
        raise KitChanged(program, version)
    return False


async def by_digest(pool: Executor, digest: str) -> PublishedKit | None:
    row = await pool.fetchrow(query("kit_by_digest"), digest)
    return PublishedKit(*row) if row else None


async def latest(pool: Executor, program: str) -> PublishedKit | None:
    """The one that new journeys follow: published last, whatever its version says, or made current again since."""
    row = await pool.fetchrow(query("kit_latest"), program)
    return PublishedKit(*row) if row else None


async def programs(pool: Executor) -> list[PublishedKit]:
    """The kit that new journeys follow, of every program, by program."""
    return [PublishedKit(*row) for row in await pool.fetch(query("kit_programs"))]


async def program_names(pool: Executor, limit: int) -> list[str]:
    """The ids of the programs that have a kit, in their order."""
    return [row["program"] for row in await pool.fetch(query("kit_program_names"), limit)]


async def by_version(pool: Executor, program: str, version: str) -> PublishedKit | None:
    row = await pool.fetchrow(query("kit_by_version"), program, version)
    return PublishedKit(*row) if row else None


async def by_prefix(pool: Executor, prefix: str) -> list[PublishedKit]:
    """Those whose digest begins like this, two at most: more than one is no answer."""
    return [PublishedKit(*row) for row in await pool.fetch(query("kit_by_prefix"), prefix)]


@dataclass(frozen=True, slots=True)
class KitVersion:
    digest: str
    version: str
    published_at: datetime


async def versions(pool: Executor, program: str, limit: int) -> list[KitVersion]:
    """The one that was published last comes first."""
    return [KitVersion(*row) for row in await pool.fetch(query("kit_versions"), program, limit)]


def parse(body: str) -> Kit:
    """The kit whose stored body this is, of whichever format it was published in. Its digest is that of the body as it
    was published: `Kit.digest` of the result may be another.

    Raises:
        KitNotReadable: when a newer Trellis published it, or an upcaster is missing.
    """
    try:
        content = from_json(body)
        if not isinstance(content, dict):
            raise KitNotReadable("it is no JSON object")
        return read_content(content)
    except UnknownFormat as error:
        raise KitNotReadable(str(error)) from error
    except ValidationError as error:
        raise KitNotReadable(misfits(error)) from error
    except ValueError as error:
        raise KitNotReadable(f"it is no JSON: {error}") from error


def read(published: PublishedKit) -> Kit:
    """The same, parsed once a process. Raises KitNotReadable, which names the kit."""
    if kit := PARSED.get(published.digest):
        return kit
    try:
        kit = parse(published.body)
    except KitNotReadable as error:
        raise KitNotReadable(error.reason, published.program, published.version) from error
    return PARSED.keep(published.digest, kit)


async def load(pool: Executor, digest: str) -> Kit:
    """The kit published under this digest, parsed once a process. Raises MissingKit, KitNotReadable."""
    if kit := PARSED.get(digest):
        return kit
    published = await by_digest(pool, digest)
    if published is None:
        raise MissingKit(digest)
    return read(published)
