"""A real Temporal server on which every workflow has a clock of its own that can be moved. Nothing is kept.

The server's time skipping is experimental: whatever may change about it is in this one place.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from temporalio.common import SearchAttributeKey
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment

from runtime.embedded.temporal import BLOB_LIMIT, PROGRAM

_SETTINGS = (
    BLOB_LIMIT,
    'history.timerProcessorMaxTimeShift="1ms"',  # the default makes each skip wait for a real second
    "frontend.WorkflowTimeSkippingEnabled=true",
    "frontend.WorkflowTimeSkippingMaxSkipPerSession=1000000",  # the default, 200, ends in the middle of a long story
)


@asynccontextmanager
async def time_skipping_server(
    *, search_attributes: Sequence[SearchAttributeKey[Any]] = (), by_hand: bool = False
) -> AsyncIterator[WorkflowEnvironment]:
    """Yields an environment; its `client` speaks pydantic. Several servers may run at once, each on ports of its own.

    A workflow with nothing to do but wait has its clock moved to its next timer at once, or, `by_hand`, only as far as
    `environment.fast_forward(handle, duration)` says. That call may return before the workflow has handled what fell
    due: wait for its state before the next step. Schedules and other workflows' clocks do not move with it.
    """
    environment = await WorkflowEnvironment.start_time_skipping_v2(
        ts_config=TimeSkippingConfig(enabled=not by_hand),
        data_converter=pydantic_data_converter,
        search_attributes=search_attributes,
        dev_server_existing_path=str(PROGRAM),
        dev_server_extra_args=[part for each in _SETTINGS for part in ("--dynamic-config-value", each)],
        dev_server_startup_timeout=timedelta(seconds=30),
    )
    try:
        yield environment
    finally:
        await environment.shutdown()
