"""What all operations share that change something: who gives the command, and for what reason.

The body of an operation holds the fields of its command that its address does not say. All of them can be repeated: the
same content changes nothing, and the answer says so.
"""

from typing import Annotated, TypeVar

from fastapi import Body, Query
from fastapi.exceptions import RequestValidationError
from pydantic import StringConstraints, ValidationError

from domain.access import Caller, KeyRole
from domain.ids import SLUG, MentorId
from domain.values import Actor, Frozen, Personal

Command = TypeVar("Command", bound=Frozen)

TheMentor = Annotated[MentorId, SLUG]
"""The id of a mentor in the address of what changes something about them."""


Said = Annotated[Personal, StringConstraints(strip_whitespace=True, min_length=1)]
"""Free text that has to say something: spaces alone do not."""


class Order(Frozen):
    """What every order may carry."""

    by: Annotated[Actor, StringConstraints(max_length=128)] | None = None
    """Who gives it, such as `ops:ana`. Default: whoever the key belongs to. A mentor's key gives orders as that mentor
    alone."""


class ForAReason(Order):
    reason: Personal = ""
    """It is recorded."""


GivenBy = Annotated[
    Actor | None,
    Query(alias="by", max_length=128, description="Who does this, such as ops:ana. Default: whoever the key is for."),
]
"""For what has no body to say it."""
AnyOrder = Annotated[Order, Body(default_factory=Order)]
AnyReason = Annotated[ForAReason, Body(default_factory=ForAReason)]
"""Both may be left out: an empty body says nothing."""


def giver(caller: Caller, by: str | None) -> str:
    """Who gives the command."""
    return caller.actor if by is None or caller.role is KeyRole.MENTOR else by


def command_of(kind: type[Command], body: Order, caller: Caller) -> Command:
    """The command that the body describes.

    Raises RequestValidationError where the command is stricter than its body, such as about its size as a whole.
    """
    try:
        return kind.model_validate(body.model_dump() | {"by": giver(caller, body.by)})
    except ValidationError as error:
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in error.errors()]) from error
