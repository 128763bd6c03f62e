"""Arguments and options that need no conversion, and what none of them can be.

Typer converts by pydantic, whose import takes longer than a request.
"""

from collections.abc import Callable
from functools import partial
from math import isfinite
from typing import Any, Final, TypeVar

import typer
from typer.core import TyperGroup

_LARGEST: Final = 2**63 - 1

Command = TypeVar("Command", bound=Any)


class _Conversion:
    """Text stays text, a default stays as it is, and what is not given is nothing. Typer converts all else."""

    def __init__(self, made_by_typer: Callable[[], Any]) -> None:
        self._made_by_typer = made_by_typer

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        wanted = param.type_descriptor
        several = param.multiple or param.nargs != 1
        if several or not (value is None or (type(value) is wanted.annotation and not wanted.parameter_info.parser)):
            value = self._made_by_typer().coerce(value, param=param, ctx=ctx)
        for one in value if isinstance(value, list | tuple) else (value,):
            if wrong := _wrong_with(one):
                raise typer.BadParameter(wrong, ctx=ctx, param=param)
        return value


def _wrong_with(value: Any) -> str | None:
    """Why no command can take it: bytes of the command line that are no text, and numbers that nothing counts in."""
    match value:
        case str():
            return None if _is_text(value) else "it is not UTF-8 text"
        case int() if abs(value) > _LARGEST:
            return f"it is beyond {_LARGEST:,}"
        case float() if not isfinite(value):
            return "it is not a number that can be counted with"
        case _:
            return None


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in value


def convert_if_needed(command: Command) -> Command:
    """The same command, or group of commands."""
    command.get_params = partial(_prepared, command.get_params)
    if isinstance(command, TyperGroup):
        for one in command.commands.values():
            convert_if_needed(one)
    return command


def _prepared(get_params: Callable[[Any], list[Any]], ctx: Any) -> list[Any]:
    """With the option --help, which is made when it is first asked for."""
    params = get_params(ctx)
    for param in params:
        if not isinstance(param.get_runtime_param, partial):
            param.get_runtime_param = partial(_Conversion, param.get_runtime_param)
    return params
