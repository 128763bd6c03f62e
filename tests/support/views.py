"""Waiting for the views that a runner keeps."""

import asyncio

from domain.ids import StreamId
from store.database import Pool

_SHOWS = """
    select exists (
        select from trellis.events as e
          join trellis.log as l on l.seq = e.seq
          join trellis.projections as p on p.name = $1 and p.status = 'live' and p.position >= l.position
         where e.stream = $2 and e.version = $3)"""


async def wait_for(pool: Pool, stream: StreamId, version: int, projection: str, seconds: float = 5.0) -> None:
    """Returns once the live view shows this version of the stream. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not await pool.fetchval(_SHOWS, projection, stream, version):  # noqa: ASYNC110 - Postgres knows
            await asyncio.sleep(0.01)
