"""Looks over the shoulder of every activity: its logs carry the journey's id, and its outcome is counted."""

from typing import Any

import structlog
from prometheus_client import Counter
from temporalio import activity
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from domain.journey.commands import COMMANDS
from domain.ports import Record, Recorded

COMMAND_OUTCOMES = Counter(
    "trellis_commands",
    "Commands of people that this process recorded, by outcome; what is no command of ours is `unknown`.",
    ["command", "outcome"],
)
_REJECTED = "rejected"


class Watching(Interceptor):
    def intercept_activity(
        self,
        next: ActivityInboundInterceptor,  # noqa: A002 - the SDK's name
    ) -> ActivityInboundInterceptor:
        return _WatchedActivity(next)


class _WatchedActivity(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - the SDK's name
        info = activity.info()
        with structlog.contextvars.bound_contextvars(
            journey=info.workflow_id, activity=info.activity_type, attempt=info.attempt
        ):
            result = await super().execute_activity(input)
        for argument in input.args:
            if isinstance(argument, Record) and isinstance(result, Recorded) and result.in_place:
                _count(argument)
        return result


def _count(record: Record) -> None:
    if record.cause.command == _REJECTED:
        asked = str(record.facts[0].data.get("command"))
        COMMAND_OUTCOMES.labels(asked if asked in COMMANDS else "unknown", "rejected").inc()
    elif record.cause.command in COMMANDS:
        COMMAND_OUTCOMES.labels(record.cause.command, "obeyed").inc()
