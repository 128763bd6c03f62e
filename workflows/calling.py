"""How a journey calls an activity: as a local one first; where that fails, through the server, however long it takes.

A local activity costs about half of a regular one in history and in time. But its retries are kept in the history too,
so that an outage of Postgres would fill it; a regular one retries on the server, where people see it and nothing grows.
The figures are in docs/adr/0003.
"""

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
    """The reply of an activity, however long the world outside is away.

    Raises:
        ApplicationError: when the activity says that asking again will not help.
    """
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
