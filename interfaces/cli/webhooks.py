"""`trellis webhooks`: which events other systems are sent, what arrived there, and what to do where it did not."""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from client.api.model import UNSET
from client.api.models import WebhookDelivery, WebhookRow, WebhookWithSecret
from domain.values import counted
from domain.words import distance, plain
from interfaces.cli.answers import print_answer
from interfaces.cli.options import Json
from interfaces.cli.reaching import api
from interfaces.cli.screen import out
from runtime.exits import Exit

app = typer.Typer(help="Send events to other systems, and see what arrived.", no_args_is_help=True)


class _Role(StrEnum):
    OPS = "ops"
    INTEGRATION = "integration"
    OBSERVER = "observer"


class _State(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"
    SKIPPED = "skipped"


_Webhook = Annotated[str, typer.Argument(help="The id of the webhook.")]
_Types = Annotated[
    list[str] | None,
    typer.Option("--type", help="An event type, or `journey.*` for all of journeys. May be repeated. Default: all."),
]
_Programs = Annotated[list[str] | None, typer.Option("--program", help="May be repeated. Default: all programs.")]
_RoleOption = Annotated[_Role | None, typer.Option(help="`ops` gets personal data as well. Default: observer.")]
_Description = Annotated[str | None, typer.Option(help="What it is for.")]


@app.command("list")
def list_(*, json: Json = False) -> None:
    """List webhooks: whether they are enabled, how far behind, and how many events wait."""
    with api() as trellis:
        found = trellis.list_webhooks()
    if json:
        print_answer(found)
    elif not found:
        out().print("There are no webhooks. To add one: trellis webhooks add https://HOST/PATH")
    else:
        out().print(_table(found, datetime.now(UTC)))


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="Where events are sent to: https://HOST/PATH.")],
    *,
    id: Annotated[str | None, typer.Option("--id", help="Small letters, digits, and hyphens.")] = None,  # noqa: A002
    type: _Types = None,  # noqa: A002
    program: _Programs = None,
    role: _RoleOption = None,
    description: _Description = None,
    since: Annotated[
        int | None, typer.Option("--from", min=1, help="Begin at this position of the log, for events of the past.")
    ] = None,
    json: Json = False,
) -> None:
    """Add a webhook, and print the secret that signs what it is sent.

    The secret is printed this once.
    """
    with api() as trellis:
        made = trellis.add_webhook(
            url=url,
            id=id or UNSET,
            types=type,
            programs=program or UNSET,
            role=role.value if role else None,
            description=description,
            position=since or UNSET,
        )
    _show_secret(made, json=json)
    if not json:
        out().print(f"To see whether it can be reached: trellis webhooks test {made.webhook.webhook}")


@app.command("set")
def set_(
    webhook: _Webhook,
    *,
    url: Annotated[str | None, typer.Option(help="Where events are sent to.")] = None,
    type: _Types = None,  # noqa: A002
    program: _Programs = None,
    all_types: Annotated[bool, typer.Option("--all-types", help="Events of all types.")] = False,
    all_programs: Annotated[bool, typer.Option("--all-programs", help="Events of all programs.")] = False,
    role: _RoleOption = None,
    description: _Description = None,
    json: Json = False,
) -> None:
    """Change where events are sent to, or which.

    What is not given stays as it is.
    """
    if (type and all_types) or (program and all_programs):
        raise typer.BadParameter("give either names, or all")
    changes: dict[str, Any] = {
        "url": url,
        "types": [] if all_types else type,
        "programs": program,
        "role": role.value if role else None,
        "description": description,
    }
    given = {name: value for name, value in changes.items() if value is not None}
    if all_programs:
        given["all_programs"] = True
    if not given:
        raise typer.BadParameter("there is nothing to change; see: trellis webhooks set --help")
    with api() as trellis:
        changed = trellis.change_webhook(webhook, **given)
    if json:
        print_answer(changed)
    else:
        out().print(f"{webhook} is changed. It gets {_wanted(changed)}.")


@app.command()
def show(webhook: _Webhook, *, json: Json = False) -> None:
    """Show a webhook: what it gets, how its receiver is, and who changed what."""
    with api() as trellis:
        found = trellis.get_webhook(webhook)
    if json:
        print_answer(found)
        return
    row, now, screen = found.webhook, datetime.now(UTC), out()
    screen.print(f"[bold]{row.webhook}[/]  {escape(row.description)}", escape(row.url), sep="\n", soft_wrap=True)
    screen.print(f"It gets {_wanted(row)}.", f"{_condition(row, now)}.", sep="\n")
    screen.print(f"It has come to position {row.position:,}; {_behind(row)}.")
    if row.previous_until:
        screen.print(f"Two secrets sign, until {row.previous_until:%Y-%m-%d %H:%M} UTC.")
    table = _plain_table("when", "who", "what")
    for one in found.changes:
        table.add_row(distance(one.at, now), escape(one.actor), escape(one.change))
    screen.print("", table)


