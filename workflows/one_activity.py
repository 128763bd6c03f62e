"""How a workflow that a Schedule begins calls its activity: again and again, until what it found is in the log."""

from datetime import timedelta
from typing import TypeVar

from pydantic import BaseModel
from temporalio import workflow
from temporalio.common import RetryPolicy

Reply = TypeVar("Reply")

_PATIENT = RetryPolicy(initial_interval=timedelta(seconds=2), maximum_interval=timedelta(minutes=2))


async def call_until_done(
    activity: str,
    question: BaseModel,
    reply: type[Reply],
    *,
    summary: str,
    within: timedelta = timedelta(minutes=5),
    heartbeats: timedelta | None = None,
) -> Reply:
    """While a view is being rebuilt, or Postgres is away, it waits. The activity can be repeated. `within`: the longest
    that one attempt takes; `heartbeats`: after so long without one, another attempt is made."""
    answer: Reply = await workflow.execute_activity(
        activity,
        question,
        result_type=reply,
        start_to_close_timeout=within,
        heartbeat_timeout=heartbeats,
        retry_policy=_PATIENT,
        summary=summary,
    )
    return answer
