"""What connections of the pool are used for. Reading waits for its share of them, so that what changes something never
waits for readers."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum


class Use(Enum):
    CHANGES = "changes"
    """Anything that nobody has said to be reading: it may take every connection."""
    READING = "reading"
    REPORTS = "reports"
    """What takes long to count."""


_USE: ContextVar[Use] = ContextVar("use", default=Use.CHANGES)


def use() -> Use:
    """Of the present task."""
    return _USE.get()


@contextmanager
def used_for(what: Use) -> Iterator[None]:
    """Within it, and in the tasks that are begun within it."""
    token = _USE.set(what)
    try:
        yield
    finally:
        _USE.reset(token)