@app.command()
def deliveries(
    webhook: _Webhook,
    *,
    state: Annotated[_State | None, typer.Option(help="Only those in this state.")] = None,
    before: Annotated[int | None, typer.Option(min=1, help="Only those before this position.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="The maximum number of events.")] = 50,
    json: Json = False,
) -> None:
    """List the deliveries of a webhook: each event, with its attempts and the last answer; the latest first."""
    with api() as trellis:
        found = trellis.list_webhook_deliveries(
            webhook, state=state.value if state else None, after=before, limit=limit
        ).deliveries
    if json:
        print_answer(found)
    elif not found:
        out().print("Nothing was sent yet." if not (state or before) else "No deliveries match.")
    else:
        out().print(_delivery_table(found, datetime.now(UTC)))


@app.command()
def replay(
    webhook: _Webhook,
    *,
    since: Annotated[int, typer.Option("--from", min=1, help="The position of the log to begin at.")],
) -> None:
    """Send everything from a position of the log on again, in order.

    Events keep their ids, so a receiver recognizes what it has had.
    """
    with api() as trellis:
        row = trellis.replay_webhook(webhook, position=since)
    out().print(f"{webhook} gets everything from position {since:,} on again; {_behind(row)}.")


@app.command()
def rotate(
    webhook: _Webhook,
    *,
    overlap: Annotated[int, typer.Option(min=0, max=168, help="For so many hours the old secret signs as well.")] = 24,
    json: Json = False,
) -> None:
    """Replace the secret, and print the new one.

    The secret is printed this once.
    """
    with api() as trellis:
        made = trellis.rotate_webhook_secret(webhook, overlap_hours=overlap)
    _show_secret(made, json=json)
    if not json and made.previous_until:
        out().print(f"Until {made.previous_until:%Y-%m-%d %H:%M} UTC the old one signs as well.")


@app.command()
def disable(
    webhook: _Webhook, *, reason: Annotated[str, typer.Option(help="It is recorded; no personal data.")]
) -> None:
    """Send nothing more until the webhook is enabled.

    Nothing is lost.
    """
    with api() as trellis:
        trellis.disable_webhook(webhook, reason=reason)
    out().print(f"{webhook} is disabled. To go on where it is now: trellis webhooks enable {webhook}")


@app.command()
def enable(
    webhook: _Webhook,
    *,
    skip: Annotated[
        bool, typer.Option("--skip", help="Leave out what happened meanwhile, and what waits, instead of sending it.")
    ] = False,
) -> None:
    """Go on where the webhook was, at once."""
    with api() as trellis:
        row = trellis.enable_webhook(webhook, skip=skip)
    out().print(f"{webhook} is enabled; {_behind(row)}.")


@app.command()
def remove(webhook: _Webhook) -> None:
    """Remove a webhook and its delivery log."""
    with api() as trellis:
        trellis.remove_webhook(webhook)
    out().print(f"{webhook} is removed.")


@app.command()
def test(webhook: _Webhook, *, json: Json = False) -> None:
    """Send a test event now, and say what came of it."""
    with api() as trellis:
        made = trellis.test_webhook(webhook)
    if json:
        print_answer(made)
    else:
        status = f" (status {made.status})" if made.status else ""
        out().print(f"{plain(made.outcome)}: {made.because}{status}, after {made.milliseconds:,} ms")
    if made.outcome != "delivered":
        raise typer.Exit(Exit.FAILED)


def _show_secret(made: WebhookWithSecret, *, json: bool) -> None:
    if json:
        print_answer(made)
        return
    out().print(f"{made.webhook.webhook} gets {_wanted(made.webhook)}.")
    out().print(f"The secret, which is shown this once: {made.secret}", soft_wrap=True)


def _wanted(row: WebhookRow) -> str:
    types = ", ".join(row.types) if row.types else "events of all types"
    programs = f"of {', '.join(row.programs)}" if row.programs else "of all programs"
    return f"{types} {programs}, {'with' if row.role == 'ops' else 'without'} personal data"


def _condition(row: WebhookRow, now: datetime) -> str:
    if row.status == "disabled":
        return f"It is disabled: {escape(row.because or '')}"
    if row.failing_since:
        until = row.not_before
        held = f"; it is left alone until {until:%H:%M:%S} UTC" if until and until > now else ""
        return f"Nothing has been accepted since {row.failing_since:%Y-%m-%d %H:%M} UTC{held}"
    accepted = f"; the last event was accepted {distance(row.accepted_at, now)}" if row.accepted_at else ""
    return f"It is enabled{accepted}"


def _behind(row: WebhookRow) -> str:
    behind = f"{counted(row.behind, 'event')} behind the log" if row.behind else "at the end of the log"
    return f"{behind}, {row.waiting:,} waiting to be tried again" if row.waiting else behind


def _table(rows: Sequence[WebhookRow], now: datetime) -> Table:
    table = _plain_table("webhook", "state", "to", "types", "programs", "behind", "waiting", "accepted")
    for row in rows:
        state = "failing" if row.status == "enabled" and row.failing_since else row.status
        table.add_row(
            *(
                row.webhook,
                state,
                escape(row.url),
                ", ".join(row.types) or "all",
                ", ".join(row.programs or ()) or "all",
            ),
            *(f"{row.behind:,}", f"{row.waiting:,}", distance(row.accepted_at, now) if row.accepted_at else "never"),
            style=None if state == "enabled" else "yellow",
        )
    return table


def _delivery_table(rows: Sequence[WebhookDelivery], now: datetime) -> Table:
    table = _plain_table("position", "event", "stream", "state", "attempts", "last", "answer", "next")
    for row in rows:
        state = "behind another" if row.state == "waiting" and row.next_at is None else plain(row.state)
        table.add_row(
            *(str(row.position), row.type, row.stream, state, str(row.attempts)),
            distance(row.last_at, now) if row.last_at else "",
            escape(row.because or "") if row.state != "delivered" else str(row.status),
            distance(row.next_at, now) if row.next_at else "",
            style=None if row.state == "delivered" else "yellow",
        )
    return table


def _plain_table(*columns: str) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
