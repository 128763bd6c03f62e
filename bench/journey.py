"""The cost of a whole journey in Temporal, and the CPU of each of its steps compared with a floor.

The journey is one of the shipped program, from the intake to the closing conversation, with every session attended and
every milestone submitted and passed; its timers fire as they would. The floors of the same run are an empty workflow
from start to result, and a workflow with one empty activity. The worker is the one of production, which runs workflows
without the SDK's sandbox; so does the worker of the floors.
"""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from runtime import ending
from runtime.exits import Exit

with workflow.unsafe.imports_passed_through():
    from bench.cost import Cost, Meter
    from bench.databases import fresh, server
    from bench.options import quick
    from bench.table import Figure, report
    from client.journeys import JourneyClient
    from domain.ids import JourneyId, PathwayId
    from domain.kit import Kit
    from kits.loading import load_kit, publish
    from roles.journeys import worker as journeys_worker
    from roles.part import Process
    from runtime.embedded.time_skipping import time_skipping_server
    from settings import Settings
    from store.database import Pool, open_pool
    from workflows.contract import SEARCH_ATTRIBUTES, TASK_QUEUE, Begin

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
PATHWAY = PathwayId("sprint")
ANSWERS = {
    "goal": "I am changing careers",
    "target_role": "Data engineer",
    "urgency": "within 4 weeks",
    "experience": "some projects",
    "confidence": 4,
    "style": "trying it out",
    "hours": 8,
    "time_zone": "Europe/Berlin",
    "times": ["weekday evenings"],
}


@workflow.defn
class Empty:
    @workflow.run
    async def run(self) -> None:
        return None


@activity.defn
async def nothing() -> None:
    return None


@workflow.defn
class OneActivity:
    @workflow.run
    async def run(self) -> None:
        await workflow.execute_activity(nothing, start_to_close_timeout=timedelta(seconds=10))


def story(kit: Kit, mentor: str = "m-1") -> Iterator[tuple[datetime, str, dict[str, Any]]]:
    """The commands that people send on this journey, in the order of time."""
    matched = START + timedelta(days=2)
    yield START + timedelta(hours=1), "submit_intake", {"answers": ANSWERS, "by": "learner:l-1"}
    yield START + timedelta(days=1), "review_intake", {"verdict": "approve", "pathway": PATHWAY}
    yield matched, "offer_match", {"mentor": mentor}
    for who in kit.matching.asks:
        yield matched, "answer_offer", {"answer": "accept", "who": who}
    pathway = kit.pathway(PATHWAY)
    assert pathway, "the program that ships has this pathway"
    steps: list[tuple[datetime, str, dict[str, Any]]] = []
    for session in pathway.sessions:
        done = matched + session.after + session.length + timedelta(minutes=5)
        steps.append((done, "record_attendance", {"session": session.id, "attendance": "attended"}))
    for milestone in pathway.milestones:
        handed_in = matched + milestone.due - timedelta(hours=6)
        steps.append((handed_in, "submit_milestone", {"milestone": milestone.id, "by": "learner:l-1"}))
        review = {"milestone": milestone.id, "verdict": "passed", "score": 80, "by": f"mentor:{mentor}"}
        steps.append((handed_in + timedelta(days=1), "review_milestone", review))
    yield from sorted(steps, key=lambda step: step[0])
    yield matched + pathway.ends + timedelta(days=2), "complete_wrap_up", {}


async def main() -> None:
    journeys, floors = (3, 20) if quick() else (12, 150)
    kit = load_kit(Path("programs/job-ready"))
    async with (
        server() as postgres,
        time_skipping_server(search_attributes=SEARCH_ATTRIBUTES, manual=True) as temporal,
    ):
        pool = await open_pool(await fresh(postgres), max_size=10)
        await publish(pool, kit)
        queue = f"floors-{uuid4()}"
        floor = Worker(
            temporal.client,
            task_queue=queue,
            workflows=[Empty, OneActivity],
            activities=[nothing],
            workflow_runner=UnsandboxedWorkflowRunner(),
        )
        async with floor, journeys_worker(Process(Settings(), temporal.client, pool)):
            figures = await _measure(temporal.client, queue, pool, kit, journeys=journeys, floors=floors)
        pool.terminate()
    report("A whole journey, and the floor under a step of it", figures)


