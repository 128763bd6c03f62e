"""Where a command came in: kept beside the events that it brings about, for the audit (R3).

It is set once, where a request or a command line comes in, and read where something is recorded or sent to a workflow.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Annotated

from pydantic import Field

from domain.values import Frozen

_Word = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[\x21-\x7e]+$")]


class Origin(Frozen):
    actor: _Word
    """Whoever was known at the door: `key:ID`, `cli`, `bulk:ID`. Unlike `by`, nobody can claim it."""
    channel: _Word
    """Which door: `http`, `page`, `cli`, `bulk`."""
    correlation: _Word | None = None
    """The id of the request, as it is in the log lines and in the header `X-Request-Id` of the response."""


_ORIGIN: ContextVar[Origin | None] = ContextVar("origin", default=None)


def current_origin() -> Origin | None:
    return _ORIGIN.get()


@contextmanager
def coming_from(origin: Origin) -> Iterator[None]:
    """For what is done inside, also in tasks that are made there."""
    token = _ORIGIN.set(origin)
    try:
        yield
    finally:
        _ORIGIN.reset(token)
