"""Looks over the shoulder of every activity of journeys: its log lines say of which step they are, what it recorded is
counted, and a database that is slow or away is told of.
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

COMMAND_OUTCOMES = Counter(
    "trellis_commands",
    "Commands of people that this process recorded, by outcome; what is no command of ours is `unknown`.",
    ["command", "outcome"],
)
_REJECTED = "rejected"
_UNKNOWN = "unknown"
for _command in COMMANDS:  # a series begins at 0, not at 1: a rate does not see the first event otherwise
    COMMAND_OUTCOMES.labels(_command, "obeyed")
    COMMAND_OUTCOMES.labels(_command, _REJECTED)
COMMAND_OUTCOMES.labels(_UNKNOWN, _REJECTED)

_UNANSWERED = 10_000


class Watching(Interceptor):
    def __init__(self, postgres: Availability = POSTGRES) -> None:
        self._postgres = postgres
        self._counting = _Counting()

    def intercept_activity(
        self,
        next: ActivityInboundInterceptor,  # noqa: A002 - the SDK's name
    ) -> ActivityInboundInterceptor:
        return _WatchedActivity(next, self._postgres, self._counting)


class _WatchedActivity(ActivityInboundInterceptor):
    def __init__(self, inner: ActivityInboundInterceptor, postgres: Availability, counting: "_Counting") -> None:
        super().__init__(inner)
        self._postgres = postgres
        self._counting = counting

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - the SDK's name
        records = [one for one in input.args if isinstance(one, Record)]
        with structlog.contextvars.bound_contextvars(**_place(records)):
            try:
                with self._postgres.call(activity.info().activity_type):
                    result = await super().execute_activity(input)
            except Exception as error:
                for record in records:
                    self._counting.unanswered(record)
                if not is_away(error):
                    raise
                # Told once for the outage; neither with a stack trace for each attempt, nor as a fault of the activity.
                raise ApplicationError(
                    f"Postgres does not answer: {in_short(error)}",
                    type="PostgresAway",
                    category=ApplicationErrorCategory.BENIGN,
                ) from error
        for record in records:
            if isinstance(result, Recorded):
                self._counting.answered(record, result)
        return result


def _place(records: Iterable[Record]) -> dict[str, object]:
    """What the log lines of an activity bear. A line that knows the version that was reached says it itself."""
    info = activity.info()
    place: dict[str, object] = {
        "journey": info.workflow_id,
        "run": info.workflow_run_id,
        "activity": info.activity_type,
        "attempt": info.attempt,
    }
    for record in records:
        cause = record.cause
        place |= {"command": cause.command, "by": cause.by, "order": cause.order}
        place |= {"version": record.expected_version + len(record.facts)}
    return place


class _Counting:
    """Counts each record once, however often it is repeated. After a lost answer an activity finds its facts in the
    log, put there by an attempt that could not be counted: then it is the repetition that counts.
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
