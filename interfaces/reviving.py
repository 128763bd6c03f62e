"""Takes journeys up again that the log knows and Temporal does not run: after the loss of a Temporal server."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from temporalio.client import Client

from domain.ids import JourneyId
from interfaces.client import JourneyClient
from projections import board
from projections.board import BoardRow, Filter
from store.database import Pool
from workflows.contract import WORKFLOW, Begin

_PAGE = 1_000
_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Lost:
    """An open journey that Temporal does not run."""

    journey: JourneyId
    begin: Begin


async def find_lost(temporal: Client, pool: Pool, program: str | None = None) -> list[Lost]:
    """By name. Both the board and Temporal's list may be a moment behind; taking up one that runs changes nothing."""
    running = {
        one.id async for one in temporal.list_workflows(f"WorkflowType='{WORKFLOW}' AND ExecutionStatus='Running'")
    }
    return [
        Lost(row.journey, Begin(program=row.program, learner=row.learner))
        async for row in _open_rows(pool, program)
        if row.journey not in running
    ]


async def revive(journeys: JourneyClient, lost: Sequence[Lost], tell: Callable[[int], None]) -> int:
    """Takes them up from the log; their timers that fell due meanwhile come true at once. Returns how many it was.

    `tell` is called with how many are done. Whoever is interrupted may begin again.
    """
    at_once = asyncio.Semaphore(_AT_ONCE)
    begun = done = 0

    async def take_up(one: Lost) -> None:
        nonlocal begun, done
        async with at_once:
            begun += await journeys.begin(one.begin, one.journey)
        done += 1
        tell(done)

    async with asyncio.TaskGroup() as tasks:
        for one in lost:
            tasks.create_task(take_up(one))
    return begun


async def _open_rows(pool: Pool, program: str | None) -> AsyncIterator[BoardRow]:
    after = None
    while True:
        page = await board.page(pool, Filter(program=program, open=True), "journey", after, _PAGE)
        for row in page.rows:
            yield row
        if page.next is None:
            return
        after = page.next
