"""Arguments and options that need no conversion.

Typer converts by pydantic, whose import takes longer than a request.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from typer.core import TyperGroup

Command = TypeVar("Command", bound=Any)


class _Conversion:
    """Text stays text, a default stays as it is, and what is not given is nothing. Typer converts all else."""

    def __init__(self, made_by_typer: Callable[[], Any]) -> None:
        self._made_by_typer = made_by_typer

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        wanted = param.type_descriptor
        several = param.multiple or param.nargs != 1
        if not several and (value is None or (type(value) is wanted.annotation and not wanted.parameter_info.parser)):
            return value
        return self._made_by_typer().coerce(value, param=param, ctx=ctx)


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
