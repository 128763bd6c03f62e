"""What a page is asked to do, as its address knows it: which form was sent, and what carries it out."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel

from interfaces.http.pages.acting import Again, Done, act
from interfaces.http.pages.fields import Form

NOTHING = "\N{EN DASH}"
"""Stands in a table where there is nothing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A form that was sent."""

    kind: type[BaseModel]
    form: Form
    do: Callable[[Any], Awaitable[str | Done]]
    """Carries out what the form says, and tells what was done."""
    told: Callable[[Any], Awaitable[Sequence[str]]] | None = None
    """Of a grave act: says what it will do, before it is done."""


async def answered(request: Request, asked: Asked, back_to: str, again: Again) -> Response:
    """As `act`, for what can be repeated: the same once more changes nothing."""

    async def do(said: Any, _: object) -> str | Done:
        return await asked.do(said)

    return await act(request, asked.kind, asked.form, do, back_to=back_to, again=again, consequences=asked.told)


def misfit(field: str, error: Exception) -> RequestValidationError:
    """What is wrong with a field, which only whoever carries it out finds."""
    return RequestValidationError([{"loc": ("body", field), "msg": str(error), "type": "value_error"}])
