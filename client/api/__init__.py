"""The client of Trellis' HTTP API, for Python: blocking and asynchronous, typed, with retries.

    from client.api import Trellis

    with Trellis("https://trellis.example.org", key="…") as trellis:
        for row in trellis.iterate_journeys(program="job-ready", overdue=True):
            print(row.journey, row.waiting_for)

It needs httpx2 and nothing of Trellis. docs/client.md describes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from client.api.model import UNSET, Model, Unset
from client.api.operations import Operations
from client.api.problems import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    NotUnderstood,
    Problem,
    TooManyRequests,
    TrellisError,
    Unaddressable,
    Unauthorized,
    Unavailable,
    Unreachable,
    VersionMismatch,
)
from client.api.retries import Retries

if TYPE_CHECKING:
    from client.api.asynchronous import AsyncTrellis


class Trellis(Operations):
    """The client that blocks until there is an answer."""


def __getattr__(name: str) -> Any:
    """Imports the other client when it is first asked for: asyncio takes as long as all the rest."""
    if name != "AsyncTrellis":
        raise AttributeError(f"{__name__} has no {name}")
    from client.api.asynchronous import AsyncTrellis

    return AsyncTrellis


__all__ = [
    "UNSET",
    "AsyncTrellis",
    "Conflict",
    "Forbidden",
    "Invalid",
    "Model",
    "NotFound",
    "NotUnderstood",
    "Problem",
    "Retries",
    "TooManyRequests",
    "Trellis",
    "TrellisError",
    "Unaddressable",
    "Unauthorized",
    "Unavailable",
    "Unreachable",
    "Unset",
    "VersionMismatch",
]
