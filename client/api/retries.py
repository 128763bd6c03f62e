"""When a request is sent again, and after how long."""

from __future__ import annotations

import random
from dataclasses import dataclass

import httpx2

from client.api.problems import Problem, TooManyRequests, TrellisError, Unavailable

UNDER_WAY = "request_in_progress"
"""The code of a 409 for an idempotency key whose first request is still being handled."""


@dataclass(frozen=True)
class Retries:
    """How often, and for how long. A request that might be carried out twice is never sent again."""

    attempts: int = 5
    """All of them, the first one too. 1: never again."""
    patience: float = 30.0
    """Seconds in all that a call may spend waiting between attempts."""

    def pause(self, attempt: int, error: TrellisError, waited: float) -> float | None:
        """Seconds to wait before the next attempt; None to give up. `attempt` counts from 1."""
        if attempt >= self.attempts:
            return None
        asked = error.retry_after if isinstance(error, Problem) else None
        pause = asked if asked is not None else random.uniform(0.5, 1.0) * min(0.2 * 2**attempt, 5.0)  # noqa: S311
        return pause if waited + pause <= self.patience else None


def may_repeat(error: TrellisError, *, harmless: bool) -> bool:
    """Whether another attempt may succeed, and cannot do anything twice.

    `harmless`: the request changes nothing, or carries an idempotency key.
    """
    if isinstance(error, TooManyRequests) or isinstance(error.__cause__, httpx2.ConnectError):
        return True  # it was not looked at
    if isinstance(error, Problem) and not isinstance(error, Unavailable):
        return harmless and error.code == UNDER_WAY
    return harmless
