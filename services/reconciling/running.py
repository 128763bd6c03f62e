"""What Temporal knows of running workflows: many at once from its visibility, one from the workflow itself.

Visibility is a moment behind and good for about ten requests a second, with a thousand workflows each. It is read
without the SDK's objects, which cost more than the request.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from pydantic_core import from_json
from temporalio.api.common.v1 import SearchAttributes
from temporalio.api.workflowservice.v1 import ListWorkflowExecutionsRequest
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowQueryFailedError
from temporalio.service import RPCError, RPCStatusCode

from client.failing_tasks import FAILING_FROM_ATTEMPT
from workflows.contract import VERSION

_PAGE = 1_000
_BREATH_SECONDS = 0.1
"""Between two pages, to leave room for others that query visibility."""
_IDS_AT_ONCE = 100
_QUERY_SECONDS = 10.0
_PLAIN = re.compile(r"[A-Za-z0-9_.:@-]+")
"""Ids that need no escaping inside quotes."""
_FAILING = "TemporalReportedProblems IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Described:
    """A workflow that runs, as the server knows it at this moment."""

    version: int | None
    """What it has last shown; None when it never showed any."""
    attempt: int
    """How often its present workflow task has been tried; 0 when there is nothing to do."""

    @property
    def failing(self) -> bool:
        return self.attempt >= FAILING_FROM_ATTEMPT


class Silent(Exception):
    """Nobody answered for the workflow: no worker polls its task queue, or none has time."""


async def running(temporal: Client, workflow_type: str) -> AsyncIterator[dict[str, int | None]]:
    """Pages of all workflows of this type that run: by id, with the version that each shows."""
    token = b""
    while True:
        page, token = await _listed(temporal, _of(workflow_type), token)
        yield page
        if not token:
            return
        await asyncio.sleep(_BREATH_SECONDS)


async def running_among(temporal: Client, workflow_type: str, ids: Sequence[str]) -> dict[str, int | None]:
    """Those of these that run. Ids that would have to be quoted are left out: ask for them one by one."""
    plain = [one for one in ids if _PLAIN.fullmatch(one)]
    found: dict[str, int | None] = {}
    for first in range(0, len(plain), _IDS_AT_ONCE):
        if first:
            await asyncio.sleep(_BREATH_SECONDS)
        names = ", ".join(f"'{one}'" for one in plain[first : first + _IDS_AT_ONCE])
        page, _ = await _listed(temporal, f"{_of(workflow_type)} AND WorkflowId IN ({names})", b"")
        found |= page
    return found


async def count_running(temporal: Client, workflow_type: str) -> int:
    return (await temporal.count_workflows(_of(workflow_type))).count


async def failing(temporal: Client, workflow_type: str) -> list[str]:
    """The ids of those whose workflow task fails again and again, as far as the server reports that: after five times,
    and from version 1.30 on. At most a page."""
    try:
        page, _ = await _listed(temporal, f"{_of(workflow_type)} AND {_FAILING}", b"")
    except RPCError as error:
        if error.status == RPCStatusCode.INVALID_ARGUMENT:
            return []  # an older server
        raise
    return sorted(page)


async def describe(temporal: Client, workflow: str) -> Described | None:
    """None when Temporal does not run it."""
    try:
        described = await temporal.get_workflow_handle(workflow).describe()
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            return None
        raise
    if described.status != WorkflowExecutionStatus.RUNNING:
        return None
    raw = described.raw_description
    attempt = raw.pending_workflow_task.attempt if raw.HasField("pending_workflow_task") else 0
    return Described(_version(raw.workflow_execution_info.search_attributes), attempt)


async def ask_version(temporal: Client, workflow: str) -> int | None:
    """The version that the workflow itself says it is at; None before it has started. Raises Silent."""
    handle = temporal.get_workflow_handle(workflow)
    try:
        answer = await handle.query("status", rpc_timeout=timedelta(seconds=_QUERY_SECONDS))
    except WorkflowQueryFailedError:
        return None
    except RPCError as error:
        if error.status in (RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED):
            raise Silent(workflow) from error
        raise
    return int(answer["version"])


def _of(workflow_type: str) -> str:
    return f"WorkflowType = '{workflow_type}' AND ExecutionStatus = 'Running'"


async def _listed(temporal: Client, filter_: str, token: bytes) -> tuple[dict[str, int | None], bytes]:
    request = ListWorkflowExecutionsRequest(
        namespace=temporal.namespace, page_size=_PAGE, next_page_token=token, query=filter_
    )
    answer = await temporal.workflow_service.list_workflow_executions(request, retry=True)
    page = {one.execution.workflow_id: _version(one.search_attributes) for one in answer.executions}
    return page, answer.next_page_token


def _version(attributes: SearchAttributes) -> int | None:
    payload = attributes.indexed_fields.get(VERSION.name)
    value = from_json(payload.data) if payload and payload.data else None
    return int(value) if value is not None else None
