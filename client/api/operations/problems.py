"""The operations of `problems`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from client.api import models
from client.api.blocking import Connection
from client.api.calls import Call, path


class ProblemsOperations(Connection):
    def list_problem_codes(self) -> list[models.ProblemCode]:
        """Every code of a problem, with what it means."""
        return self._call(Call("GET", "/problems"), list[models.ProblemCode])

    def get_problem_code(self, code: str) -> models.ProblemCode:
        """What a code means. Answers where the `type` of a problem leads."""
        return self._call(Call("GET", path("/problems/{code}", code=code)), models.ProblemCode)
