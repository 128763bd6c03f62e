"""`trellis status`: where a journey stands, whom it waits for, and what happens next."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from client.journeys import NoSuchJourney
from domain.ids import CaseId, JourneyId, KitDigest
from domain.journey import Awaited
from domain.kit import Kit
from domain.values import counted
from domain.words import by_role, distance, plain
from interfaces.cli.connected import database, journeys, names
from interfaces.cli.options import Journey, Json
from interfaces.cli.screen import out, print_json
from projections.views import board
from projections.views.board import BoardRow
from queries.journey_record import kit_of
from runtime.connecting import UnreachableError
from settings import Settings, load
from workflows.contract import Status, Upcoming

_SHOWN = 6

_All = Annotated[bool, typer.Option("--all", help=f"Show everything, not just the first {_SHOWN} of each list.")]


def status(journey: Journey, *, everything: _All = False, json: Json = False) -> None:
    """Show where a journey stands, what it waits for, and its timers.

    Every item says who is awaited; every timer says which rule set it and who can stop it. An open journey is asked
    directly; a closed one is shown as it is on the board.
    """
    asyncio.run(_status(load(), JourneyId(journey), most=10_000 if everything else _SHOWN, json=json))


async def _status(settings: Settings, journey: JourneyId, *, most: int, json: bool) -> None:
    try:
        found = await (await journeys(settings)).status(journey)
    except NoSuchJourney:
        row = await _on_board(settings, journey)
        if row is None:
            raise
        if json:
            print_json(row)
        else:
            _show_row(row, await names(settings, (row.learner, row.mentor)))
        return
    if json:
        print_json(found)
    else:
        _show(found, await names(settings, (found.learner, found.mentor)), await _kit(settings, found.kit), most)


async def _kit(settings: Settings, digest: KitDigest) -> Kit | None:
    """For its titles. None where Postgres does not answer: what is shown can do without them."""
    try:
        async with database(settings) as pool:
            return await kit_of(pool, digest)
    except UnreachableError:
        return None


async def _on_board(settings: Settings, journey: JourneyId) -> BoardRow | None:
    async with database(settings) as pool:
        return await board.one(pool, journey)


def _show(status: Status, people: Mapping[str, str], kit: Kit | None, most: int) -> None:
    console, now = out(), max(status.as_of, datetime.now(UTC))  # a rehearsal is ahead of the world
    _headline(status, status.since, people, now)
    version = f"version {kit.version}" if kit else f"version {status.kit[:12]}"
    details = [f"{status.program} {version}", f"event {status.version}"]
    if status.mentor:
        details.insert(0, f"mentor {people.get(status.mentor, status.mentor)} ({status.mentor})")
    if status.waiting_orders:
        details.append(f"{counted(status.waiting_orders, 'command')} waiting to be handled")
    console.print(", ".join(details), style="dim", markup=False)
    if status.paused_until:
        console.print(
            f"[yellow]paused[/] until {_moment(status.paused_until)}. To resume: trellis send {status.journey} resume"
        )
    titles = {case.case: _title(kit, case.rule) for case in status.cases}
    for case in status.cases:
        late = "overdue, " if case.respond_by < now else ""
        about = titles.get(CaseId(case.about.removeprefix("case:").partition("#")[0]), case.about)
        console.print(
            f"[red]{case.severity} case {case.case}[/] with {by_role(case.owner)}: “{escape(titles[case.case])}” "
            f"({escape(about)}), {late}response due {distance(case.respond_by, now)}"
        )
    if status.awaited:
        console.print()
        console.print(_awaited(status.awaited[:most], titles, now))
        _say_rest(len(status.awaited) - most)
    if status.timers:
        console.print()
        console.print(_timers(status.timers[:most], now))
        _say_rest(len(status.timers) - most)
    elif not status.awaited:
        console.print("Nothing else is scheduled.")


def _headline(one: Status | BoardRow, since: datetime, people: Mapping[str, str], now: datetime) -> None:
    name = f" {people[one.learner]}" if one.learner in people else ""
    stage = plain(one.ending or one.stage)
    out().print(f"[bold]{one.journey}[/]{name}: [bold]{stage}[/] since {_moment(since)} ({distance(since, now)})")


def _say_rest(left_out: int) -> None:
    if left_out > 0:
        out().print(f"and {left_out} more (use --all)", style="dim")


def _title(kit: Kit | None, rule: str) -> str:
    found = kit.find_escalation(rule) if kit else None
    return found.title if found else rule


def _awaited(those: Sequence[Awaited], titles: Mapping[CaseId, str], now: datetime) -> Table:
    table = _table("waiting for", "from", "since", "due", "rule", "subject")
    for one in those:
        late = one.due_at < now
        due = f"{distance(one.due_at, now)}{' (overdue)' if late else ''}"
        style = "yellow" if late else None
        title = titles.get(CaseId(one.about.removeprefix("case:").partition("#")[0]))
        about = f"{one.about}, {title}" if title else one.about
        table.add_row(plain(one.duty), one.who, distance(one.since, now), due, one.rule, about, style=style)
    return table


def _timers(those: Sequence[Upcoming], now: datetime) -> Table:
    table = _table("scheduled next", "at", "", "rule", "prevented by")
    for one in those:
        table.add_row(one.what, _moment(one.at), distance(one.at, now), one.rule, one.stopped_by)
    return table


def _show_row(row: BoardRow, people: Mapping[str, str]) -> None:
    _headline(row, row.stage_since, people, datetime.now(UTC))
    if row.ending:
        out().print(
            "The journey is closed. You can still record an outcome: trellis send … record_outcome", style="dim"
        )
        out().print(
            f"If it was closed by mistake: trellis send {row.journey} reopen -f reason=…", style="dim", soft_wrap=True
        )
    else:
        out().print(
            f"Temporal is not running it. To continue from the log: trellis start {row.program} {row.learner}",
            style="yellow",
        )


def _table(*columns: str) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0), title_justify="left")
    options: dict[str, Any] = {"overflow": "fold"}
    for column in columns:
        table.add_column(column, **options)
    return table


def _moment(at: datetime) -> str:
    return f"{at:%a %d %b %Y %H:%M} UTC"
