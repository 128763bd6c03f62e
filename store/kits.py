"""The kits that were published. Immutable, content-addressed: a journey is pinned to a digest and always finds it."""

from dataclasses import dataclass
from datetime import datetime

from store.database import Executor, query
from store.errors import KitChanged


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


async def by_version(pool: Executor, program: str, version: str) -> PublishedKit | None:
    row = await pool.fetchrow(query("kit_by_version"), program, version)
    return PublishedKit(*row) if row else None


async def by_prefix(pool: Executor, prefix: str) -> list[PublishedKit]:
    """Those whose digest begins like this, two at most: more than one is no answer."""
    return [PublishedKit(*row) for row in await pool.fetch(query("kit_by_prefix"), prefix)]
