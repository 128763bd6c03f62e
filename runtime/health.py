"""Whether a process is alive, whether it can do its work, and whether something waits for a person.

The three are kept apart. A process that is not alive is restarted; one that is not ready gets no traffic; and what
waits for a person stays open until somebody decides, while the process keeps serving.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from fastapi import APIRouter, Response
from pydantic import BaseModel

Answer = TypeVar("Answer")
Check = Callable[[], Awaitable[str | None]]
"""Returns None when all is well, otherwise what is wrong, in a few words without secrets. May raise."""
Progress = Callable[[], Awaitable[Mapping[str, float]]]
"""What is being built, with how much of it is done, from 0 to 1. May raise."""

_SECONDS = 3.0


class Readiness(BaseModel):
    ready: bool
    problems: dict[str, str] = {}
    """What the process cannot serve without, and what is wrong there. Empty when it is ready."""
    attention: dict[str, str] | None = None
    """What waits for a person to decide; the process serves meanwhile. Absent when nothing does."""
    building: dict[str, float] | None = None
    """What is being built, and how much is done, from 0 to 1. Absent when nothing is."""


async def nothing() -> Mapping[str, float]:
    return {}


def router(checks: Mapping[str, Check], concerns: Mapping[str, Check], progress: Progress = nothing) -> APIRouter:
    """`checks` are what the process cannot serve without, `concerns` what waits for a person."""
    routes = APIRouter(tags=["health"])

    @routes.get("/livez")
    async def live() -> dict[str, bool]:
        """The process responds. Does not check the servers it depends on: restarting it would not bring them back."""
        return {"alive": True}

    @routes.get("/readyz", responses={503: {"model": Readiness}}, response_model_exclude_none=True)
    async def ready(response: Response) -> Readiness:
        """200 when the process can serve, with what waits for a person; 503, with what is missing, when it cannot."""
        found, waiting, building = await asyncio.gather(problems(checks), answers(concerns), _ask(progress))
        response.status_code = 503 if found else 200
        return Readiness(
            ready=not found,
            problems=found,
            attention={name: answer for name, answer in waiting.items() if answer} or None,
            building=dict(building) if isinstance(building, Mapping) and building else None,
        )

    return routes


async def problems(checks: Mapping[str, Check]) -> dict[str, str]:
    """Runs all checks at once, each for at most three seconds. A check that raises is a problem."""
    found = await asyncio.gather(*(_ask(check) for check in checks.values()))
    said = {name: _in_words(answer) for name, answer in zip(checks, found, strict=True)}
    return {name: words for name, words in said.items() if words}


async def answers(concerns: Mapping[str, Check]) -> dict[str, str | None]:
    """Leaves out the checks that raised: an unavailable server is a problem of readiness already."""
    found = await asyncio.gather(*(_ask(check) for check in concerns.values()))
    return {name: answer for name, answer in zip(concerns, found, strict=True) if not isinstance(answer, BaseException)}


async def _ask(ask: Callable[[], Awaitable[Answer]]) -> Answer | BaseException:
    """Returns an exception instead of raising it. A call that does not react to cancellation, as to a frozen server, is
    not waited for.
    """
    asking = asyncio.ensure_future(ask())
    asking.add_done_callback(lambda one: one.cancelled() or one.exception())  # or it is reported as never retrieved
    try:
        done, _ = await asyncio.wait({asking}, timeout=_SECONDS)
        return (asking.exception() or asking.result()) if done else TimeoutError()
    finally:
        asking.cancel()


def _in_words(answer: str | BaseException | None) -> str | None:
    if isinstance(answer, TimeoutError):
        return f"no answer in {_SECONDS:.0f} seconds"
    return f"{type(answer).__name__}: {answer}" if isinstance(answer, BaseException) else answer
