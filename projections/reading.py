"""How views are read. A reader gets the rows that exist, or an error that says what to wait for.

After an upgrade the live generation of a view may have been built by an older Trellis. A reader says from which version
of the view on there is what it asks for. While an older one is live it gets BeingRebuilt, and no error of the database.
"""

import math
from collections.abc import Sequence
from typing import Any

import asyncpg

from projections.builds import Build, builds, live_forms
from store.database import Pool
from store.errors import StoreError

_SOON_SECONDS = 5
"""Used while there is no estimate."""
_LONGEST_SECONDS = 300


class BeingRebuilt(StoreError):
    """The view is not yet in the form that the reader needs. The projector makes it; reading again later helps."""

    def __init__(self, name: str, build: Build | None, why: str) -> None:
        if build and build.name == name:
            says = f"the view {name} is being rebuilt: {build}. Read it again then"
        elif build:
            says = f"{why}. Before it comes {build.name}: {build}. `trellis projections` shows how far they are"
        else:
            says = f"{why}. The projector builds it; `trellis projections` shows whether one runs, and how far it is"
        super().__init__(says)
        self.name, self.build = name, build

    @property
    def retry_after(self) -> int:
        """In how many seconds to read again; from 1 to 300."""
        left = self.build.seconds_left if self.build else None
        return max(1, min(_LONGEST_SECONDS, math.ceil(_SOON_SECONDS if left is None else left)))


class View:
    """What some statements read: the views by name, each with the first version that has all they ask for."""

    def __init__(self, **since: int) -> None:
        self._since = since

    async def fetch(self, pool: Pool, statement: str, *parameters: object) -> Sequence[asyncpg.Record]:
        """Raises BeingRebuilt."""
        await self._require(pool)
        try:
            return await pool.fetch(statement, *parameters)
        except (asyncpg.UndefinedColumnError, asyncpg.UndefinedTableError):
            await self._require(pool)  # it was taken back to an older generation in between
            raise

    async def fetchrow(self, pool: Pool, statement: str, *parameters: object) -> Any:
        """The first row, or None. Raises BeingRebuilt."""
        rows = await self.fetch(pool, statement, *parameters)
        return rows[0] if rows else None

    async def _require(self, pool: Pool) -> None:
        live = await live_forms(pool)
        for name, version in self._since.items():
            if name not in live:
                raise BeingRebuilt(name, await _build_of(pool, name), f"the view {name} is not built yet")
            form = live[name]
            if form.is_empty:
                raise BeingRebuilt(name, await _build_of(pool, name), f"the view {name} is not built yet")
            if form.version < version:
                why = f"the view {name} was built by an older Trellis (version {form.version}) and is to be rebuilt"
                raise BeingRebuilt(name, await _build_of(pool, name), why)


async def _build_of(pool: Pool, name: str) -> Build | None:
    """Its own; else the one that is waited for, since views are rebuilt one after the other."""
    under_way = await builds(pool)
    return next((one for one in under_way if one.name == name), next(iter(under_way), None))
