"""The worker killed while a mail server has the letter: a real process, a real mail server, and no second letter."""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from uuid import uuid4

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from domain.ids import journey_stream, notification_stream
from domain.notification import notification_id
from runtime.courier import start_notification
from store.database import Pool
from tests.channels.smtp_servers import Sink, taking
from tests.messaging.told import became, reminded, somebody
from workflows.notification_activities import Delivery

ROOT = Path(__file__).parents[2]


class Slow(Sink):
    """Has the letter, and takes its time to say so."""

    def __init__(self) -> None:
        super().__init__()
        self.has_it, self.says_so = asyncio.Event(), asyncio.Event()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        said = await super().handle_DATA(server, session, envelope)
        self.has_it.set()
        await self.says_so.wait()
        return said


@asynccontextmanager
async def worker(environment: WorkflowEnvironment, dsn: str, smtp_port: int, folder: Path) -> AsyncIterator[Process]:
    """Of the role `messages` alone, as it is deployed."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("TRELLIS_", "TEMPORAL_"))}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "worker", "--roles", "messages"),
        cwd=folder,
        env=own
        | {
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": dsn,
            "TEMPORAL_ADDRESS": environment.client.service_client.config.target_host,
            "TRELLIS_HTTP_PORT": "0",
            "TRELLIS_SDK_METRICS_PORT": "0",
            "TRELLIS_MESSAGES": "smtp",
            "TRELLIS_SMTP_URL": f"smtp://127.0.0.1:{smtp_port}",
            "TRELLIS_MESSAGES_FROM": "trellis@example.org",
        },
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def workflow_of(environment: WorkflowEnvironment, deliver: Delivery) -> WorkflowHandle[object, object]:
    message = notification_id(journey_stream(deliver.journey), deliver.version, deliver.to)
    return environment.client.get_workflow_handle(notification_stream(message))


async def reset(environment: WorkflowEnvironment, deliver: Delivery) -> None:
    """Back to its first task, as somebody may do by hand."""
    first_task_done = 4
    await environment.client.workflow_service.reset_workflow_execution(
        ResetWorkflowExecutionRequest(
            namespace=environment.client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=workflow_of(environment, deliver).id),
            reason="the worker was killed",
            workflow_task_finish_event_id=first_task_done,
            request_id=str(uuid4()),
        )
    )


@pytest.mark.parametrize("by_hand", [True, False])
async def test_a_killed_worker_is_no_reason_for_a_second_letter(
    temporal: WorkflowEnvironment, pool: Pool, dsn: str, tmp_path: Path, by_hand: bool
) -> None:
    """Without anybody's help the server notices within seconds that its heartbeats have stopped."""
    deliver, sink = await reminded(pool, somebody()), Slow()
    async with taking(sink) as port, asyncio.timeout(120):
        async with worker(temporal, dsn, port, tmp_path) as first:
            await start_notification(temporal.client, deliver)
            await sink.has_it.wait()
            first.kill()
            await first.wait()
        sink.says_so.set()
        async with worker(temporal, dsn, port, tmp_path):
            if by_hand:
                await reset(temporal, deliver)
            await workflow_of(temporal, deliver).result()
    state, events = await became(pool, deliver)
    assert state
    assert (state.status, state.because) == ("uncertain", "the sender stopped in the middle of an attempt")
    assert events == ["wanted", "handed_over", "uncertain"]
    assert len(sink.envelopes) == 1
