"""One process reads the figures of the installation and shows them. The others stand by and show none, so that a sum
over all processes is right.

Prometheus calls `collect`, which must not block: it shows what tasks have read before.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

import structlog
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from projections.reading import BeingRebuilt
from runtime.metrics.declaring import QUICK_SECONDS, Family, Figures, Sample, metric, samples_of
from runtime.metrics.figures import FIGURES
from store.availability import POSTGRES, in_short
from store.database import Connection, Pool
from store.leading import STANDINGS, Standing, lead
from store.locks import Lock

log = structlog.get_logger(__name__)

SERVICE = "metrics"
"""The name under which one process leads in this, also in `trellis_leading`."""
SHARE = 0.01
"""Figures that take long are read so seldom that reading them takes no more than this share of the time."""
_AT_ONCE = 2
"""So many connections of the pool are used at most."""
_PROBE_SECONDS = 5.0

_UP = Family(
    "trellis_snapshot_up",
    "1: the figures of the installation can be read. 0: some cannot, and are missing. Only in the process that reads "
    "them, and in those that cannot reach Postgres.",
)
_READ_AT = Family("trellis_snapshot_timestamp_seconds", "When the figures were last read: the time of the oldest.")
_FIGURES_UP = Family(
    "trellis_figures_up",
    "1: these figures are shown. 0: they cannot be read, or their view is being rebuilt.",
    ("figures",),
)
_DURATION = Family("trellis_figures_read_seconds", "How long the last reading of these figures took.", ("figures",))
OF_THE_COLLECTOR = (_UP, _READ_AT, _FIGURES_UP, _DURATION)


@dataclass(frozen=True, slots=True)
class _Reading:
    at: float
    """Seconds since the epoch."""
    seconds: float
    """How long it took."""
    samples: Sequence[Sample]
    rebuilt: bool = False
    """The view is being rebuilt: there is nothing to show, and nothing is wrong."""


class Metrics(Collector):
    """Register it once. Shows figures only while they are fresh: what could not be read, or not in time, is not shown,
    since old figures would look healthy, and `trellis_snapshot_up` is 0.
    """

    def __init__(self, pool: Pool, figures: Sequence[Figures] = FIGURES) -> None:
        self._pool = pool
        self._figures = figures
        self._readings: dict[str, _Reading] = {}
        self._failing: set[str] = set()
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def run(self, dsn: str) -> None:
        """Leads whenever it can, until cancelled, and reads the figures while it leads."""
        await lead(dsn, Lock.METRICS, self._work, name=SERVICE)

    async def refresh(self) -> None:
        """Reads all figures once. Raises what the database raises."""
        for one in self._figures:
            await self._read(one)

    async def _work(self, connection: Connection) -> None:
        reading = [asyncio.create_task(self._keep_reading(one)) for one in self._figures]
        try:
            while True:
                async with asyncio.timeout(_PROBE_SECONDS):
                    await connection.fetchval("select 1")  # raises once the connection, and with it the lead, is lost
                await asyncio.sleep(_PROBE_SECONDS)
        finally:
            for task in reading:
                task.cancel()
            self._readings.clear()
            self._failing.clear()
            await asyncio.wait(reading, timeout=_PROBE_SECONDS)

    async def _keep_reading(self, figures: Figures) -> None:
        while True:
            async with self._turns:
                await self._try_to_read(figures)
            await asyncio.sleep(self._pause(figures))

    async def _try_to_read(self, figures: Figures) -> None:
        """A server that does not answer does not answer the request to cancel either: first it is said, then waited
        for."""
        reading = asyncio.ensure_future(self._read(figures))
        try:
            done, _ = await asyncio.wait({reading}, timeout=figures.patience_seconds)
            if not done:
                self._failed(figures, f"no answer in {figures.patience_seconds:g} s")
                reading.cancel()
                await asyncio.wait({reading})
            elif error := reading.exception():
                self._failed(figures, in_short(error))
        finally:
            reading.cancel()

    async def _read(self, figures: Figures) -> None:
        began = time.monotonic()
        # What may take long says nothing about how quick Postgres is.
        with POSTGRES.call(SERVICE) if figures.patience_seconds <= QUICK_SECONDS else nullcontext():
            try:
                samples, rebuilt = await figures.read(self._pool), False
            except BeingRebuilt:
                samples, rebuilt = (), True
        self._readings[figures.name] = _Reading(time.time(), time.monotonic() - began, samples, rebuilt)
        if figures.name in self._failing:
            log.warning("metrics_fresh_again", figures=figures.name)
        self._failing.discard(figures.name)

    def _failed(self, figures: Figures, because: str) -> None:
        if figures.name not in self._failing:
            log.warning("metrics_stale", figures=figures.name, because=because, shown="trellis_snapshot_up 0")
        self._failing.add(figures.name)

    def _pause(self, figures: Figures) -> float:
        """In seconds, until they are read again."""
        last = self._readings.get(figures.name)
        return max(figures.every_seconds, last.seconds / SHARE if last and not last.rebuilt else 0.0)

    def collect(self) -> Iterator[Metric]:
        if STANDINGS.get(SERVICE) is Standing.STANDS_BY:
            return
        readings = dict(self._readings)
        fresh = {one.name for one in self._figures if self._is_fresh(one, readings.get(one.name))}
        yield metric(_UP, [Sample(_UP, (), float(len(fresh) == len(self._figures)))])
        if not readings:
            return
        yield metric(_READ_AT, [Sample(_READ_AT, (), min(one.at for one in readings.values()))])
        shown = {one: readings[one].samples for one in fresh if not readings[one].rebuilt}
        up = [(one.name, one.name in shown) for one in self._figures]
        yield metric(_FIGURES_UP, samples_of(up, 1, _FIGURES_UP))
        took = [(one.name, readings[one.name].seconds) for one in self._figures if one.name in readings]
        yield metric(_DURATION, samples_of(took, 1, _DURATION))
        for figures in self._figures:
            for family in figures.families if figures.name in shown else ():
                yield metric(family, (one for one in shown[figures.name] if one.family == family))

    def _is_fresh(self, figures: Figures, reading: _Reading | None) -> bool:
        if reading is None or figures.name in self._failing:
            return False
        return time.time() - reading.at < 3 * self._pause(figures) + figures.patience_seconds
