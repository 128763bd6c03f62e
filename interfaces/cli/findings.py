"""What is wrong with a kit, as the terminal says it."""

from collections.abc import Sequence

from rich.markup import escape

from interfaces.cli.screen import err
from kits.problems import Problem

_SHOWN = 200


def say_findings(problems: Sequence[Problem]) -> None:
    """To stderr, a line each; of very many, the first."""
    for one in problems[:_SHOWN]:
        word = "[bold red]error[/]" if one.grave else "[yellow]warning[/]"
        place, _, rest = str(one).partition(": ")
        err().print(f"{escape(place)}: {word}: {escape(rest)}", soft_wrap=True)
    if len(problems) > _SHOWN:
        err().print(f"... and {len(problems) - _SHOWN:,} more")
