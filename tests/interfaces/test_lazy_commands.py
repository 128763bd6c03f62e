"""Commands are known before they are imported: `trellis --help` is quick, and says what each command says of itself."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from interfaces.cli.commands import app
from interfaces.cli.lazy import LazyCommand

_HELP = """
import sys
from interfaces.cli.commands import app
try:
    app(["--help"])
finally:
    print(sorted({name.split(".")[0] for name in sys.modules}))
"""


def lazy(group: Any, *before: str) -> Iterator[Any]:
    for name, command in group.commands.items():
        if isinstance(command, LazyCommand):
            yield pytest.param(command, id=" ".join((*before, name)))
            loaded = command.load()
            if hasattr(loaded, "commands"):
                yield from lazy(loaded, *before, name)


@pytest.mark.parametrize("command", list(lazy(app)))
def test_the_line_in_the_list_begins_the_help_of_the_command(command: LazyCommand) -> None:
    assert command.load().help.split("\n\n")[0] == command.help


def test_help_imports_no_command() -> None:
    ran = subprocess.run([sys.executable, "-c", _HELP], capture_output=True, text=True, check=True)
    assert "Start a learner's journey" in ran.stdout
    heavy = {"domain", "store", "projections", "asyncpg", "temporalio", "pydantic"}
    assert not [name for name in heavy if f"'{name}'" in ran.stdout]
