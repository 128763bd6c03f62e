"""What every command takes and answers with, for programs that give them: told by the models that read them."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.journey import COMMANDS, PersonCommand, commands
from domain.values import PersonalMark
from interfaces.kit_schema import DIALECT, notes_of
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
    """JSON Schema of what an update answers with. Obeyed before, its `events` are empty and nothing has changed."""
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
        personal=tuple(field for field, has in kind.model_fields.items() if _is_personal(has.metadata)),
        output={"$schema": DIALECT, **Answer.model_json_schema()},
        refusal=REJECTED,
    )


def _is_personal(metadata: list[Any]) -> bool:
    return any(isinstance(one, PersonalMark) for one in metadata)


def _input(kind: type[PersonCommand]) -> dict[str, Any]:
    schema = {"$schema": DIALECT, **kind.model_json_schema(mode="validation")}
    notes = notes_of(commands)
    for field, content in schema["properties"].items():
        if note := notes.get((kind.__name__, field)):
            content["description"] = note
    return schema
