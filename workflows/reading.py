"""From what came in to what it asks: reading the payload of a command, and saying what is wrong with it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError
from temporalio import workflow
from temporalio.common import RawValue

from domain.journey import COMMANDS, PersonCommand, Rejected
from domain.values import Instant
from workflows.contract import Order

_MOMENT: TypeAdapter[datetime] = TypeAdapter(Instant)
_UNREADABLE = "__unreadable__"


def receive(order_id: str, name: str, args: Sequence[RawValue], now: datetime, *, rehearsal: bool) -> Order:
    """Takes in whatever was sent. Never raises: what cannot be read is said when its turn comes."""
    payload = _content(args)
    at = now
    if rehearsal and isinstance(payload, dict) and "at" in payload:
        payload = dict(payload)
        at = _moment(payload.pop("at")) or now
    return Order(id=order_id, name=name, payload=payload, at=at)


def _content(args: Sequence[RawValue]) -> Any:
    if not args:
        return {}
    try:
        content = workflow.payload_converter().from_payload(args[0].payload)
    except Exception as error:  # noqa: BLE001 whatever is wrong with it, it is the sender's, and must not stop the journey
        return {_UNREADABLE: type(error).__name__}
    return {} if content is None else content


def _moment(value: object) -> datetime | None:
    try:
        return _MOMENT.validate_python(value)
    except ValidationError:
        return None


def read(order: Order) -> PersonCommand:
    """The command that an order stands for.

    Raises:
        Rejected: when there is no such command or its payload does not fit, saying which field and why. Repeats nothing
            of what was sent, for it may be personal.
    """
    kind = COMMANDS.get(order.name)
    if kind is None:
        raise Rejected(f"there is no command of this name; there are: {', '.join(COMMANDS)}")
    if not isinstance(order.payload, dict):
        raise Rejected(f"the payload is not an object with named fields, such as {_example(kind)}")
    if _UNREADABLE in order.payload:
        raise Rejected(f"the payload is not JSON ({order.payload[_UNREADABLE]}); it should look like {_example(kind)}")
    try:
        return kind.model_validate(order.payload)
    except ValidationError as error:
        raise Rejected(f"the payload does not fit: {_problems(error)}") from None


def _example(kind: type[PersonCommand]) -> str:
    needed = [name for name, field in kind.model_fields.items() if field.is_required()]
    return "{" + ", ".join(f'"{name}": …' for name in needed or ["by"]) + "}"


def _problems(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(str(part) for part in one['loc']) or 'payload'}: {one['msg']}"
        for one in error.errors(include_input=False, include_url=False)
    )
