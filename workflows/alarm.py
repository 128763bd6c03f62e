"""The one Temporal timer of a journey: for the earliest of its deadlines."""

import asyncio
from datetime import datetime

from temporalio import workflow


class Alarm:
    """Setting it to the moment it already has does nothing; any other moment replaces the timer."""

    def __init__(self) -> None:
        self._at: datetime | None = None
        self._sleep: asyncio.Task[None] | None = None

    @property
    def is_due(self) -> bool:
        return self._sleep is not None and self._sleep.done()

    def set(self, at: datetime, now: datetime, summary: str) -> None:
        if at == self._at and not self.is_due:
            return
        self.clear()
        self._at = at
        self._sleep = asyncio.create_task(workflow.sleep(max((at - now).total_seconds(), 0), summary=summary))

    def clear(self) -> None:
        if self._sleep is not None and not self._sleep.done():
            self._sleep.cancel()
        self._at = self._sleep = None
