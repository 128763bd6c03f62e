"""Takes journeys up again that the log knows and Temporal does not run: after the loss of a Temporal server."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from temporalio.client import Client

from domain.ids import JourneyId
from interfaces.client import JourneyClient
from interfaces.open_journeys import open_rows
from store.database import Pool
from workflows.contract import WORKFLOW, Begin

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
        async for row in open_rows(pool, program)
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
            is_new = await journeys.begin(one.begin, one.journey)
        begun += is_new
        done += 1
        tell(done)

    async with asyncio.TaskGroup() as tasks:
        for one in lost:
            tasks.create_task(take_up(one))
    return begun
