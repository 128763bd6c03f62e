"""The cost of an idle installation: transaction ids and WAL of Postgres, and CPU.

Measures everything that `trellis up` runs, with its sample program and open journeys, on its own embedded servers.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import psutil

from bench.options import quick
from bench.table import Figure, report
from runtime import ending
from runtime.embedded.ports import free_port
from runtime.embedded.postgres import PostgresServer
from runtime.exits import Exit

_UP_SECONDS = 180.0
_CALM_SECONDS = 10.0
_PORTS = ("TRELLIS_HTTP_PORT", "TRELLIS_TEMPORAL_PORT", "TRELLIS_TEMPORAL_UI_PORT", "TRELLIS_SDK_METRICS_PORT")
_SPENT = """
    select pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
           pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint,
           (select coalesce(sum(fsyncs), 0)::bigint from pg_stat_io where object = 'wal')"""
_FOLLOWED = """
    select position, (select count(*) from trellis.events), (select min(position) from trellis.projections)
      from trellis.sequencer"""


@dataclass(frozen=True, slots=True)
class Spent:
    """Totals since the servers started."""

    at: float
    xids: int
    wal_bytes: int
    wal_flushes: int
    cpu_seconds: dict[str, float]
    """By process. All processes of Postgres count as one."""


@contextmanager
def trellis_up(folder: Path) -> Iterator[psutil.Process]:
    """Yields the process of `trellis up` once it reports that everything runs, and stops it at the end."""
    ports = {name: str(free_port()) for name in _PORTS}
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("TRELLIS_", "DATABASE_URL"))}
    output = folder / "up.txt"
    with output.open("wb") as file:
        up = subprocess.Popen(
            [str(Path(sys.executable).with_name("trellis")), "up"],
            cwd=folder,
            env=ours | ports,
            stdout=file,
            stderr=file,
        )
    try:
        give_up = time.monotonic() + _UP_SECONDS
        while "Ctrl-C stops" not in output.read_text():
            if up.poll() is not None or time.monotonic() > give_up:
                raise RuntimeError(f"trellis up did not come up:\n{output.read_text()}")
            time.sleep(0.1)
        yield psutil.Process(up.pid)
    finally:
        up.terminate()
        up.wait(60)


async def measure() -> list[Figure]:
    seconds = 15.0 if quick() else 60.0
    with tempfile.TemporaryDirectory(prefix="trellis-bench-") as name:
        folder = Path(name)
        with trellis_up(folder) as up:
            connection = await asyncpg.connect(PostgresServer(folder / ".trellis" / "postgres").dsn("trellis"))
            await _calm(connection)
            before = await _spent(connection, up)
            await asyncio.sleep(seconds)
            after = await _spent(connection, up)
            await connection.close()
    return _figures(before, after)


async def _calm(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Returns once the log has not grown for a while and every view has caught up."""
    since, last = time.monotonic(), None
    while time.monotonic() - since < _CALM_SECONDS:
        now = tuple(await connection.fetchrow(_FOLLOWED) or ())
        if now != last or len(set(now)) > 1:
            since, last = time.monotonic(), now
        await asyncio.sleep(0.5)


async def _spent(connection: "asyncpg.Connection[asyncpg.Record]", up: psutil.Process) -> Spent:
    row = await connection.fetchrow(_SPENT)
    assert row is not None
    xids, wal_bytes, wal_flushes = row
    return Spent(time.monotonic(), xids, wal_bytes, wal_flushes, _cpu_seconds(up))


def _cpu_seconds(up: psutil.Process) -> dict[str, float]:
    spent = {"worker": 0.0, "Postgres": 0.0, "Temporal": 0.0}
    for process in up.children(recursive=True):
        with suppress(psutil.NoSuchProcess), process.oneshot():
            name, times = process.name(), process.cpu_times()
            kind = "Postgres" if name.startswith("postgres") else "Temporal" if name == "temporal" else "worker"
            spent[kind] += times.user + times.system
    return spent


def _figures(before: Spent, after: Spent) -> list[Figure]:
    seconds = after.at - before.at
    xids = (after.xids - before.xids) / seconds
    wal = (after.wal_bytes - before.wal_bytes) / seconds
    flushes = (after.wal_flushes - before.wal_flushes) / seconds
    cpu = {name: 100 * (after.cpu_seconds[name] - spent) / seconds for name, spent in before.cpu_seconds.items()}
    parts = ", ".join(f"{name} {percent:.1f} %" for name, percent in cpu.items())
    return [
        Figure("idle_xids_per_s", xids, "a second", against=f"over {seconds:.0f} s", bar="under 1"),
        Figure("idle_wal_bytes_per_s", wal, "bytes/s", against=f"{flushes:.2f} flushes/s"),
        Figure("idle_cpu_percent", sum(cpu.values()), "% of one core", against=parts),
    ]


def main() -> None:
    report("An idle system", asyncio.run(measure()))


if __name__ == "__main__":
    main()
    ending.leave(Exit.OK)
