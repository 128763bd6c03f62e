"""Exporting the log and importing it into an empty database, with the same positions."""

import asyncio
import tempfile
from pathlib import Path
from time import monotonic

from bench.databases import fresh, server
from bench.material import fill
from bench.options import quick
from bench.table import Figure, report
from runtime import ending
from runtime.exits import Exit
from store.audit import verify
from store.database import open_pool
from store.dump import export, restore


async def measure() -> list[Figure]:
    events = 50_000 if quick() else 1_000_000
    async with server() as postgres:
        dsn = await fresh(postgres)
        pool = await open_pool(dsn, max_size=2)
        head = await fill(dsn, pool, events)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "log.ndjson"
            began = monotonic()
            with file.open("w") as sink:
                async for line in export(pool):
                    sink.write(line)
            exporting = head / (monotonic() - began)
            other = await fresh(postgres, "imported")
            began = monotonic()
            with file.open() as source:
                imported = await restore(other, source)
            importing = head / (monotonic() - began)
            size = file.stat().st_size / 1e6
        there = await open_pool(other, max_size=2)
        same = """select sum(hashtextextended(position || stream || version || data || recorded_at, 0)::numeric)
                    from trellis.log join trellis.events using (seq)"""
        assert imported.events == head
        assert await pool.fetchval(same) == await there.fetchval(same), "the dump gave another log"
        findings = (await verify(there)).findings
        assert not findings, findings
        await pool.close()
        await there.close()
    return [
        Figure("export", exporting, "events/s", None, f"{head:,} events, {size:,.0f} MB"),
        Figure("import", importing, "events/s", None, "the same, checked by its positions and content"),
    ]


def main() -> None:
    report("Export and import", asyncio.run(measure()))


if __name__ == "__main__":
    main()
    ending.leave(Exit.OK)
