"""A pool of connections of which readers get a part at most.

Sixteen people who open slow pages would otherwise hold every connection of a process, and the commands of all others
would wait for them.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, Self

import asyncpg

from store.use import Use, use

_USUAL: Mapping[str, Any] = {
    "max_queries": 50_000,
    "max_inactive_connection_lifetime": 300.0,
    "loop": None,
    "connection_class": asyncpg.Connection,
    "record_class": asyncpg.Record,
}
"""As asyncpg.create_pool has it."""
_SHARES: Mapping[Use, float] = {Use.READING: 0.5, Use.REPORTS: 0.2}


class SharedPool(asyncpg.Pool):
    def __init__(self, dsn: str, *, max_size: int, **options: Any) -> None:
        super().__init__(dsn, max_size=max_size, **{**_USUAL, **options})
        self._places = {what: asyncio.Semaphore(max(1, int(max_size * share))) for what, share in _SHARES.items()}
        self._lent: dict[int, asyncio.Semaphore] = {}

    @classmethod
    async def of(cls, dsn: str, *, max_size: int, **options: Any) -> Self:
        """Connected. `options` as of asyncpg.create_pool."""
        pool: Self = await cls(dsn, max_size=max_size, **options)
        return pool

    async def _acquire(self, timeout: float | None) -> Any:  # noqa: ASYNC109 - the driver calls it with one
        places = self._places.get(use())
        if places is None:
            return await super()._acquire(timeout)  # type: ignore[misc]  # the stubs leave it out
        await places.acquire()
        try:
            connection = await super()._acquire(timeout)  # type: ignore[misc]
        except BaseException:
            places.release()
            raise
        self._lent[id(connection)] = places
        return connection

    async def release(self, connection: Any, *, timeout: float | None = None) -> None:  # noqa: ASYNC109
        places = self._lent.pop(id(connection), None)
        try:
            await super().release(connection, timeout=timeout)
        finally:
            if places:
                places.release()
