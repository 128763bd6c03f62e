from enum import StrEnum


class StartResult(StrEnum):
    """What a call of `start` did."""

    STARTED = "started"
    ATTACHED = "already running"
