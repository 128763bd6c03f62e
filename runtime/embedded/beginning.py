from enum import StrEnum


class Beginning(StrEnum):
    """How a call of `start` found its server."""

    STARTED = "started"
    ATTACHED = "already running"
