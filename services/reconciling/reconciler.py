"""Compares and repairs in the background: everything at the start and now and then, what has changed in between."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import asyncpg
import structlog
from temporalio.client import Client

from domain.ids import StreamId
from runtime.fan_out import fan_out
from runtime.outages import Outage, unavailable_server
from services.reconciling.comparing import Comparison, Finding, NotBuilt, Report
from services.reconciling.kind import Expected, Kind
from store import reconciliations
from store.database import Connection, Pool, query
from store.leading import lead
from store.reconciliations import Look

log = structlog.get_logger(__name__)

_STUCK_AFTER = 3
"""After this many repairs in vain a person should look at the workflow."""
_CHUNK = 16
"""How many workflows are examined, and then repaired, at a time."""


@dataclass(frozen=True, slots=True)
class Pace:
    """All in seconds."""

    look: float = 10.0
    """Between two checks for changed streams, which cost one small statement when there are none."""
    count: float = 30.0
    """Between two counts of open streams and running workflows."""
    compare: float = 1_800.0
    """Between two comparisons of everything: with 100,000 journeys, a hundred requests to Temporal's visibility, which
    cost an embedded server 40 s of CPU. What is behind or missing is found sooner, by looking and counting."""
    quiet: float = 5.0
    """How long a stream must have been unchanged before its workflow is suspected."""
    first_retry: float = 10.0
    last_retry: float = 3_600.0
    """Between two repairs of the same workflow: the first pause, doubled each time up to the last."""
    show_life: float = 60.0
    """Between two writes to trellis.reconciliations while nothing changes."""


class Reconciler:
    """Reconciles one kind of workflow. One process leads, any number may stand by. `run` returns only when cancelled.

    Two leaders at once do no harm: a workflow that runs is not started again, and one that is up to date does nothing
    when it is woken.
    """

    def __init__(self, dsn: str, pool: Pool, temporal: Client, kind: Kind, pace: Pace | None = None) -> None:
        self._dsn = dsn
        self._pool = pool
        self._kind = kind
        self._pace = pace or Pace()
        self._comparison = Comparison(kind, pool, temporal, timedelta(seconds=self._pace.quiet))
        self._outage = Outage("reconciler", kind=kind.name)

    async def run(self) -> None:
        name = f"reconciler {self._kind.name}"
        await lead(self._dsn, self._kind.lock, self._serve, name=name, patience=self._outage)

    async def _serve(self, leader: Connection) -> None:
        await _Term(self._kind, self._pool, self._comparison, self._pace, self._outage).serve(leader)


class _Term:
    """One term of leadership: what is remembered from round to round, and forgotten with the leadership."""

    def __init__(self, kind: Kind, pool: Pool, comparison: Comparison, pace: Pace, outage: Outage) -> None:
        self._kind, self._pool, self._comparison = kind, pool, comparison
        self._pace, self._outage = pace, outage
        self._position: int | None = None
        """Streams that changed up to this position have been compared. None: not everything has been compared once."""
        self._head = 0
        """Of the log in the previous round: older events have had time to arrive."""
        self._again: dict[StreamId, Expected] = {}
        """What needed repair in the previous round."""
        self._unsure: dict[StreamId, Expected] = {}
        """What was unclear in the previous round. Examined last, for it may take long."""
        self._unstartable: set[StreamId] = set()
        """Missing workflows that cannot be started."""
        self._attempts: dict[StreamId, tuple[int, float]] = {}
        """How often each was repaired, and when it may be repaired again."""
        self._reported: list[str] = []
        """Workflows that the server reports as failing."""
        self._explained = 0
        """How many workflows were missing by the counts right after everything was compared: the view is behind or has
        stopped, and shows closed streams as open."""
        self._fewer = False
        """Whether the last count found more missing than that."""
        self._next_count = self._next_compare = self._compared = 0.0
        self._stored: Look | None = None
        """What was stored last, apart from the position."""
        self._saved_at = 0.0

    async def serve(self, leader: Connection) -> None:
        """Raises errors of either server. The next term compares everything again."""
        while True:
            try:
                await self._round(leader)
                self._outage.over()
            except NotBuilt:
                pass  # soon: its runner builds it
            except Exception as error:
                with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                    await self._save(leader, Report(self._kind.name), trouble=f"{unavailable_server(error)}: {error}")
                raise
            await asyncio.sleep(self._pace.look)

    async def _round(self, leader: Connection) -> None:
        head: int = await leader.fetchval(query("head"))
        compared_at = None
        suspects = dict(self._again)
        if self._position is None or time.monotonic() >= self._next_compare:
            began = datetime.now(UTC)
            self._position = await self._comparison.position()
            suspects |= {one.stream: one for one in await self._comparison.suspects()}
            self._compared = time.monotonic()
            self._next_compare = self._compared + self._pace.compare
            compared_at = began
            log.debug("compared", kind=self._kind.name, suspects=len(suspects))
        if self._head > self._position:
            moved = await self._comparison.moved(self._position, self._head)
            suspects |= {one.stream: one for one in moved}
            self._position = self._head
        self._head = head
        suspects |= {one.stream: one for one in await self._kind.unrecorded()}
        suspects |= {stream: one for stream, one in self._unsure.items() if stream not in suspects}
        report = await self._repair_all(leader, list(suspects.values()))
        await self._count(report, compared=compared_at is not None)
        await self._save(leader, report, compared_at=compared_at)

    async def _repair_all(self, leader: Connection, suspects: Sequence[Expected]) -> Report:
        report = Report(self._kind.name)
        self._again, self._unsure, self._unstartable = {}, {}, set()
        self._comparison.start_round()
        for first in range(0, len(suspects), _CHUNK):
            found = await self._comparison.examine(suspects[first : first + _CHUNK])
            for one in found:
                report.note(self._kind.workflow_of(one.expected.stream), one)
                if one.because:
                    self._unstartable.add(one.expected.stream)
                (self._unsure if one.what == "unsure" else self._again)[one.expected.stream] = one.expected
            due = [one for one in found if one.what in ("missing", "behind") and self._is_due(one)]
            self._say_why(due)
            report.note_repairs(due, await fan_out(self._comparison.repair, due, _CHUNK))
            if first + _CHUNK < len(suspects):
                await self._show_life(leader)
        self._attempts = {stream: one for stream, one in self._attempts.items() if stream in self._again}
        if report.started or report.woken:
            log.warning("reconciled", kind=self._kind.name, started=report.started, woken=report.woken)
        return report

    def _is_stuck(self, stream: StreamId) -> bool:
        return stream in self._unstartable or self._attempts.get(stream, (0, 0.0))[0] > _STUCK_AFTER

    def _is_due(self, found: Finding) -> bool:
        """Whether it may be repaired now. Counts the attempt if so."""
        stream, now = found.expected.stream, time.monotonic()
        times, not_before = self._attempts.get(stream, (0, 0.0))
        if now < not_before:
            return False
        wait = min(self._pace.first_retry * 2**times, self._pace.last_retry)
        self._attempts[stream] = (times + 1, now + wait)
        return True

    def _say_why(self, due: Sequence[Finding]) -> None:
        for one in due:
            if one.because:
                log.error("cannot_be_started", stream=one.expected.stream, because=one.because)

    async def _count(self, report: Report, *, compared: bool) -> None:
        """Now and then asks for failing workflows and compares the counts. More missing workflows than known, twice in
        a row, are a reason to compare everything ahead of schedule."""
        now = time.monotonic()
        if compared or now >= self._next_count:
            self._reported = await self._comparison.failing()
            lacking = max(await self._comparison.deficit() - len(report.missing), 0)
            self._explained = lacking if compared else min(lacking, self._explained)
            fewer = lacking > self._explained
            if fewer and self._fewer:
                self._next_compare = min(self._next_compare, self._compared + self._pace.count)
            self._fewer = fewer
            self._next_count = now + (self._pace.look if fewer else self._pace.count)
        report.failing = sorted({*report.failing, *self._reported})

    async def _save(
        self, leader: Connection, report: Report, *, compared_at: datetime | None = None, trouble: str | None = None
    ) -> None:
        look = Look(
            kind=self._kind.name,
            position=self._position or 0,
            compared_at=compared_at,
            behind=len(report.behind),
            missing=len(report.missing),
            failing=len(report.failing),
            woken=report.woken,
            started=report.started,
            trouble=trouble,
            stuck=sum(self._is_stuck(stream) for stream in self._again),
        )
        now, stored = time.monotonic(), replace(look, position=0)
        if stored != self._stored or now >= self._saved_at + self._pace.show_life:
            await reconciliations.save(leader, look)
            self._stored, self._saved_at = stored, now

    async def _show_life(self, leader: Connection) -> None:
        """In a long round only the time is stored, as what was found so far is incomplete."""
        if time.monotonic() >= self._saved_at + self._pace.show_life:
            await leader.execute(query("reconciliation_alive"), self._kind.name)
            self._saved_at = time.monotonic()
