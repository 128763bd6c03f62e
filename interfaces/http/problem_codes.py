"""What every code of a problem means: GET /problems/CODE, where the `type` of a problem leads.

The file beside this one is written from docs/contract.md by `python -m tests.problem_codes`, and a test compares them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from fastapi import APIRouter

from domain.refusal import NotFound
from interfaces.http.access import JourneyReader
from interfaces.http.refusals import status_of_refusal

FILE = Path(__file__).with_name("problem_codes.json")


@dataclass(frozen=True, slots=True)
class ProblemCode:
    code: str
    status: int
    """That problems with this code are answered with."""
    refusal: bool
    """A command was refused as things are; the same codes are those of updates and events."""
    means: str
    data: str | None
    """What `data` has with it."""


@cache
def codes() -> Mapping[str, ProblemCode]:
    """By code."""
    return MappingProxyType({code: _code(code, **told) for code, told in json.loads(FILE.read_text()).items()})


def _code(code: str, means: str, data: str | None = None, status: int | None = None) -> ProblemCode:
    return ProblemCode(code, status or status_of_refusal(code), status is None, means, data)


def router() -> APIRouter:
    routes = APIRouter(prefix="/problems", tags=["problems"])

    @routes.get("")
    async def list_problem_codes(caller: JourneyReader) -> list[ProblemCode]:  # noqa: ARG001
        """Every code of a problem, with what it means."""
        return list(codes().values())

    @routes.get("/{code}")
    async def get_problem_code(code: str, caller: JourneyReader) -> ProblemCode:  # noqa: ARG001
        """What a code means. Answers where the `type` of a problem leads."""
        if found := codes().get(code):
            return found
        raise NotFound(f"There is no problem {code!r}; GET /problems lists those there are.")

    return routes
