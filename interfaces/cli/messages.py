"""`trellis messages`: what was written to whom, what became of it, and what to do where it did not arrive."""

import asyncio
import getpass
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, get_args

import typer
from pydantic import TypeAdapter, ValidationError
from rich.markup import escape
from rich.table import Table

from domain.notification import Status
from domain.values import Actor
from domain.words import distance, plain
from interfaces.cli.connected import database
from interfaces.cli.screen import out, print_json
from projections.messages import MessageRow, latest
from projections.parked_events import ParkedEvent
from runtime.connecting import connect_temporal
from services import message_retry, parked_messages
from settings import load
from store.database import Pool

app = typer.Typer(help="List messages to people, and deal with those that did not arrive.")

_Message = Annotated[str, typer.Argument(help="The id of the message.")]


@app.callback(invoke_without_command=True)
def listed(
    context: typer.Context,
    *,
    journey: Annotated[str | None, typer.Option(help="Only those of this journey.")] = None,
    status: Annotated[
        list[str] | None, typer.Option(help=f"Only those that stand like this: {', '.join(get_args(Status))}.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """List messages, the latest first: to whom, on what occasion, through which channel, and what became of each."""
    if context.invoked_subcommand:
        return
    if unknown := set(status or ()) - set(get_args(Status)):
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: write one of {', '.join(get_args(Status))}")
    found = asyncio.run(_latest(journey, status, limit))
    if json:
        print_json(found)
    elif not found:
        out().print("No messages yet." if not (journey or status) else "No such messages.")
    else:
        out().print(_table(found, datetime.now(UTC)))


@app.command()
def retry(
    message: _Message, *, by: Annotated[str, typer.Option("--by", help="Who asks, as ROLE or ROLE:ID.")] = "ops"
) -> None:
    """Try again to send a message that bounced, was skipped or may not have arrived. Never one that was sent."""
    try:
        TypeAdapter[str](Actor).validate_python(by)
    except ValidationError as error:
        raise typer.BadParameter(f"{by!r}: write ops, or ops:ana", param_hint="--by") from error

    async def run() -> None:
        settings = load()
        async with database(settings) as pool:
            await message_retry.retry(pool, await connect_temporal(settings), message, by)

    asyncio.run(run())
    out().print(f"message {message} is tried again; `trellis messages` shows what becomes of it")


@app.command()
def bounced(message: _Message, *, because: Annotated[str, typer.Option(help="Why, without names.")]) -> None:
    """Report that a message came back after it had been sent, as mail systems do."""

    async def run() -> bool:
        async with database(load()) as pool:
            return await message_retry.report_bounce(pool, message, because)

    out().print(f"message {message} " + ("bounced" if asyncio.run(run()) else "was known to have bounced"))


_Position = Annotated[int, typer.Argument(min=1, help="Where the courier has stopped, as `trellis doctor` says.")]
_Reason = Annotated[str, typer.Option("--reason", help="Why; it is recorded.")]
_Actor = Annotated[str, typer.Option("--as", help="Who decides; it is recorded.", default_factory=getpass.getuser)]


@app.command()
def park(position: _Position, *, reason: _Reason, actor: _Actor) -> None:
    """Leave out, until `resume`, the event that the courier has stopped at. Everybody else's messages go on."""
    stream = asyncio.run(_set_aside(parked_messages.park, position, reason, actor))
    out().print(f"position {position} ({stream}) is parked; `trellis messages resume` takes it up again")


@app.command()
def skip(position: _Position, *, reason: _Reason, actor: _Actor) -> None:
    """Leave out for good the event that the courier has stopped at: nobody is written to about it."""
    stream = asyncio.run(_set_aside(parked_messages.skip, position, reason, actor))
    out().print(f"position {position} ({stream}) is skipped")


@app.command()
def resume() -> None:
    """Let the courier try again where it has stopped, and process the events that were parked."""

    async def run() -> tuple[int | None, list[int]]:
        settings = load()
        async with database(settings) as pool:
            return await parked_messages.resume(pool, await connect_temporal(settings))

    stopped_at, done = asyncio.run(run())
    if stopped_at:
        out().print(f"the courier tries again at position {stopped_at}; `trellis doctor` says whether it went on")
    if done:
        out().print(f"processed what was parked at {', '.join(map(str, done))}")
    if not (stopped_at or done):
        out().print("the courier had not stopped, and nothing was parked")


@app.command()
def aside(*, json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False) -> None:
    """List the events that were parked or skipped, with who decided it and why."""

    async def run() -> list[ParkedEvent]:
        async with database(load()) as pool:
            return await parked_messages.listed(pool)

    found = asyncio.run(run())
    if json:
        print_json(found)
        return
    table = Table("position", "stream", "state", "by", "reason")
    for one in found:
        table.add_row(str(one.position), one.stream, one.kind, escape(one.actor), escape(one.reason))
    out().print(table if found else "Nothing was set aside.")


async def _set_aside(
    decide: Callable[[Pool, int, str, str], Awaitable[str]], position: int, reason: str, actor: str
) -> str:
    async with database(load()) as pool:
        return await decide(pool, position, reason, actor)


async def _latest(journey: str | None, status: list[str] | None, limit: int) -> list[MessageRow]:
    async with database(load()) as pool:
        return await latest(pool, journey, status, limit)


def _table(rows: list[MessageRow], now: datetime) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("when", "journey", "occasion", "to", "channel", "came of it", "message"):
        table.add_column(column, overflow="fold")
    for row in rows:
        because = f": {escape(row.because)}" if row.because else ""
        again = f" ({row.attempts} attempts)" if row.attempts > 1 else ""
        table.add_row(
            *(distance(row.since, now), row.journey, plain(row.when), row.to, row.channel or ""),
            *(f"{plain(row.status)}{again}{because}", row.message),
            style="yellow" if row.status in ("bounced", "uncertain", "not_taken") else None,
        )
    return table
