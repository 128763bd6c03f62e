"""Commands whose modules are imported only when they run, so that help and completion answer quickly.

The modules of commands import at their top, as everywhere else.
"""

import gc
from pkgutil import resolve_name
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from interfaces.cli.plain_parameters import convert_if_needed


class LazyCommand(TyperCommand):
    """Stands in a group for a command that has not been imported yet. Lists show its name and its line of help."""

    def __init__(self, name: str, place: str, help: str) -> None:  # noqa: A002 - as the class above has it
        """`place` is `module:attribute`: a function, or the `typer.Typer` or `TyperGroup` of further commands."""
        super().__init__(name, help=help)
        self._place = place

    def make_context(self, *args: Any, **options: Any) -> Any:
        """What parses and runs a command, and what completes it, goes on with the one that this context names."""
        return self.load().make_context(*args, **options)

    def load(self) -> Any:
        """Imports the command."""
        gc.disable()  # what is imported stays: looking through it for garbage takes a tenth of the time
        try:
            found = resolve_name(self._place)
        finally:
            gc.enable()
        if isinstance(found, TyperGroup):
            return found
        if isinstance(found, typer.Typer):
            return convert_if_needed(get_group(found))
        alone = typer.Typer(add_completion=False)
        alone.command(self.name)(found)
        return convert_if_needed(get_command(alone))
