"""The first page of a board of a million journeys, with the usual filters and sort orders."""

import asyncio
import random
from statistics import median, quantiles
from time import perf_counter

from bench.databases import fresh, server
from bench.options import quick
from bench.table import Figure, report
from domain.kit import Severity
from projections.board_filter import Filter, Sort
from projections.registry import PROJECTIONS
from projections.runner import catch_up
from projections.views import board
from runtime import ending
from runtime.exits import Exit
from store.database import open_pool
from tests.projections.boards import AT, FILL, FILL_AWAITED, FILL_FLAGS


def asked(chance: random.Random) -> tuple[Filter, Sort]:
    """A filter as the API sends it."""
    program = f"p-{chance.randrange(10)}"
    grave: Severity = chance.choice(["notice", "warning", "critical"])
    choices: list[tuple[Filter, Sort]] = [
        (Filter(), "due"),
        (Filter(open=True), "due"),
        (Filter(program=program), "due"),
        (Filter(program=program, open=True), "due"),
        (Filter(program=program, stage=chance.choice(["intake", "matching", "sessions", "wrap_up"])), "due"),
        (Filter(program="p-3", segment="s-3-1"), "due"),
        (Filter(mentor=f"m-{chance.randrange(997)}"), "due"),
        (Filter(waiting_for=chance.choice(["match", "intake", "milestone_review"])), "due"),
        (Filter(paused=True), "due"),
        (Filter(open=False), "due"),
        (Filter(overdue_at=AT, program=program), "due"),
        (Filter(attention=grave, program=program), "attention"),
        (Filter(), "attention"),
        (Filter(), "journey"),
        (Filter(learner=f"l-{chance.randrange(1_000_000)}"), "due"),
    ]
    return chance.choice(choices)


async def measure() -> list[Figure]:
    journeys, pages = (100_000, 300) if quick() else (1_000_000, 3_000)
    chance = random.Random(7)  # noqa: S311 - the same pages in every run
    async with server() as postgres:
        dsn = await fresh(postgres)
        pool = await open_pool(dsn, max_size=2)
        await catch_up(dsn, [PROJECTIONS["board"]])
        await pool.execute("alter system set synchronous_commit = off")
        await pool.execute(FILL.format(schema="view_board_1"), journeys)
        await pool.execute(FILL_AWAITED.format(schema="view_board_1"))
        await pool.execute(FILL_FLAGS.format(schema="view_board_1"))
        await pool.execute("vacuum analyze view_board_1.board")
        took, worst = [], ("", 0.0)
        for _ in range(pages):
            where, sort = asked(chance)
            began = perf_counter()
            await board.page(pool, where, sort)
            took.append(1000 * (perf_counter() - began))
            worst = max(worst, (f"{where} by {sort}", took[-1]), key=lambda one: one[1])
        began = perf_counter()
        await board.counts(pool)
        counting = 1000 * (perf_counter() - began)
        await pool.close()
    print(f"slowest page: {worst[1]:.1f} ms, {worst[0]}; counts by program and stage: {counting:.0f} ms")
    against = f"{journeys:,} journeys; median {median(took):.1f} ms"
    return [Figure("board_p99_ms", quantiles(took, n=100)[98], "ms", None, against, "under 20")]


def main() -> None:
    report("The board", asyncio.run(measure()))


if __name__ == "__main__":
    main()
    ending.leave(Exit.OK)
