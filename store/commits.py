"""Appends of this process that have committed, for the sequencer that shares the process: it need not look for them."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakKeyDictionary

_listening: WeakKeyDictionary[asyncio.AbstractEventLoop, set[asyncio.Event]] = WeakKeyDictionary()


def committed() -> None:
    """To be called after each commit that added events. Costs nothing where no sequencer runs."""
    for event in _listening.get(asyncio.get_running_loop(), ()):
        event.set()


@contextmanager
def heard() -> Iterator[asyncio.Event]:
    """An event that every commit sets from now on, whatever the database: a hint, and no more than that. Commits of
    other processes, threads and event loops are not heard. Whoever waits clears it before looking at the log.
    """
    event = asyncio.Event()
    listening = _listening.setdefault(asyncio.get_running_loop(), set())
    listening.add(event)
    try:
        yield event
    finally:
        listening.discard(event)
