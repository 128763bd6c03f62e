"""`trellis timeline`: what happened on a journey, in words."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.markup import escape

from client.journeys import NoSuchJourney
from domain.ids import JourneyId
from domain.journey.words import Words, words_of
from domain.words import plain
from interfaces.cli.connected import database
from interfaces.cli.options import Journey, Json
from interfaces.cli.screen import out, print_json
from projections.views import board
from projections.views import timeline as view
from projections.views.timeline import Entry
from queries.journey_record import read_record
from settings import Settings, load

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
    entries, more = asyncio.run(_timeline(load(), JourneyId(journey), after, limit))
    said = asyncio.run(_said(load(), JourneyId(journey))) if full and entries else {}
    if json:
        print_json([_facts(one, said, details=details, full=full) for one in entries])
        return
    printer = _Printer(said, details=details, full=full)
    for one in entries:
        if not one.refused:
            printer.show(one)
    for nth, one in enumerate(one for one in entries if one.refused):
        if nth == 0:
            out().print("\nRefused commands (nothing changed):")
        printer.show(one)
    if more:
        out().print(f"[dim]There are more events: use --after {entries[-1].version}[/]")


class _Printer:
    def __init__(self, said: Mapping[int, Sequence[Words]], *, details: bool, full: bool) -> None:
        self._said, self._details, self._full = said, details, full

    def show(self, one: Entry) -> None:
        console = out()
        cause = "" if self._full else f"  [dim]{escape(_cause(one))}[/]"
        console.print(
            f"[dim]{one.version:>4}  {one.at:%d %b %Y %H:%M}[/]  {escape(one.words)}{cause}",
            style="yellow" if one.refused else None,
            soft_wrap=True,
        )
        if self._full:
            console.print(f"{_INSET}{_cause(one)}", style="dim", markup=False, soft_wrap=True)
            for words in self._said.get(one.version, ()):
                text = f"{_INSET}{plain(words.what)}: {words.text}"
                console.print(text, markup=False, highlight=False, soft_wrap=True)
        if self._details:
            for name, value in _plain(one.details):
                console.print(f"{_INSET}{name}: {value}", style="dim", markup=False, soft_wrap=True)


_INSET = " " * 25


def _cause(one: Entry) -> str:
    """Who did it with which command, or which rule of the kit."""
    rule = f", {one.rule}" if one.rule else ""
    if one.by in (None, "system"):
        return f"automatic{rule}"
    return f"by {one.by}{'' if one.refused else f', {one.command}'}{rule}"


async def _said(settings: Settings, journey: JourneyId) -> Mapping[int, Sequence[Words]]:
    """What was written in each event, by its version."""
    async with database(settings) as pool:
        story = await read_record(pool, journey)
    return {one.version: words_of(event) for one, event in zip(story.recorded, story.events, strict=True)}


async def _timeline(settings: Settings, journey: JourneyId, after: int, limit: int) -> tuple[list[Entry], bool]:
    """Raises NoSuchJourney for one that is not on the board."""
    async with database(settings) as pool:
        entries = await view.of_journey(pool, journey, after, limit + 1)
        if not entries and await board.one(pool, journey) is None:
            raise NoSuchJourney(journey)
    return entries[:limit], len(entries) > limit


def _plain(details: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What fits on a line and says something; --json has the rest."""
    for name, value in details.items():
        if value not in (None, "") and not isinstance(value, list):
            yield name, str(value)


def _facts(entry: Entry, said: Mapping[int, Sequence[Words]], *, details: bool, full: bool) -> dict[str, object]:
    facts: dict[str, object] = {"version": entry.version, "at": entry.at, "type": entry.type, "words": entry.words}
    facts |= {"by": entry.by, "command": entry.command, "rule": entry.rule, "refused": entry.refused}
    if details:
        facts["details"] = entry.details
    if full:
        facts["said"] = said.get(entry.version, ())
    return facts
