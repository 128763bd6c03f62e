"""The arguments and options that several commands have."""

import getpass
from pathlib import Path
from typing import Annotated

import typer

from interfaces.cli import completing

Json = Annotated[bool, typer.Option("--json", help="Print the output as JSON.")]
Journey = Annotated[str, typer.Argument(help="The journey's id, such as job-ready.l-01.")]
Program = Annotated[
    str, typer.Argument(help="The id of a published program, such as job-ready.", autocompletion=completing.programs)
]
KitFolder = Annotated[Path, typer.Argument(help="The folder with program.yaml and the texts of the kit.")]
_SOMEBODY = "ops"


def _who(given: str | None) -> str | None:
    """Before anything is asked of a service. Raises BadParameter."""
    if given is None or given == _SOMEBODY:
        return given
    from pydantic import TypeAdapter, ValidationError

    from domain.values import Actor

    try:
        TypeAdapter(Actor).validate_python(given)
    except ValidationError:
        raise typer.BadParameter(f"{given[:60]!r}: write ops, or ops:ana", param_hint="--by") from None
    return given


By = Annotated[str, typer.Option(help="Who does this, such as ops or ops:ana. It is recorded.", callback=_who)]
DecidedBy = Annotated[
    str, typer.Option("--as", help="Who decides this. It is recorded.", default_factory=getpass.getuser)
]
Reason = Annotated[str, typer.Option("--reason", help="The reason. It is recorded.")]
