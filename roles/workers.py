"""What all workers of Temporal share. The tests run workflows in the SDK's sandbox; here they run without, for a fifth
of the CPU (docs/adr/0008)."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from importlib import metadata
from typing import Any

from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from runtime.activity_metrics import ActivityMetrics
from settings import Settings

_BUILD = f"trellis-{metadata.version('trellis-mentoring')}"
"""Without one of our own, the SDK reads the code of all modules at every start, which takes half a second."""
_STICKY = timedelta(seconds=3)
"""How long a workflow task waits for the worker that has the workflow cached: so much later does another take over from
one that was killed. The SDK's default is 10 s."""
_HEARTBEATS = timedelta(seconds=60)
"""The SDK's default: at least so often is a heartbeat passed on."""


def temporal_worker(
    client: Client,
    settings: Settings,
    task_queue: str,
    workflows: Sequence[type],
    activities: Sequence[Callable[..., Any]],
    *,
    activities_at_once: int,
    local_activities_at_once: int | None = None,
    workflow_tasks_at_once: int | None = None,
    heartbeats_within: timedelta = _HEARTBEATS,
) -> Worker:
    return Worker(
        client,
        task_queue=task_queue,
        workflows=workflows,
        activities=activities,
        workflow_runner=UnsandboxedWorkflowRunner(),
        build_id=_BUILD,
        max_concurrent_workflow_tasks=workflow_tasks_at_once,
        max_concurrent_activities=activities_at_once,
        max_concurrent_local_activities=local_activities_at_once,
        interceptors=[ActivityMetrics()],
        max_heartbeat_throttle_interval=heartbeats_within,
        graceful_shutdown_timeout=timedelta(seconds=settings.shutdown_seconds),
        sticky_queue_schedule_to_start_timeout=_STICKY,
    )
