"""From what is typed after `trellis send` to the payload of a command."""

import difflib
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from domain.journey import COMMANDS
from domain.values import Frozen
from interfaces.cli.inputs import standard_input

Command = TypeVar("Command", bound=Frozen)


class BadCommandError(Exception):
    """What was typed is no command: what is wrong with it, and how it should look. Nothing was sent."""


def payload_of(command: str, json_input: str | None, fields: Iterable[str], by: str | None) -> dict[str, Any]:
    """The payload that the JSON and the fields make together; a field counts more than the JSON.

    Raises:
        BadCommandError: when there is no such command, or the payload does not fit it.
    """
    kind = COMMANDS[known_command(command)]
    payload = fields_of(kind, json_input, fields)
    if by:
        payload["by"] = by
    checked(command, kind, payload)
    return payload


def fields_of(kind: type[Frozen], json_input: str | None, fields: Iterable[str]) -> dict[str, Any]:
    """What the JSON and the fields say together; a field counts more than the JSON.

    Raises:
        BadCommandError: when they cannot be read.
    """
    payload = _object(json_input) if json_input is not None else {}
    for field in fields:
        _set(kind, payload, field)
    return payload


def checked(name: str, kind: type[Command], payload: Mapping[str, Any]) -> Command:
    """Raises BadCommandError when the payload does not fit the command."""
    try:
        return kind.model_validate(payload)
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, one['loc'])) or 'payload'}: {one['msg']}" for one in error.errors())
        raise BadCommandError(f"{name}: {problems}. {_usage(kind)}") from None


def typed(name: str, what: str, kind: Any, given: str) -> Any:
    """One argument as this type. Raises BadCommandError."""
    try:
        return TypeAdapter(kind).validate_python(given)
    except ValidationError as error:
        problem = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise BadCommandError(f"{name}: {what} {given[:60]!r}: {problem}") from None


def known_command(command: str) -> str:
    """Its name as the contract has it. Raises BadCommandError, which names the nearest."""
    name = command.replace("-", "_")
    if name in COMMANDS:
        return name
    near = difflib.get_close_matches(name, COMMANDS, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"Available: {', '.join(COMMANDS)}"
    raise BadCommandError(f"{command!r} is not a command. {hint}")


def _object(text: str) -> dict[str, Any]:
    given = standard_input() if text == "-" else text
    try:
        content = from_json(given)
    except ValueError as error:
        wanted = '--json-input \'{"reason": "travels"}\''
        raise BadCommandError(f"--json-input is not JSON: {error}. Write for instance: {wanted}") from None
    if not isinstance(content, dict):
        raise BadCommandError('--json-input is not an object with named fields, such as \'{"reason": "travels"}\'')
    return content


def _set(kind: type[Frozen], payload: dict[str, Any], field: str) -> None:
    name, equals, value = field.partition("=")
    if not equals or not name.strip(":."):
        raise BadCommandError(f"--field {field!r} must have a name and a value, such as --field reason=travels")
    *path, last = name.removesuffix(":").split(".")
    inside = payload
    for part in path:
        inside = inside.setdefault(part, {})
        if not isinstance(inside, dict):
            raise BadCommandError(f"--field {field!r}: {part!r} already has a value, so it cannot have fields")
    if name.endswith(":"):
        inside[last] = _json_value(field, value)
    else:
        inside[last] = value if path else _as_meant(kind, last, value)


def _as_meant(kind: type[Frozen], name: str, typed: str) -> Any:
    """The text, or what it says as JSON where the field takes no such text and takes that: `confidence=7`."""
    if name not in kind.model_fields:
        return typed
    field: TypeAdapter[Any] = TypeAdapter(kind.model_fields[name].rebuild_annotation())
    for meant in (lambda: typed, lambda: from_json(typed)):
        try:
            field.validate_python(meant())
        except ValueError:
            continue
        return meant()
    return typed


def _json_value(field: str, text: str) -> Any:
    try:
        return from_json(text)
    except ValueError as error:
        raise BadCommandError(f"--field {field!r}: the text after := is not valid JSON: {error}") from None


def _usage(kind: type[Frozen]) -> str:
    fields: Mapping[str, Any] = kind.model_fields
    needed = [name for name, field in fields.items() if field.is_required()]
    optional = [name for name in fields if name not in needed]
    return f"Required fields: {', '.join(needed) or 'none'}" + (
        f". Optional: {', '.join(optional)}" if optional else ""
    )
