"""Rebuilds the board of a database again and again, and never puts it in its place: the load of a rebuild, for as long
as somebody reads. `bench.console` runs it as a process of its own."""

import asyncio
import sys

from projections import rebuild
from projections.generations import Generation
from projections.projection import Projection
from projections.registry import PROJECTIONS
from store.database import Connection


async def _kept_apart(connection: Connection, projection: Projection, building: Generation) -> None:
    """Readers keep the board that they have."""


async def again_and_again(dsn: str) -> None:
    rebuild._put_in_place = _kept_apart
    while True:
        await rebuild.rebuild(dsn, PROJECTIONS["board"])


if __name__ == "__main__":
    asyncio.run(again_and_again(sys.argv[1]))
