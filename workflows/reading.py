"""Reading the payload of a command, and saying what is wrong with it."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import to_json
from temporalio import workflow
from temporalio.common import RawValue

from domain.journey import COMMANDS, NamedCommand
from domain.origin import Origin
from domain.refusal import Rejected
from domain.values import AS_BEFORE, LAST_POSITION, Instant, Whole
from workflows.contract import MAX_PAYLOAD_BYTES
from workflows.refusals import Code
from workflows.run_input import CommandEnvelope

_MOMENT: TypeAdapter[datetime] = TypeAdapter(Instant)
_ENVELOPE: Mapping[str, TypeAdapter[Any]] = {
    "if_version": TypeAdapter(Annotated[Whole, Field(ge=0, le=LAST_POSITION)]),
    "origin": TypeAdapter(Origin),
}
"""What a payload may hold beside the fields of any command."""
_OF_THE_ENVELOPE = frozenset({"at", *_ENVELOPE})
CANCEL = "cancel"
"""Under this name a request to cancel the workflow is refused, and a command of this name likewise."""
_UNREADABLE = "__unreadable__"
_TOO_LARGE = "__too_large__"


@dataclass(frozen=True, slots=True)
class Identity:
    """The identity of a command, and the one that earlier releases gave it."""

    id: str
    legacy_id: str


def content_of(args: Sequence[RawValue]) -> bytes:
    """Two signals with the same name are equal when this is."""
    return b"\0".join(one.payload.data for one in args)


def receive(
    identity: Identity, name: str, args: Sequence[RawValue], now: datetime, *, rehearsal: bool
) -> CommandEnvelope:
    """Accepts whatever was sent. Never raises: what cannot be read is refused when it is handled."""
    payload = payload_of(args)
    at, envelope = now, {}
    if isinstance(payload, dict) and not payload.keys().isdisjoint(_OF_THE_ENVELOPE):
        payload = dict(payload)
        if rehearsal and "at" in payload:
            at = moment_of(payload.pop("at")) or now
        envelope = _taken_out(payload)
    return CommandEnvelope(id=identity.id, legacy_id=identity.legacy_id, name=name, payload=payload, at=at, **envelope)


def _taken_out(payload: dict[str, Any]) -> dict[str, Any]:
    """The fields of the envelope. One that does not fit stays where it is, and the command is refused for it."""
    envelope: dict[str, Any] = {}
    for field, kind in _ENVELOPE.items():
        with suppress(ValidationError):
            if field in payload:
                envelope[field] = kind.validate_python(payload[field])
                del payload[field]
    return envelope


def problem_with_size(args: Sequence[RawValue]) -> str | None:
    size = sum(len(one.payload.data) for one in args)
    if size <= MAX_PAYLOAD_BYTES:
        return None
    return (
        f"the payload has {size} bytes and a command takes {MAX_PAYLOAD_BYTES}: keep the bulk elsewhere and send a link"
    )


def payload_of(args: Sequence[RawValue]) -> Any:
    """The first argument, or an object that says why it cannot be read. Never raises."""
    if not args:
        return {}
    if problem := problem_with_size(args):
        return {_TOO_LARGE: problem}
    try:
        content = workflow.payload_converter().from_payload(args[0].payload, Any)
    except Exception as error:  # noqa: BLE001 - a mistake of the sender's must not stop the journey
        return {_UNREADABLE: type(error).__name__}
    return {} if content is None else content


def moment_of(value: object) -> datetime | None:
    """None for what is no moment."""
    try:
        return _MOMENT.validate_python(value)
    except ValidationError:
        return None


def read(envelope: CommandEnvelope, *, as_before: bool = False) -> NamedCommand:
    """The command in an envelope. `as_before`: by the rules of earlier releases, which accepted texts for numbers and
    any year.

    Raises:
        Rejected: when there is no such command or its payload does not fit, saying which field and why. The message
            repeats nothing of the payload, which may be personal.
    """
    if envelope.name == CANCEL:
        raise Rejected(
            Code.NOT_CANCELABLE, "a journey is not canceled; `withdraw` or `end_early` closes it, with a reason"
        )
    kind = COMMANDS.get(envelope.name)
    if kind is None:
        raise Rejected(
            Code.UNKNOWN_COMMAND,
            f"there is no command of this name; there are: {', '.join(COMMANDS)}",
            {"commands": list(COMMANDS)},
        )
    if not isinstance(envelope.payload, dict):
        raise Rejected(Code.NOT_AN_OBJECT, f"the payload is not an object with named fields, such as {_example(kind)}")
    if _TOO_LARGE in envelope.payload:
        raise Rejected(Code.TOO_LARGE, envelope.payload[_TOO_LARGE], {"limit": MAX_PAYLOAD_BYTES})
    if _UNREADABLE in envelope.payload:
        problem = envelope.payload[_UNREADABLE]
        raise Rejected(Code.NOT_JSON, f"the payload is not JSON ({problem}); it should look like {_example(kind)}")
    try:
        command = kind.model_validate(envelope.payload, context=AS_BEFORE if as_before else None)
    except ValidationError as error:
        raise Rejected(
            Code.MISFIT, f"the payload does not fit: {_problems(error)}", {"fields": _known_fields(kind, error)}
        ) from None
    if broken := [field for field, value in envelope.payload.items() if not _is_text(value)]:
        raise Rejected(
            Code.MISFIT,
            f"the payload does not fit: {', '.join(broken)}: half of a surrogate pair is no character",
            {"fields": broken},
        )
    return command


def _is_text(value: object) -> bool:
    """False where half of a surrogate pair is in it, which JSON can write and nothing can keep: a journey that tried to
    would stand still."""
    try:
        to_json(value)
    except (ValueError, UnicodeError):  # PydanticSerializationError is a ValueError
        return False
    return True


def _example(kind: type[NamedCommand]) -> str:
    needed = [name for name, field in kind.model_fields.items() if field.is_required()]
    return "{" + ", ".join(f'"{name}": …' for name in needed or ["by"]) + "}"


def _problems(error: ValidationError) -> str:
    return "; ".join(
        f"{'.'.join(str(part) for part in one['loc']) or 'payload'}: {one['msg']}"
        for one in error.errors(include_input=False, include_url=False)
    )


def _known_fields(kind: type[NamedCommand], error: ValidationError) -> list[str]:
    """The command's own fields that are wrong or missing. Any other name is free text of the sender."""
    wrong = {one["loc"][0] for one in error.errors(include_input=False, include_url=False) if one["loc"]}
    return [name for name in kind.model_fields if name in wrong]