async def _measure(client: Client, queue: str, pool: Pool, kit: Kit, *, journeys: int, floors: int) -> list[Figure]:
    meter = Meter.of_server_and_this_process()
    for kind in (Empty, OneActivity):
        await _floor(meter, client, queue, kind, 5)  # warm
    empty = await _floor(meter, client, queue, Empty, floors)
    bare = await _floor(meter, client, queue, OneActivity, floors)
    ids = [JourneyId(f"whole-{uuid4()}") for _ in range(journeys)]
    with meter.measuring() as spent:
        commands = await asyncio.gather(*(_play(client, kit, journey) for journey in ids))
    cost = spent()
    described = await client.get_workflow_handle(ids[0]).describe()
    size = described.raw_description.workflow_execution_info.history_size_bytes
    events = await pool.fetchval("select version from trellis.streams where stream = $1", f"journey-{ids[0]}")
    steps = commands[0] + await _timers(pool, ids[0])
    worker, temporal = _each(cost, journeys * steps)
    activity_worker, activity_server = (
        1000 * (bare.here - empty.here) / floors,
        1000 * (bare.server - empty.server) / floors,
    )
    return [
        Figure("journey_steps", steps, "commands and timers"),
        Figure("journey_log_events", events, "events in the log"),
        Figure(
            "journey_history_events", described.history_length, "events", described.history_length / steps, "a step"
        ),
        Figure("journey_history_bytes", size, "bytes", size / steps, "a step"),
        Figure("step_worker_cpu_ms", worker, "ms a step", worker / activity_worker, "a bare activity in a workflow"),
        Figure(
            "step_server_cpu_ms", temporal, "ms a step", temporal / activity_server, "a bare activity in a workflow"
        ),
        Figure("empty_workflow_worker_cpu_ms", 1000 * empty.here / floors, "ms, start to result"),
        Figure("empty_workflow_server_cpu_ms", 1000 * empty.server / floors, "ms, start to result"),
        Figure("bare_activity_worker_cpu_ms", activity_worker, "ms more than empty"),
        Figure("bare_activity_server_cpu_ms", activity_server, "ms more than empty"),
        Figure("journeys_a_minute", 60 * journeys / cost.seconds, "whole journeys"),
    ]


def _each(cost: Cost, count: int) -> tuple[float, float]:
    return 1000 * cost.here / count, 1000 * cost.server / count


async def _floor(meter: Meter, client: Client, queue: str, kind: type[Empty | OneActivity], count: int) -> Cost:
    with meter.measuring() as cost:
        for batch in range(0, count, 10):
            await asyncio.gather(
                *(
                    client.execute_workflow(kind.run, id=f"floor-{uuid4()}", task_queue=queue)
                    for _ in range(min(10, count - batch))
                )
            )
    return cost()


async def _play(client: Client, kit: Kit, journey: JourneyId) -> int:
    """Sends every command; the timers between them fire on the way. Returns how many commands were sent."""
    steering = JourneyClient(client, TASK_QUEUE)
    await steering.begin(Begin(program=kit.program, learner="l-1", rehearse_from=START), journey)
    sent = 1
    for at, command, payload in story(kit, f"m-{journey}"):
        await steering.send(journey, command, payload | {"at": at.isoformat()})
        sent += 1
    await client.get_workflow_handle(journey).result()
    return sent


async def _timers(pool: Pool, journey: JourneyId) -> int:
    """How many of the appends were caused by a rule."""
    sql = (
        "select count(distinct meta ->> 'order') from trellis.events where stream = $1 and meta ->> 'rule' is not null"
    )
    return int(await pool.fetchval(sql, f"journey-{journey}"))


if __name__ == "__main__":
    asyncio.run(main())
    ending.leave(Exit.OK)
