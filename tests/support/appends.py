"""Events to append where their content does not matter."""

from datetime import UTC, datetime
from uuid import uuid4

from store.event_log import NewEvent

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


def event(data: str = '{"n": 1}', at: datetime = AT) -> NewEvent:
    return NewEvent(uuid4(), "journey.noted", 1, data, at, {"by": "a test"})
