"""What every command takes and answers with, for programs that give them: told by the models that read them."""

import inspect
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from domain.journey import COMMANDS, NamedCommand
from domain.values import PersonalMark
from kits.schema import DIALECT, notes_of
from queries.answer_schemas import may_grow
from workflows.contract import REJECTED, Answer


@dataclass(frozen=True, slots=True)
class CommandForm:
    name: str
    """Of the signal, of the update, and after `trellis send JOURNEY`."""
    says: str
    input: Mapping[str, Any]
    """JSON Schema of what it takes."""
    personal: tuple[str, ...]
    """The fields that may hold personal data: kept in the log, and in no id, metric or search attribute."""
    output: Mapping[str, Any]
    """JSON Schema of what an update answers with; fields may be added. Obeyed before, its `events` are empty and
    nothing has changed."""
    refusal: str
    """The type of the application error with which an update is refused; its message is the reason, for people."""


def command_forms() -> list[CommandForm]:
    """In the order of the contract."""
    return [command_form(name) for name in COMMANDS]


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
    """The models that a field is made of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for one in get_args(annotation):
        yield from _parts(one)


def _input(kind: type[NamedCommand]) -> dict[str, Any]:
    schema = {"$schema": DIALECT, **kind.model_json_schema(mode="validation")}
    notes = notes_of(sys.modules[kind.__module__])
    for field, content in schema["properties"].items():
        if note := notes.get((kind.__name__, field)):
            content["description"] = note
    return schema
