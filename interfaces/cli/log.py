"""`trellis log`: the event log itself. Verify it, follow it, copy it, move old parts of it to files and back."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer
from pydantic_core import to_json
from rich.table import Table

import projections.audit
import store.audit
import store.dump
from channels.lines import escaped
from interfaces.cli.answers import write
from interfaces.cli.connected import database, reached
from interfaces.cli.options import Json
from interfaces.cli.screen import complain, err, out, print_json
from runtime.embedded.private import open_private, private_umask
from runtime.exits import Exit
from settings import load
from store import retention
from store.dump_lines import lines_of
from store.event_log import EventLog, RecordedEvent
from store.tail import tail as follow_log

app = typer.Typer(help="Verify, follow, export, import, and archive the event log.", no_args_is_help=True)

_Partition = Annotated[str, typer.Argument(help="The name of the partition, as shown by `trellis log partitions`.")]


@app.command()
def verify(*, json: Json = False) -> None:
    """Verify the event log.

    Checks that positions have no gaps, streams are in order, digests match, and views are at the positions they
    claim.
    """

    async def run() -> tuple[store.audit.Audit, list[store.audit.Finding]]:
        async with database(load()) as pool:
            audit = await store.audit.verify(pool)
            return audit, [*audit.findings, *await projections.audit.verify(pool)]

    audit, findings = asyncio.run(run())
    if json:
        print_json({"events": audit.events, "streams": audit.streams, "position": audit.position, "findings": findings})
    else:
        for one in findings:
            out().print(f"[red]✗[/] {one.promise}: {one.what}", soft_wrap=True)
        for promise in (*store.audit.CHECKS, projections.audit.PROMISE):
            if promise not in {one.promise for one in findings}:
                out().print(f"[green]✓[/] {promise}")
        out().print(f"{audit.events:,} events in {audit.streams:,} streams, up to position {audit.position:,}")
    if findings:
        raise typer.Exit(Exit.FAILED)


@app.command()
def tail(
    *,
    after: Annotated[int, typer.Option(min=0, help="Start after this position.")] = 0,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Keep printing new events until interrupted.")] = False,
    data: Annotated[
        bool, typer.Option("--data", help="Also print the data of each event, including personal data.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object per line.")] = False,
) -> None:
    """Print events in the order of their positions."""

    async def run() -> None:
        settings = load()
        async with database(settings) as pool:
            pages = follow_log(settings.dsn, pool, after) if follow else EventLog(pool).pages(after)
            async for page in pages:
                for event in page:
                    _print_event(event, data=data, json=json)

    asyncio.run(run())


@app.command()
def export(
    file: Annotated[Path | None, typer.Argument(help="The file to write. Default: standard output.")] = None,
) -> None:
    """Export the whole log as NDJSON: kits and events.

    People are not included. Only you can read the file.
    """

    async def run() -> int:
        count = 0
        async with database(load()) as pool:
            with open_private(file) if file else nullcontext(sys.stdout) as sink:
                async for line in store.dump.export(pool):
                    sink.write(line if file else escaped(line))
                    count += 1
        return count

    err().print(f"{asyncio.run(run()):,} lines written")


@app.command("import")
def import_(
    file: Annotated[Path | None, typer.Argument(help="The file to read. Default: standard input.")] = None,
) -> None:
    """Import an export into an empty, migrated database.

    Positions and views will be the same. If anything fails, nothing is imported.
    """

    def lines() -> Iterator[str]:
        with _opened(file) as source:
            yield from lines_of(source)

    async def run() -> store.dump.Imported:
        return await store.dump.restore(await reached(load()), lines())

    done = asyncio.run(run())
    err().print(f"{done.events:,} events in {done.streams:,} streams, {done.kits:,} kits")


@app.command()
def partitions(*, json: Json = False) -> None:
    """List the partitions of the log, including detached ones."""

    async def run() -> list[retention.Partition]:
        async with database(load()) as pool:
            return await retention.partitions(pool)

    found = asyncio.run(run())
    if json:
        print_json(found)
        return
    table = Table("partition", "from", "to", "events (approx.)", "detached to")
    for one in found:
        table.add_row(one.name, f"{one.from_seq:,}", f"{one.to_seq:,}", f"{one.events:,}", one.detached_to or "")
    out().print(table)


@app.command()
def detach(
    partition: _Partition,
    folder: Annotated[Path, typer.Argument(help="The folder for its file.")],
    *,
    quiet_days: Annotated[
        int, typer.Option(min=0, help="The minimum number of days without new events in its streams.")
    ] = 365,
) -> None:
    """Move a full, inactive partition to a file.

    The file is read back and compared before the partition is removed. Only you can read the file.
    """

    async def run() -> Path:
        since = datetime.now(UTC) - timedelta(days=quiet_days)
        return await retention.detach(await reached(load()), partition, folder, since)

    with private_umask():
        file = asyncio.run(run())
    out().print(f"{partition} is now in {file}. To read it back: trellis log attach {partition}", soft_wrap=True)


@app.command()
def attach(partition: _Partition) -> None:
    """Read a detached partition back into the log."""

    async def run() -> int:
        return await retention.attach(await reached(load()), partition)

    events = asyncio.run(run())
    out().print(f"{events:,} events are back in {partition}.")


def _opened(file: Path | None) -> BinaryIO:
    """Ends the command with a sentence when there is no such file."""
    try:
        return file.open("rb") if file else sys.stdin.buffer
    except OSError as error:
        complain(f"{file}: {error.strerror}. Give another path.")
        raise typer.Exit(Exit.BAD_INPUT) from None


def _print_event(event: RecordedEvent, *, data: bool, json: bool) -> None:
    facts: dict[str, Any] = {
        "position": event.position,
        "stream": event.stream,
        "version": event.version,
        "type": event.type,
        "occurred_at": event.occurred_at,
    }
    if json:
        write(escaped(to_json(facts | ({"data": event.data} if data else {})).decode()) + "\n")
        sys.stdout.flush()
        return
    what = f"{event.position:>9}  {event.occurred_at:%d %b %Y %H:%M}  {event.stream}@{event.version}  {event.type}"
    out().print(f"{what}  {event.body}" if data else what, markup=False, soft_wrap=True)
