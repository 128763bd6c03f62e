"""What all operations share that change something: who gives the command, and what is answered.

A command is the body of its operation; what its address says is not repeated there. All of them can be repeated: the
same command with the same content changes nothing.
"""

from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Body

from domain.access import Caller, KeyRole
from domain.ids import SLUG, MentorId
from domain.values import Actor, Frozen, Personal
from store.transact import Transaction

Command = TypeVar("Command", bound=Frozen)

TheMentor = Annotated[MentorId, SLUG]
"""The id of a mentor in the address of what changes something about them."""


class Order(Frozen):
    """What every order may carry."""

    by: Actor | None = None
    """Who gives it, such as `ops:ana`. Default: whoever the key belongs to. A mentor's key gives orders as that mentor
    alone."""


class ForAReason(Order):
    reason: Personal = ""
    """It is recorded."""


AnyOrder = Annotated[Order, Body(default_factory=Order)]
AnyReason = Annotated[ForAReason, Body(default_factory=ForAReason)]
"""Both may be left out: an empty body says nothing."""


def giver(caller: Caller, by: str | None) -> str:
    """Who gives the command."""
    return caller.actor if by is None or caller.role is KeyRole.MENTOR else by


def given(caller: Caller, command: Command) -> Command:
    """The command of a body, given by whoever calls unless it says who gives it."""
    named = getattr(command, "by", None) if "by" in command.model_fields_set else None
    return command.model_copy(update={"by": giver(caller, named)})


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a command came to."""

    version: int
    """Of the stream that it was recorded in."""
    events: list[str]
    """Their types, as in docs/contract.md. Empty: this was already so, and nothing changed."""


def recorded(done: Transaction[Any, Any]) -> Recorded:
    return Recorded(done.after.version, [one.type for one in done.events])
