"""The time by which activities of programs record: the machine's, or in a play that of its scenario."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def machine_time() -> datetime:
    return datetime.now(UTC)
