"""Heartbeats of a long activity: its death is noticed long before the attempt would end."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

from temporalio import activity

_IN_A_SILENCE = 5


def _nothing() -> Sequence[Any]:
    return ()


@asynccontextmanager
async def heartbeats(silence: timedelta, details: Callable[[], Sequence[Any]] = _nothing) -> AsyncIterator[None]:
    """Reports several times within the silence after which the worker is taken for dead, and once at the end.

    `details`: what the next attempt can go on from, or what people see of the progress.
    """

    async def beat() -> None:
        while True:
            activity.heartbeat(*details())
            await asyncio.sleep(silence.total_seconds() / _IN_A_SILENCE)

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating
        activity.heartbeat(*details())
