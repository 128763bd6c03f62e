"""docs/measures.md, from the definitions of the measures. `make metrics` writes it."""

import sys
from collections.abc import Iterator
from pathlib import Path

from queries.measures.definitions import MEASURES, Measure

PAGE = Path(__file__).parents[2] / "docs" / "measures.md"
_BEGINNING = Path(__file__).with_name("measures_beginning.md").read_text()


def page() -> str:
    return "\n".join([_BEGINNING, *_section("leading", "Leading measures"), *_section("lagging", "Lagging measures")])


def _section(kind: str, title: str) -> Iterator[str]:
    yield from (f"## {title}", "")
    for one in MEASURES.values():
        if one.kind == kind:
            yield from (f"### {one.title} (`{one.id}`)", "", *_definition(one), "")


def _definition(one: Measure) -> Iterator[str]:
    counted = "counted" if one.is_share else f"the mean of, in {one.unit}"
    yield f"- {counted}: {one.numerator}"
    yield f"- of: {one.denominator}"
    yield f"- each case is: {one.source.row}"
    yield f"- it counts in: {one.window}"
    yield f"- from the events: {', '.join(f'`{event}`' for event in one.events)}"


if __name__ == "__main__":
    PAGE.write_text(page())
    sys.stdout.write(f"wrote {PAGE}\n")
