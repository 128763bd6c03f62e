"""`trellis program check`: everything that is wrong with a kit."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.markup import escape

from domain.kit import Kit
from interfaces.cli.findings import say_findings
from interfaces.cli.options import Json, KitFolder
from interfaces.cli.screen import err, out, print_json
from kits.loading import KitError, read_kit
from kits.problems import Finding, Problem
from runtime.exits import Exit

_Strict = Annotated[bool, typer.Option("--strict", help="Treat warnings as errors.")]


def check(kit: KitFolder, *, strict: _Strict = False, json: Json = False) -> None:
    """Check a kit. Every problem comes with its file, line, column, and a fix.

    Needs no server. Exit code 0: the kit can be published, though there may be warnings. Exit code 2: it cannot be
    published, or there are warnings and --strict was given.
    """
    try:
        reading = read_kit(kit)
        read, problems = reading.kit, reading.warnings
    except KitError as error:
        read, problems = None, error.problems
    passed = read is not None and not (strict and problems)
    if json:
        print_json({"passed": passed, "kit": _facts(read) if read else None, "problems": [*map(Finding.of, problems)]})
    else:
        _say(read, problems)
    if not passed:
        raise typer.Exit(Exit.BAD_INPUT)


def _facts(kit: Kit) -> dict[str, str]:
    return {"program": kit.program, "version": kit.version, "digest": kit.digest}


def _say(kit: Kit | None, problems: Sequence[Problem]) -> None:
    say_findings(problems)
    errors = sum(one.grave for one in problems)
    if errors:
        err().print(f"{_counted(errors, 'error')}, {_counted(len(problems) - errors, 'warning')}")
    elif kit:
        holds = f"{kit.title} ({kit.program} {kit.version}, {kit.digest[:12]}) is valid"
        out().print(escape(holds) + (f", with {_counted(len(problems), 'warning')}" if problems else ""))


def _counted(many: int, what: str) -> str:
    return f"{many} {what}{'' if many == 1 else 's'}"
