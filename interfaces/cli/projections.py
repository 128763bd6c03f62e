"""`trellis projections`: how the views stand, and what to do when one of them stops or is to be built anew."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import asyncpg
import typer
from rich.table import Table

from interfaces.cli.connected import database, reached
from interfaces.cli.options import DecidedBy, Json, Reason
from interfaces.cli.screen import complain, err, out, print_json
from projections import aside as parked
from projections import rebuild as rebuilding
from projections.generations import Generation, discard, roll_back
from projections.projection import Projection
from projections.registry import PROJECTIONS
from projections.standing import Standing, standings
from runtime.exits import Exit
from settings import load

app = typer.Typer(help="Show the state of the views, rebuild them, and handle failed events.")

_Name = Annotated[str, typer.Argument(help="The name of the projection, such as board.")]


@app.callback(invoke_without_command=True)
def listed(context: typer.Context, *, json: Json = False) -> None:
    """List the projections: state, lag in events and seconds, speed, and the heartbeat of the runner."""
    if context.invoked_subcommand:
        return

    async def run() -> list[Standing]:
        async with database(load()) as pool:
            return await standings(pool)

    found = asyncio.run(run())
    if json:
        print_json(found)
        return
    now = datetime.now(UTC)
    table = Table("projection", "version", "state", "position", "behind", "seconds", "events/s", "heartbeat", "parked")
    for one in found:
        built = f" {one.built:.0%}" if one.built is not None else ""
        state = f"[red]stopped at {one.stopped_at}[/]" if one.stopped_at else one.status + built
        seen = f"{(now - one.seen_at).total_seconds():.0f} s ago" if one.seen_at else "never"
        table.add_row(
            *(one.name, f"{one.version}.{one.generation}", state, f"{one.position:,}", f"{one.behind_events:,}"),
            *(f"{one.behind_seconds:.1f}", f"{one.events_a_second:,.0f}", seen, str(one.set_aside or "")),
        )
    out().print(table)
    for one in found:
        if one.stopped_because:
            out().print(f"[red]{one.name}[/] {one.stopped_because}", soft_wrap=True)


@app.command()
def rebuild(
    name: _Name,
    *,
    slices: Annotated[
        int, typer.Option(min=0, help="The number of slices built in parallel; 0 means one per CPU.")
    ] = 0,
) -> None:
    """Rebuild a projection beside the live one, compare, and swap.

    Readers are not affected.
    """
    with err().status(f"rebuilding {name}") as status:

        def tell(progress: rebuilding.Progress) -> None:
            left = f", {progress.seconds_left:.0f} s left" if progress.seconds_left is not None else ""
            status.update(f"rebuilding {name}: {progress.done:,} of {progress.events:,} events{left}")

        async def run() -> Generation:
            return await rebuilding.rebuild(await reached(load()), _known(name), slices=slices, progress=tell)

        built = asyncio.run(run())
    live = f"{name} {built.version}.{built.generation}"
    out().print(f"{live} is live. To go back to the one before: trellis projections rollback {name}")


@app.command()
def rollback(name: _Name) -> None:
    """Go back to the generation that was live before.

    It is live at once and then catches up.
    """

    async def run() -> str:
        connection = await asyncpg.connect(await reached(load()))
        try:
            generation = await roll_back(connection, _known(name).name)
        finally:
            await connection.close()
        return f"{generation.version}.{generation.generation}"

    out().print(f"{name} {asyncio.run(run())} is live again.")


@app.command()
def drop(
    name: _Name,
    *,
    generation: Annotated[
        int, typer.Option(min=1, help="The generation: the number after the dot in `trellis projections`.")
    ],
) -> None:
    """Drop a retired generation with its tables.

    This cannot be undone. Other generations are refused.
    """

    async def run() -> Generation:
        connection = await asyncpg.connect(await reached(load()))
        try:
            return await discard(connection, _known(name).name, generation)
        finally:
            await connection.close()

    dropped = asyncio.run(run())
    out().print(f"{name} {dropped.version}.{dropped.generation} has been dropped.")


@app.command()
def park(name: _Name, *, reason: Reason, actor: DecidedBy) -> None:
    """Park the event at which a projection has stopped.

    The event and later ones of its stream are left out until `retry`.
    """
    _decide(name, "park", reason, actor)


@app.command()
def skip(name: _Name, *, reason: Reason, actor: DecidedBy) -> None:
    """Skip the event at which a projection has stopped, permanently and in rebuilds too."""
    _decide(name, "skip", reason, actor)


@app.command()
def retry(name: _Name) -> None:
    """Make a projection try again, and apply parked events."""

    async def run() -> list[int]:
        connection = await asyncpg.connect(await reached(load()))
        try:
            return await parked.retry(connection, _known(name))
        finally:
            await connection.close()

    done = asyncio.run(run())
    out().print(
        f"{name} is trying again."
        + (f" Applied the parked events at positions {', '.join(map(str, done))}." if done else "")
    )


@app.command()
def aside(name: _Name, *, json: Json = False) -> None:
    """List parked and skipped events, with who decided this and why."""

    async def run() -> list[parked.SetAside]:
        async with database(load()) as pool:
            return await parked.listed(pool, _known(name).name)

    found = asyncio.run(run())
    if json:
        print_json(found)
        return
    table = Table("position", "stream", "state", "by", "reason")
    for one in found:
        table.add_row(str(one.position), one.stream, one.kind, one.actor, one.reason)
    out().print(table)


def _decide(name: str, how: str, reason: str, actor: str) -> None:
    decide = parked.park if how == "park" else parked.skip

    async def run() -> parked.SetAside:
        async with database(load()) as pool:
            return await decide(pool, _known(name).name, reason, actor)

    done = asyncio.run(run())
    out().print(f"{name}: position {done.position} ({done.stream}) is {done.kind}.")


def _known(name: str) -> Projection:
    if name not in PROJECTIONS:
        complain(f"There is no projection named {name}. Available: {', '.join(PROJECTIONS)}")
        raise typer.Exit(Exit.BAD_INPUT)
    return PROJECTIONS[name]
