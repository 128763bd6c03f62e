"""The report of a benchmark: a table for people, and one JSON object on the last line for programs."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value, and what it is compared with in the same run."""

    name: str
    value: float
    unit: str
    ratio: float | None = None
    against: str | None = None
    bar: str = ""
    """The target in words: `at least 0.6 of it`."""


def report(title: str, figures: Sequence[Figure]) -> None:
    table = Table("figure", "value", "unit", "ratio", "against", "bar", title=title)
    for one in figures:
        ratio = f"{one.ratio:.2f}" if one.ratio is not None else ""
        table.add_row(one.name, f"{one.value:,.6g}", one.unit, ratio, one.against or "", one.bar)
    Console(width=140).print(table)
    line = {
        one.name: {"value": one.value, "unit": one.unit, "ratio": one.ratio, "against": one.against} for one in figures
    }
    print(json.dumps(line), flush=True)
