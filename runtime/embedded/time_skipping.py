"""A real Temporal server on which every workflow has its own clock, which can be moved. It keeps nothing on disk.

Time skipping is experimental in the server: only this file depends on it.
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
    "frontend.WorkflowTimeSkippingMaxSkipPerSession=1000000",  # the default, 200, is too few for a long journey
)


@asynccontextmanager
async def time_skipping_server(
    *, search_attributes: Sequence[SearchAttributeKey[Any]] = (), manual: bool = False
) -> AsyncIterator[WorkflowEnvironment]:
    """Yields an environment whose `client` has the pydantic data converter. Several servers may run at once, each on
    its own ports.

    The clock of a workflow that only waits skips to its next timer; with `manual`, it moves only by
    `environment.fast_forward(handle, duration)`. That call may return before the workflow has handled the timers that
    fired: wait for its state before the next step. Schedules and the clocks of other workflows do not move with it.
    """
    environment = await WorkflowEnvironment.start_time_skipping_v2(
        ts_config=TimeSkippingConfig(enabled=not manual),
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
