"""`trellis timeline`: what happened on a journey, in words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any, TypeAlias

import typer
from rich.markup import escape

from client.api.models import TimelineEntry, WrittenEntry
from domain.words import plain
from interfaces.cli.answers import print_answer
from interfaces.cli.options import Journey, Json
from interfaces.cli.reaching import api
from interfaces.cli.screen import out

Entry: TypeAlias = TimelineEntry | WrittenEntry
_LARGEST_PAGE = 1_000
_After = Annotated[int, typer.Option(min=0, help="Only events after this number.")]
_Limit = Annotated[int, typer.Option(min=1, max=10_000, help="The maximum number of events.")]
_Details = Annotated[bool, typer.Option("--details", help="Also show the data of each event, including personal data.")]
_Full = Annotated[
    bool, typer.Option("--full", help="Also show what people wrote, and the rule behind each event (personal data).")
]


def timeline(
    journey: Journey,
    *,
    after: _After = 0,
    limit: _Limit = 500,
    details: _Details = False,
    full: _Full = False,
    json: Json = False,
) -> None:
    """Show everything that has happened on a journey.

    Events are in order, each with who caused it; refused commands follow at the end. `trellis why JOURNEY NUMBER`
    explains a single event.
    """
    with api() as trellis:
        written = details or full
        entries, more = _read(trellis.get_written_timeline if written else trellis.get_timeline, journey, after, limit)
    if json:
        print_answer([_facts(one, details=details, full=full) for one in entries])
        return
    printer = _Printer(details=details, full=full)
    for one in entries:
        if not one.refused:
            printer.show(one)
    for nth, one in enumerate(one for one in entries if one.refused):
        if nth == 0:
            out().print("\nRefused commands (nothing changed):")
        printer.show(one)
    if more:
        out().print(f"[dim]There are more events: use --after {entries[-1].version}[/]")


def _read(page: Callable[..., Sequence[Entry]], journey: str, after: int, limit: int) -> tuple[list[Entry], bool]:
    """The entries, and whether there are more."""
    entries: list[Entry] = []
    while len(entries) <= limit:
        asked = min(limit + 1 - len(entries), _LARGEST_PAGE)
        found = page(journey, after=entries[-1].version if entries else after, limit=asked)
        entries += found
        if len(found) < asked:
            break
    return entries[:limit], len(entries) > limit


class _Printer:
    def __init__(self, *, details: bool, full: bool) -> None:
        self._details, self._full = details, full

    def show(self, one: Entry) -> None:
        console = out()
        cause = "" if self._full else f"  [dim]{escape(_cause(one))}[/]"
        console.print(
            f"[dim]{one.version:>4}  {one.at:%d %b %Y %H:%M}[/]  {escape(one.words)}{cause}",
            style="yellow" if one.refused else None,
            soft_wrap=True,
        )
        if self._full and isinstance(one, WrittenEntry):
            console.print(f"{_INSET}{_cause(one)}", style="dim", markup=False, soft_wrap=True)
            for words in one.said:
                text = f"{_INSET}{plain(words.what)}: {words.text}"
                console.print(text, markup=False, highlight=False, soft_wrap=True)
        if self._details and isinstance(one, WrittenEntry):
            for name, value in _plain(one.details):
                console.print(f"{_INSET}{name}: {value}", style="dim", markup=False, soft_wrap=True)


_INSET = " " * 25


def _cause(one: Entry) -> str:
    """Who did it with which command, or which rule of the kit."""
    rule = f", {one.rule}" if one.rule else ""
    if one.by in (None, "system"):
        return f"automatic{rule}"
    return f"by {one.by}{'' if one.refused else f', {one.command}'}{rule}"


def _plain(details: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What fits on a line and says something; --json has the rest."""
    for name, value in details.items():
        if value not in (None, "") and not isinstance(value, list):
            yield name, str(value)


def _facts(entry: Entry, *, details: bool, full: bool) -> dict[str, Any]:
    facts = entry.as_json()
    return {name: value for name, value in facts.items() if (name, False) not in {("details", details), ("said", full)}}
