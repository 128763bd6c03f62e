"""The memory of a worker for each journey in its cache.

Starts a thousand journeys of the shipped program, each until it waits for its intake. The growth of the memory since
the first journey is divided by their number.
"""

import asyncio
import gc
from pathlib import Path

import psutil

from bench.databases import fresh, server
from bench.options import quick
from bench.table import Figure, report
from client.journeys import JourneyClient
from domain.ids import JourneyId
from kits.loading import load_kit, publish
from roles.journeys import worker as journeys_worker
from roles.part import Process
from runtime import ending
from runtime.embedded.time_skipping import time_skipping_server
from runtime.exits import Exit
from settings import Settings
from store.database import Pool, open_pool
from workflows.contract import SEARCH_ATTRIBUTES, TASK_QUEUE, Begin

JOURNEYS = 1_000
_AT_ONCE = 16


async def main() -> None:
    journeys = 100 if quick() else JOURNEYS
    kit = load_kit(Path("programs/job-ready"))
    async with (
        server() as postgres,
        time_skipping_server(search_attributes=SEARCH_ATTRIBUTES, manual=True) as temporal,
    ):
        pool = await open_pool(await fresh(postgres), max_size=10)
        await publish(pool, kit)
        async with journeys_worker(Process(Settings(), temporal.client, pool)):
            client = JourneyClient(temporal.client, TASK_QUEUE)
            await _begin(client, pool, kit.program, range(1))
            before = _resident()
            await _begin(client, pool, kit.program, range(1, journeys + 1))
            grown = _resident() - before
        pool.terminate()
    report(
        f"A worker with {journeys:,} cached journeys",
        [
            Figure("worker_rss_mb", before / 1e6, "MB with one journey"),
            Figure("worker_rss_mb_cached", (before + grown) / 1e6, f"MB with {journeys:,} journeys"),
            Figure("cached_journey_kb", grown / journeys / 1e3, "kB a journey"),
        ],
    )


async def _begin(client: JourneyClient, pool: Pool, program: str, numbers: range) -> None:
    at_once = asyncio.Semaphore(_AT_ONCE)

    async def begin(number: int) -> None:
        async with at_once:
            await client.begin(Begin(program=program, learner=f"l-{number}"), JourneyId(f"{program}.l-{number}"))

    await asyncio.gather(*(begin(number) for number in numbers))
    while await pool.fetchval("select count(*) from trellis.streams where category = 'journey'") < numbers.stop:  # noqa: ASYNC110
        await asyncio.sleep(0.2)


def _resident() -> int:
    gc.collect()
    return int(psutil.Process().memory_info().rss)


if __name__ == "__main__":
    asyncio.run(main())
    ending.leave(Exit.OK)
