"""`trellis messages`: what was written to whom, what became of it, and what to do where it did not arrive."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, cast, get_args

import typer
from pydantic import TypeAdapter, ValidationError
from rich.markup import escape
from rich.table import Table

from client.api.models import MessageRow
from domain.notification import Status
from domain.values import Actor
from domain.words import distance, plain
from interfaces.cli.answers import print_answer
from interfaces.cli.options import DecidedBy, Json, Reason
from interfaces.cli.reaching import api
from interfaces.cli.screen import out

app = typer.Typer(help="List messages to people, and deal with those that did not arrive.")

_Message = Annotated[str, typer.Argument(help="The id of the message.")]


@app.callback(invoke_without_command=True)
def listed(
    context: typer.Context,
    *,
    journey: Annotated[str | None, typer.Option(help="Only messages about this journey.")] = None,
    status: Annotated[
        list[str] | None, typer.Option(help=f"Only messages with this status: {', '.join(get_args(Status))}.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="The maximum number of messages.")] = 50,
    json: Json = False,
) -> None:
    """List messages, newest first: recipient, occasion, channel, and outcome."""
    if context.invoked_subcommand:
        return
    if unknown := set(status or ()) - set(get_args(Status)):
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: write one of {', '.join(get_args(Status))}")
    with api() as trellis:
        found = trellis.list_messages(journey=journey, status=cast("list[Status] | None", status), limit=limit)
    if json:
        print_answer(found)
    elif not found:
        out().print("No messages yet." if not (journey or status) else "No messages match.")
    else:
        out().print(_table(found, datetime.now(UTC)))


@app.command()
def retry(
    message: _Message,
    *,
    by: Annotated[str, typer.Option("--by", help="Who asks for this, such as ops or ops:ana. It is recorded.")] = "ops",
) -> None:
    """Retry a message that bounced, was skipped, or may not have arrived.

    A message that was sent is never sent again.
    """
    try:
        TypeAdapter[str](Actor).validate_python(by)
    except ValidationError as error:
        raise typer.BadParameter(f"{by!r}: write ops, or ops:ana", param_hint="--by") from error
    with api() as trellis:
        trellis.retry_message(message, by=by)
    out().print(f"Trying message {message} again. To see the result: trellis messages")


@app.command()
def bounced(
    message: _Message, *, because: Annotated[str, typer.Option(help="The reason, without personal data.")]
) -> None:
    """Report that a message came back after it had been sent, as mail systems do."""
    with api() as trellis:
        is_new = trellis.report_bounce(message, because=because).new
    out().print(f"Message {message} " + ("is now marked as bounced" if is_new else "was already marked as bounced"))


_Position = Annotated[
    int, typer.Argument(min=1, help="The position at which the courier stopped, as shown by `trellis doctor`.")
]


@app.command()
def park(position: _Position, *, reason: Reason, actor: DecidedBy) -> None:
    """Park the event at which the courier has stopped, until `resume`.

    All other messages continue.
    """
    with api() as trellis:
        stream = trellis.park_event(position, reason=reason, by=actor).stream
    out().print(f"Position {position} ({stream}) is parked. To process it again: trellis messages resume")


@app.command()
def skip(position: _Position, *, reason: Reason, actor: DecidedBy) -> None:
    """Skip the event at which the courier has stopped, permanently.

    Nobody gets a message about it.
    """
    with api() as trellis:
        stream = trellis.skip_event(position, reason=reason, by=actor).stream
    out().print(f"Position {position} ({stream}) is skipped.")


@app.command()
def resume() -> None:
    """Make the courier try again where it has stopped, and process parked events."""
    with api() as trellis:
        resumed = trellis.resume_courier()
    stopped_at, done = resumed.stopped_at, resumed.processed
    if stopped_at:
        out().print(f"The courier is trying position {stopped_at} again. To see whether it got past it: trellis doctor")
    if done:
        out().print(f"Processed the parked events at positions {', '.join(map(str, done))}.")
    if not (stopped_at or done):
        out().print("The courier was not stopped, and no events were parked.")


@app.command()
def aside(*, json: Json = False) -> None:
    """List parked and skipped events, with who decided this and why."""
    with api() as trellis:
        found = trellis.list_events_set_aside()
    if json:
        print_answer(found)
        return
    table = Table("position", "stream", "state", "by", "reason")
    for one in found:
        table.add_row(str(one.position), one.stream, one.kind, escape(one.actor), escape(one.reason))
    out().print(table if found else "No events are parked or skipped.")


def _table(rows: Sequence[MessageRow], now: datetime) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("when", "journey", "occasion", "to", "channel", "outcome", "message"):
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
