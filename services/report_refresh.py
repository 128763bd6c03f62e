"""Counts anew what takes long to count about whole programs, before anybody asks for it.

One process does so: for programs with many journeys, what their pages ask when they are opened; again when a view has
moved on by half a percent, and after an hour, since answers depend on the clock as well. What is counted quickly is
not kept, so a small installation has nothing to do here.
"""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from time import monotonic

import structlog

from domain.ids import ProgramId
from kits.lookup import NoSuchProgram
from projections.reading import BeingRebuilt
from projections.standings import programs_with
from queries import reports
from queries.recent import Question, Recent, positions_of, stands
from store import reports as store
from store.database import Connection, Pool
from store.errors import KitNotReadable, MissingKit
from store.leading import lead
from store.locks import Lock

log = structlog.get_logger(__name__)

_LOOK_SECONDS = 15.0
_OLDEST = timedelta(hours=1)
_KEPT = timedelta(days=7)
_LARGE = 2_000
"""Journeys of a program, from which on its pages are counted ahead."""
_REST = 2.0
"""A third of one connection is in use at most."""
_NOT_NOW = (BeingRebuilt, NoSuchProgram, KitNotReadable, MissingKit)


class ReportRefresh:
    def __init__(self, dsn: str, pool: Pool, rest: float = _REST) -> None:
        """`rest`: after each answer, for so many times as long as it took."""
        self._dsn = dsn
        self._rest = rest
        self._pool = pool
        self._recent = Recent(pool)

    async def run(self) -> None:
        await lead(self._dsn, Lock.REPORTS, self._work, name="reports")

    async def _work(self, connection: Connection) -> None:
        counted_at, then = datetime.now(UTC) - _OLDEST, await positions_of(self._pool)
        while True:
            now, at = await positions_of(self._pool), datetime.now(UTC)
            if at - counted_at >= _OLDEST or not stands(then, now):
                with suppress(BeingRebuilt):
                    await self.refresh()
                    counted_at, then = at, now
            await asyncio.sleep(_LOOK_SECONDS)
            await connection.execute("select 1")  # raises when the connection is lost, and the leadership with it

    async def refresh(self) -> None:
        """Once: what no longer stands, and what is older than an hour. Raises BeingRebuilt."""
        await store.forget(self._pool, datetime.now(UTC) - _KEPT)
        for program in await programs_with(self._pool, _LARGE):
            for question in reports.usual(self._pool, ProgramId(program)):
                await self._ask(question)

    async def _ask(self, question: Question[object]) -> None:
        began = monotonic()
        try:
            await self._recent.renew(question, _OLDEST)
        except _NOT_NOW as error:
            log.info("report_not_counted", report=question.report, because=str(error))
        await asyncio.sleep(self._rest * (monotonic() - began))
