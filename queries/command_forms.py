"""The input and output of every command as JSON Schema, derived from the models that parse them."""

import inspect
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from domain.journey import COMMANDS, NamedCommand
from domain.values import PersonalMark
from kits.schema import DIALECT, notes_of
from queries.answer_schemas import bounds_named, may_grow
from workflows.contract import REJECTED, Answer


@dataclass(frozen=True, slots=True)
class CommandForm:
    name: str
    """The name of the signal and of the update, and the argument of `trellis send JOURNEY`."""
    says: str
    input: Mapping[str, Any]
    """JSON Schema of its input."""
    personal: tuple[str, ...]
    """The fields that may hold personal data, which stays in the log: never in ids, metrics or search attributes."""
    output: Mapping[str, Any]
    """JSON Schema of the answer to an update; fields may be added. For a repeated command `events` is empty."""
    refusal: str
    """The type of the application error that rejects an update. Its message is the reason, for people; its
    details are an object with `code` and `data`, for programs."""


def command_forms() -> list[CommandForm]:
    """In the order of the contract."""
    return [command_form(name) for name in COMMANDS]


@cache
def command_form(name: str) -> CommandForm:
    """Raises KeyError when there is no such command."""
    kind = COMMANDS[name]
    return CommandForm(
        name=name,
        says=inspect.cleandoc(kind.__doc__ or ""),
        input=_input(kind),
        personal=_personal(kind),
        output={"$schema": DIALECT, **may_grow(Answer.model_json_schema())},
        refusal=REJECTED,
    )


def _personal(model: type[BaseModel]) -> tuple[str, ...]:
    fields = model.model_fields.items()
    return tuple(name for name, field in fields if _is_marked(field) or any(map(_personal, _parts(field.annotation))))


def _is_marked(field: FieldInfo) -> bool:
    return any(isinstance(one, PersonalMark) for one in field.metadata)


def _parts(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that the type of a field contains."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for one in get_args(annotation):
        yield from _parts(one)


def _input(kind: type[NamedCommand]) -> dict[str, Any]:
    schema = {"$schema": DIALECT, **bounds_named(kind.model_json_schema(mode="validation"))}
    notes = notes_of(sys.modules[kind.__module__])
    for field, content in schema["properties"].items():
        if note := notes.get((kind.__name__, field)):
            content["description"] = note
    return schema
