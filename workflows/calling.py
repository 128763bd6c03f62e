"""How a journey calls an activity: as a local one first; where that fails, through the server, however long it takes.

A local activity costs about half of a regular one in history and in time. But its retries are kept in the history too,
so that an outage of Postgres would fill it; a regular one retries on the server, where people see it and nothing grows.
The figures are in docs/adr/0003.
"""

import asyncio
from datetime import timedelta
from typing import TypeVar

from pydantic import BaseModel
from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, FailureError, is_cancelled_exception

Reply = TypeVar("Reply")

_LOCAL = RetryPolicy(initial_interval=timedelta(milliseconds=100), maximum_attempts=2)
_PATIENT = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=20))


async def call_activity(activity: str, question: BaseModel, reply: type[Reply], *, summary: str) -> Reply:
    """The reply of an activity, however long the world outside is away. A request to cancel the workflow interrupts an
    attempt and is followed by another: what is called here may be called again.

    Raises:
        ApplicationError: when the activity says that asking again will not help.
    """
    while True:
        try:
            return await _call(activity, question, reply, summary=summary)
        except (asyncio.CancelledError, FailureError) as error:
            if not is_cancelled_exception(error):
                raise
            await go_on_unless_evicted()


async def go_on_unless_evicted() -> None:
    """After a cancellation: returns when somebody asked to cancel the workflow, and ends the task otherwise.

    The SDK cancels the tasks of a workflow that it evicts from its cache too; it then takes no wait, but raises.
    """
    if workflow.cancellation_reason() is None:
        raise asyncio.CancelledError
    await workflow.wait_condition(lambda: True)
    if task := asyncio.current_task():
        task.uncancel()


async def _call(activity: str, question: BaseModel, reply: type[Reply], *, summary: str) -> Reply:
    try:
        local: Reply = await workflow.execute_local_activity(
            activity,
            question,
            result_type=reply,
            schedule_to_close_timeout=timedelta(seconds=5),
            retry_policy=_LOCAL,
            summary=summary,
        )
    except FailureError as error:
        _raise_if_final(error)
    else:
        return local
    try:
        patient: Reply = await workflow.execute_activity(
            activity,
            question,
            result_type=reply,
            start_to_close_timeout=timedelta(seconds=30),
            retry_policy=_PATIENT,
            summary=summary,
        )
    except FailureError as error:
        _raise_if_final(error)
        raise
    else:
        return patient


def _raise_if_final(error: FailureError) -> None:
    """A failure comes as itself from a local activity, and wrapped from a regular one."""
    failure = error.cause if isinstance(error, ActivityError) else error
    if isinstance(failure, ApplicationError) and failure.non_retryable:
        raise failure
    if is_cancelled_exception(error):
        raise error
