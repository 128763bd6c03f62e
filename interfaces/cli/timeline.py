"""`trellis timeline`: what happened on a journey, in words."""

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer

from domain.ids import JourneyId
from interfaces.cli.screen import out, print_json
from settings import Settings, load

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from projections.timeline import Entry

_Journey = Annotated[str, typer.Argument(help="The journey, such as job-ready.l-01.")]
_After = Annotated[int, typer.Option(min=0, help="Only what came after this version of the journey.")]
_Limit = Annotated[int, typer.Option(min=1, max=10_000, help="At most so many entries.")]
_Details = Annotated[bool, typer.Option("--details", help="Also what each event holds, personal data included.")]
_Json = Annotated[bool, typer.Option("--json", help="Print it as JSON.")]


def timeline(
    journey: _Journey, *, after: _After = 0, limit: _Limit = 500, details: _Details = False, json: _Json = False
) -> None:
    """What happened on a journey, in the order in which it did, refused commands included."""
    entries, more = asyncio.run(_timeline(load(), JourneyId(journey), after, limit))
    if json:
        print_json([_facts(one, details=details) for one in entries])
        return
    console = out()
    for one in entries:
        refused = one.type == "journey.command_rejected"
        console.print(
            f"[dim]{one.version:>4}  {one.at:%d %b %Y %H:%M}[/]  {one.words}",
            style="yellow" if refused else None,
            soft_wrap=True,
        )
        if details:
            for name, value in _plain(one.details):
                console.print(f"{'':25}{name}: {value}", style="dim", markup=False, soft_wrap=True)
    if more:
        console.print(f"[dim]and more: --after {entries[-1].version}[/]")


async def _timeline(settings: Settings, journey: JourneyId, after: int, limit: int) -> "tuple[list[Entry], bool]":
    """Raises NoSuchJourney for one that is not on the board."""
    from interfaces.cli.connected import database
    from interfaces.client import NoSuchJourney
    from projections import board
    from projections import timeline as view

    async with database(settings) as pool:
        entries = await view.of_journey(pool, journey, after, limit + 1)
        if not entries and await board.one(pool, journey) is None:
            raise NoSuchJourney(journey)
    return entries[:limit], len(entries) > limit


def _plain(details: "Mapping[str, Any]") -> "Iterator[tuple[str, str]]":
    """What fits on a line and says something; --json has the rest."""
    for name, value in details.items():
        if value not in (None, "") and not isinstance(value, list):
            yield name, str(value)


def _facts(entry: "Entry", *, details: bool) -> dict[str, object]:
    facts = {"version": entry.version, "at": entry.at, "type": entry.type, "words": entry.words}
    return facts | {"details": entry.details} if details else facts
