"""What is wrong with a kit, as the terminal and `--json` say it."""

from collections.abc import Sequence

from rich.markup import escape

from interfaces.cli.screen import err
from interfaces.problems import Problem


def say_findings(problems: Sequence[Problem]) -> None:
    """To stderr, a line each."""
    for one in problems:
        word = "[bold red]error[/]" if one.grave else "[yellow]warning[/]"
        place, _, rest = str(one).partition(": ")
        err().print(f"{escape(place)}: {word}: {escape(rest)}", soft_wrap=True)


def as_json(problem: Problem) -> dict[str, object]:
    return {
        "severity": "error" if problem.grave else "warning",
        "file": str(problem.file),
        "line": problem.line,
        "column": problem.column,
        "field": problem.field,
        "problem": problem.says,
        "remedy": problem.remedy,
    }
