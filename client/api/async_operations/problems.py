"""The operations of `problems`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from client.api import models
from client.api.awaiting import AsyncConnection
from client.api.calls import Call, path


class AsyncProblemsOperations(AsyncConnection):
    async def list_problem_codes(self) -> list[models.ProblemCode]:
        """Every code of a problem, with what it means."""
        return await self._call(Call("GET", "/problems"), list[models.ProblemCode])

    async def get_problem_code(self, code: str) -> models.ProblemCode:
        """What a code means. Answers where the `type` of a problem leads."""
        return await self._call(Call("GET", path("/problems/{code}", code=code)), models.ProblemCode)
