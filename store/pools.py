"""The pools of matching: everything that a draft was calculated from, by digest, compressed."""

import asyncio
import zlib

from store.database import Executor, query


async def put(executor: Executor, digest: str, program: str, body: str) -> None:
    """Stores the JSON of a pool. Storing it again changes nothing."""
    compressed = await asyncio.to_thread(zlib.compress, body.encode())
    await executor.execute(query("pool_put"), digest, program, compressed)


async def get(executor: Executor, digest: str) -> str | None:
    """The JSON of the pool; None where it is not kept, or not any more."""
    body = await executor.fetchval(query("pool_get"), digest)
    return None if body is None else (await asyncio.to_thread(zlib.decompress, body)).decode()
