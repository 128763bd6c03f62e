"""`trellis program diff`: what is different in another version, in words."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.markup import escape

from domain.kit import Kit
from domain.words import by_role
from interfaces.cli.named_kits import kits_named
from interfaces.cli.options import Json
from interfaces.cli.screen import out, print_json
from kits.diff import Difference, differences

_WHICH = "The old kit: a folder, or the PROGRAM@VERSION or digest of a published kit."
_Old = Annotated[str, typer.Argument(help=_WHICH)]
_New = Annotated[str, typer.Argument(help="The new kit, in the same form.")]


def diff(old: _Old, new: _New, *, json: Json = False) -> None:
    """Explain what changes, and for whom, between two kits.

    Comparing two folders needs no server. Exit code 0, whether or not there are differences.
    """
    before, after = kits_named((old, new))
    found = differences(before.kit, after.kit)
    if json:
        print_json({"old": before.digest, "new": after.digest, "differences": found})
    else:
        _say(before.kit, after.kit, found)


def _say(old: Kit, new: Kit, found: Sequence[Difference]) -> None:
    console = out()
    console.print(f"[bold]{escape(new.title)}[/]: from {old.program} {old.version} to {new.program} {new.version}")
    if not found:
        console.print("Nothing changes: both kits run every journey in the same way.")
    for whom in ("learner", "mentor", "ops", "all"):
        those = [one for one in found if one.whom == whom]
        if those:
            console.print(f"\n[bold]For {'everybody' if whom == 'all' else by_role(whom)}[/]")
        for one in those:
            console.print(f"  {escape(one.says)}  [dim]{escape(_places(one))}[/]", soft_wrap=True)


def _places(one: Difference) -> str:
    """In both files, the old one first."""
    return " \N{RIGHTWARDS ARROW} ".join(place for place in (one.before, one.after) if place)
