"""Waiting for workflows on a machine that is slow, or has only just begun."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import chain, repeat
from time import monotonic
from typing import Final, TypeVar

from client.journeys import NotAnswering, TaskFailing

Answer = TypeVar("Answer")

PATIENCE: Final = timedelta(minutes=10)
"""For one answer: far longer than a slow machine takes, and not for ever."""
_PAUSES_SECONDS = (0.05, 0.1, 0.2, 0.5)
_LONGEST_PAUSE_SECONDS = 1.0
_TELL_SECONDS = 3.0
"""A shorter wait is nothing to tell."""


async def patiently(
    ask: Callable[[], Awaitable[Answer]],
    tell: Callable[[str], None] = lambda _: None,
    *,
    unanswered: type[Exception] = NotAnswering,
    patience: timedelta = PATIENCE,
) -> Answer:
    """Asks again for as long as nobody answers: `ask` must be safe to repeat.

    Raises what `ask` raises; `unanswered` when the patience is at its end, and TaskFailing at once, for no waiting
    helps against that.
    """
    began = monotonic()
    for pause in chain(_PAUSES_SECONDS, repeat(_LONGEST_PAUSE_SECONDS)):
        try:
            return await ask()
        except unanswered as error:
            waited = monotonic() - began
            if isinstance(error, TaskFailing) or waited >= patience.total_seconds():
                raise
            if waited >= _TELL_SECONDS:
                tell(f"waiting for a worker to answer, {waited:.0f} s so far")
        await asyncio.sleep(pause)
    raise AssertionError  # there is always another pause
