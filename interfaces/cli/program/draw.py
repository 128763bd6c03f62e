"""`trellis program draw`: the one diagram of a program."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from interfaces.cli.answers import write
from interfaces.cli.options import KitFolder
from interfaces.cli.screen import complain, out
from kits.draw import mermaid, svg
from kits.loading import load_kit
from runtime.exits import Exit


class Format(StrEnum):
    svg = "svg"
    mermaid = "mermaid"


_Format = Annotated[Format, typer.Option("--format", help="An SVG image, or text for Mermaid.")]
_To = Annotated[Path | None, typer.Option(help="The file to write. Default: standard output.")]


def draw(kit: KitFolder, *, form: _Format = Format.svg, to: _To = None) -> None:
    """Draw a program: stages, decisions, pathways, timers, and escalations.

    The same kit always gives the same bytes.
    """
    read = load_kit(kit)
    picture = svg(read) if form is Format.svg else mermaid(read)
    if to is None:
        write(picture)
        return
    try:
        to.write_text(picture)
    except OSError as error:
        complain(f"{to}: {error.strerror}. Give another path.")
        raise typer.Exit(Exit.BAD_INPUT) from None
    out().print(f"Drew {read.program} {read.version} to {to}", markup=False)
