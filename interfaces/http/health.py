"""Whether a process is alive, and whether it can do its work; if not, what is missing."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter, Response
from pydantic import BaseModel

Check = Callable[[], Awaitable[str | None]]
"""Answers None when all is well, or says what is not, in a few words without secrets. May raise."""

_SECONDS = 3.0


class Readiness(BaseModel):
    ready: bool
    problems: dict[str, str] = {}
    """What is not ready, and why."""


def router(checks: Mapping[str, Check]) -> APIRouter:
    routes = APIRouter(tags=["health"])

    @routes.get("/livez")
    async def live() -> dict[str, bool]:
        """The process answers. Says nothing of the servers it needs: restarting it would not bring them back."""
        return {"alive": True}

    @routes.get("/readyz", responses={503: {"model": Readiness}})
    async def ready(response: Response) -> Readiness:
        """Everything that the process needs answers too; 503 says what does not."""
        found = await problems(checks)
        response.status_code = 503 if found else 200
        return Readiness(ready=not found, problems=found)

    return routes


async def problems(checks: Mapping[str, Check]) -> dict[str, str]:
    """All checks at once, each with three seconds."""
    answers = await asyncio.gather(*(_asked(check) for check in checks.values()))
    return {name: answer for name, answer in zip(checks, answers, strict=True) if answer}


async def _asked(check: Check) -> str | None:
    try:
        async with asyncio.timeout(_SECONDS):
            return await check()
    except TimeoutError:
        return f"no answer in {_SECONDS:.0f} seconds"
    except Exception as error:  # noqa: BLE001 - whatever is wrong there is the answer
        return f"{type(error).__name__}: {error}"
