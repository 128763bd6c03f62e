"""Tells a sequencer in the same process about commits, so that it need not poll for them."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakKeyDictionary

_listeners: WeakKeyDictionary[asyncio.AbstractEventLoop, set[asyncio.Event]] = WeakKeyDictionary()


def announce_commit() -> None:
    """Must be called after each commit that added events. Costs nothing where no sequencer runs."""
    for event in _listeners.get(asyncio.get_running_loop(), ()):
        event.set()


@contextmanager
def announced_commits() -> Iterator[asyncio.Event]:
    """An event that is set by every commit in this event loop, whatever the database. It is only a hint: commits in
    other processes, threads and event loops do not set it. Clear it before reading the log, not after.
    """
    event = asyncio.Event()
    listeners = _listeners.setdefault(asyncio.get_running_loop(), set())
    listeners.add(event)
    try:
        yield event
    finally:
        listeners.discard(event)
