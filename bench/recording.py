"""Compares ways to record a step: a local activity, a regular one, or a local one first and then a regular one.

A step is a timer and one append. Measured for each: history events and bytes, CPU of the worker and of the server, and
the growth of the history while Postgres is down (`--outage SECONDS`). docs/adr/0003 has the figures and the decision.
"""

import asyncio
from argparse import Namespace
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any
from uuid import uuid4

from temporalio import workflow
from temporalio.client import Client, WorkflowHandle
from temporalio.common import RetryPolicy
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from runtime import ending
from runtime.exits import Exit

with workflow.unsafe.imports_passed_through():
    from activities.journeys import Journeys
    from bench.cost import Cost, Meter
    from bench.databases import fresh, server
    from bench.options import parser
    from bench.table import Figure, report
    from domain.ids import JourneyId, journey_stream
    from domain.journey.events import OutcomeRecorded
    from runtime.embedded.postgres import PostgresServer
    from runtime.embedded.temporal import PROGRAM
    from store.database import open_pool
    from workflows.calling import call_activity
    from workflows.journey_activities import RECORD, Cause, Record, Recorded, facts

WAYS = ("local", "regular", "both")
_FOR_EVER = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=20))


@workflow.defn
class Steps:
    """Takes the given number of steps, each a timer and one append, and records them in one of the ways."""

    @workflow.run
    async def run(self, way: str, steps: int) -> None:
        stream = journey_stream(JourneyId(workflow.info().workflow_id))
        for version in range(steps):
            await workflow.sleep(0.001)
            event = OutcomeRecorded(at=workflow.now(), kind="note", value=f"step {version}")
            cause = Cause(order=str(version), command="record_outcome", by="ops")
            record = Record(stream=stream, expected_version=version, facts=facts(stream, version, [event]), cause=cause)
            await _RECORD[way](record)


async def _local(record: Record) -> Recorded:
    answer: Recorded = await workflow.execute_local_activity(
        RECORD, record, result_type=Recorded, start_to_close_timeout=timedelta(seconds=30), retry_policy=_FOR_EVER
    )
    return answer


async def _regular(record: Record) -> Recorded:
    answer: Recorded = await workflow.execute_activity(
        RECORD, record, result_type=Recorded, start_to_close_timeout=timedelta(seconds=30), retry_policy=_FOR_EVER
    )
    return answer


async def _both(record: Record) -> Recorded:
    return await call_activity(RECORD, record, Recorded, summary="outcome_recorded")


_RECORD: dict[str, Callable[[Record], Awaitable[Recorded]]] = {"local": _local, "regular": _regular, "both": _both}


@dataclass(frozen=True)
class Stage:
    """What all measurements share."""

    client: Client
    task_queue: str
    postgres: PostgresServer
    meter: Meter

    async def start(self, way: str, steps: int) -> WorkflowHandle[Any, Any]:
        return await self.client.start_workflow(
            Steps.run, args=[way, steps], id=f"{way}-{uuid4()}", task_queue=self.task_queue
        )


async def main() -> None:
    options = _options()
    workflows, steps = (4, 10) if options.quick else (20, 40)
    async with server() as postgres, await _temporal() as environment:
        pool = await open_pool(await fresh(postgres), max_size=10)
        stage = Stage(environment.client, f"bench-{uuid4()}", postgres, Meter.of_server_and_this_process())
        async with Worker(
            environment.client, task_queue=stage.task_queue, workflows=[Steps], activities=Journeys(pool).all
        ):
            await _cost(stage, "both", 2, 5)  # warm
            figures = [figure for way in WAYS for figure in await _figures(stage, way, workflows, steps)]
            figures += await _outage(stage, options.outage or (20 if options.quick else 60))
        pool.terminate()
    report("Recording a step", figures)


async def _figures(stage: Stage, way: str, workflows: int, steps: int) -> list[Figure]:
    cost, events, size = await _cost(stage, way, workflows, steps)
    count = workflows * steps
    return [
        Figure(f"record_{way}_events", events / steps, "history events a step"),
        Figure(f"record_{way}_bytes", size / steps, "history bytes a step"),
        Figure(f"record_{way}_worker_cpu_ms", 1000 * cost.here / count, "ms a step"),
        Figure(f"record_{way}_server_cpu_ms", 1000 * cost.server / count, "ms a step"),
    ]


async def _cost(stage: Stage, way: str, workflows: int, steps: int) -> tuple[Cost, float, float]:
    with stage.meter.measuring() as cost:
        handles = await asyncio.gather(*(stage.start(way, steps) for _ in range(workflows)))
        await asyncio.gather(*(handle.result() for handle in handles))
    described = await handles[0].describe()
    size = described.raw_description.workflow_execution_info.history_size_bytes
    return cost(), described.history_length, size


async def _outage(stage: Stage, seconds: float) -> Sequence[Figure]:
    """Stops Postgres under one workflow of each way, and counts how much its history grows meanwhile."""
    handles = {way: await stage.start(way, 100_000) for way in WAYS}
    await asyncio.sleep(1)
    await stage.postgres.stop()
    await asyncio.sleep(2)
    before = {way: (await handle.describe()).history_length for way, handle in handles.items()}
    with stage.meter.measuring() as cost:
        await asyncio.sleep(seconds)
    after = {way: (await handle.describe()).history_length for way, handle in handles.items()}
    await stage.postgres.start()
    back = await asyncio.gather(*(_seconds_until_it_goes_on(handle) for handle in handles.values()))
    for handle in handles.values():
        await handle.terminate()
    print(f"Postgres was away for {seconds:.0f} s; worker and server spent {cost().here + cost().server:.1f} s of CPU")
    return [
        *(
            Figure(f"outage_{way}_events", after[way] - before[way], f"history events in {seconds:.0f} s")
            for way in WAYS
        ),
        *(
            Figure(f"outage_{way}_resumed", waited, "s until it went on")
            for way, waited in zip(WAYS, back, strict=True)
        ),
    ]


async def _seconds_until_it_goes_on(handle: WorkflowHandle[Any, Any]) -> float:
    began, length = monotonic(), (await handle.describe()).history_length
    while (await handle.describe()).history_length < length + 30:  # noqa: ASYNC110 - it is the server that knows
        await asyncio.sleep(0.1)
    return monotonic() - began


async def _temporal() -> WorkflowEnvironment:
    return await WorkflowEnvironment.start_local(dev_server_existing_path=str(PROGRAM), dev_server_log_level="error")


def _options() -> Namespace:
    options = parser()
    options.add_argument("--outage", type=float, metavar="SECONDS", help="for how long Postgres is away")
    return options.parse_args()


if __name__ == "__main__":
    asyncio.run(main())
    ending.leave(Exit.OK)
