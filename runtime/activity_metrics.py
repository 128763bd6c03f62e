"""Observes every activity: its log lines say which step they belong to, recorded commands are counted, and a database
that is slow or away is reported.
"""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

import structlog
from prometheus_client import Counter
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from domain.journey.commands import COMMANDS
from store.availability import POSTGRES, Availability, in_short, is_away
from workflows.journey_activities import Record, Recorded
from workflows.notification_activities import Delivery
from workflows.webhook_activities import FollowWebhook, SendTestEvent

COMMAND_OUTCOMES = Counter(
    "trellis_commands",
    "Commands that this process recorded, by outcome.",
    ["command", "outcome"],
)
_REJECTED = "rejected"
_UNKNOWN = "unknown"
for _command in COMMANDS:  # a series starts at 0: a rate would not see the first event otherwise
    COMMAND_OUTCOMES.labels(_command, "obeyed")
    COMMAND_OUTCOMES.labels(_command, _REJECTED)
COMMAND_OUTCOMES.labels(_UNKNOWN, _REJECTED)

_UNANSWERED = 10_000


class ActivityMetrics(Interceptor):
    def __init__(self, postgres: Availability = POSTGRES) -> None:
        self._postgres = postgres
        self._counting = _CommandCounter()

    def intercept_activity(
        self,
        next: ActivityInboundInterceptor,  # noqa: A002 - the SDK's name
    ) -> ActivityInboundInterceptor:
        return _ObservedActivity(next, self._postgres, self._counting)


class _ObservedActivity(ActivityInboundInterceptor):
    def __init__(self, inner: ActivityInboundInterceptor, postgres: Availability, counting: "_CommandCounter") -> None:
        super().__init__(inner)
        self._postgres = postgres
        self._counting = counting

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - the SDK's name
        records = [one for one in input.args if isinstance(one, Record)]
        with structlog.contextvars.bound_contextvars(**_log_context(input.args)):
            try:
                # One that reports heartbeats is long by nature: it waits for mail servers, receivers, journeys.
                may_last = activity.info().heartbeat_timeout is not None
                with self._postgres.call(activity.info().activity_type, may_last=may_last):
                    result = await super().execute_activity(input)
            except Exception as error:
                for record in records:
                    self._counting.unanswered(record)
                if not is_away(error):
                    raise
                # Reported once for the outage, not with a stack trace for each attempt, nor as a fault of the activity.
                raise ApplicationError(
                    f"Postgres does not answer: {in_short(error)}",
                    type="PostgresAway",
                    category=ApplicationErrorCategory.BENIGN,
                ) from error
        for record in records:
            if isinstance(result, Recorded):
                self._counting.answered(record, result)
        return result


def _log_context(arguments: Iterable[object]) -> dict[str, object]:
    """The fields of every log line of an activity. A line that knows the version that was reached overrides it."""
    info = activity.info()
    context: dict[str, object] = {
        "journey": info.workflow_id,
        "run": info.workflow_run_id,
        "activity": info.activity_type,
        "attempt": info.attempt,
    }
    for one in arguments:
        match one:
            case Record(cause=cause):
                context |= {"command": cause.command, "by": cause.by, "order": cause.order}
                context |= {"version": one.expected_version + len(one.facts)}
            case FollowWebhook() | SendTestEvent():
                del context["journey"]
                context |= {"webhook": one.webhook}
            case Delivery():
                context |= {"journey": one.journey, "message": str(info.workflow_id).removeprefix("message-")}
    return context


class _CommandCounter:
    """Counts each record once, however often it is repeated. When the answer of an attempt was lost, that attempt could
    not be counted, so the repetition that finds its facts in the log is.
    """

    def __init__(self) -> None:
        self._unanswered: OrderedDict[str, None] = OrderedDict()

    def unanswered(self, record: Record) -> None:
        self._unanswered[record.append_id] = None
        while len(self._unanswered) > _UNANSWERED:
            self._unanswered.popitem(last=False)

    def answered(self, record: Record, recorded: Recorded) -> None:
        ours = record.append_id in self._unanswered
        self._unanswered.pop(record.append_id, None)
        if recorded.in_place and (ours or not recorded.repeated):
            _count(record)


def _count(record: Record) -> None:
    if record.cause.command == _REJECTED:
        asked = str(record.facts[0].data.get("command"))
        COMMAND_OUTCOMES.labels(asked if asked in COMMANDS else _UNKNOWN, _REJECTED).inc()
    elif record.cause.command in COMMANDS:
        COMMAND_OUTCOMES.labels(record.cause.command, "obeyed").inc()
