"""What the operations of `schedules` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import datetime
from typing import Literal

from client.api.model import Model


class ScheduleShown(Model):
    name: Literal["matching", "capacity", "monthly", "quality", "findings", "pulses", "silences"]
    does: str
    place: str
    every: str | None
    monthly: str | None
    standing: Literal["runs", "paused", "missing"]
    next: list[datetime]
    last: datetime | None
