"""Rebuilding every view from a million events, compared with the peer's tracked projection; time and memory."""

import asyncio
import threading
from time import monotonic, sleep

import psutil

from bench.databases import fresh, server
from bench.material import fill
from bench.options import quick
from bench.peer import projection_speed
from bench.table import Figure, report
from projections.fold import Fold
from projections.rebuild import rebuild
from projections.registry import PROJECTIONS
from runtime import ending
from runtime.exits import Exit
from store.database import open_pool


class Memory:
    """The peak memory of this process and its children in MB, without Postgres."""

    def __init__(self) -> None:
        self.most = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        me = psutil.Process()
        while not self._done.is_set():
            total = me.memory_info().rss
            for child in me.children(recursive=True):
                try:
                    name = child.name()
                    total += child.memory_info().rss if "postgres" not in name else 0
                except psutil.NoSuchProcess:
                    continue
            self.most = max(self.most, total / 1e6)
            sleep(0.2)


async def measure() -> list[Figure]:
    events, tracked = (100_000, 1_500) if quick() else (1_000_000, 5_000)
    async with server() as postgres:
        dsn = await fresh(postgres)
        pool = await open_pool(dsn, max_size=2)
        head = await fill(dsn, pool, events)
        speeds: dict[str, float] = {}
        with Memory() as memory:
            for name, projection in PROJECTIONS.items():
                began = monotonic()
                await rebuild(dsn, projection)
                speeds[name] = head / (monotonic() - began)
                print(f"{name:16} {speeds[name]:>10,.0f} events/s", flush=True)
        peer = await asyncio.to_thread(projection_speed, await fresh(postgres, "peer"), tracked)
        await pool.close()
    folds = {name: speed for name, speed in speeds.items() if isinstance(PROJECTIONS[name], Fold)}
    sets = {name: speed for name, speed in speeds.items() if name not in folds}
    slowest_set, slowest_fold = min(sets, key=sets.__getitem__), min(folds, key=folds.__getitem__)
    slowest = min(speeds.values())
    against = f"tracked projection {peer:,.0f}/s"
    return [
        Figure("rebuild_set", sets[slowest_set], "events/s", against=f"slowest: {slowest_set}", bar="at least 75,000"),
        Figure("rebuild_fold", folds[slowest_fold], "events/s", None, f"slowest: {slowest_fold}", "at least 40,000"),
        Figure("rebuild_peer", slowest, "events/s", slowest / peer, against, "at least 50 times"),
        Figure("rebuild_rss_mb", memory.most, "MB", bar="under 300"),
    ]


def main() -> None:
    report("Rebuilding from the log", asyncio.run(measure()))


if __name__ == "__main__":
    main()
    ending.leave(Exit.OK)
