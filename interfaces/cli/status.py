"""`trellis status`: where a journey stands, whom it waits for, and what happens next."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from client.api import NotFound, Problem, Trellis
from client.api.models import Awaited, BoardRow, KitTitles, Status, Upcoming
from domain.words import by_role, distance, plain
from interfaces.cli.options import Journey, Json
from interfaces.cli.reaching import api, names
from interfaces.cli.screen import out, print_answer

_SHOWN = 6

_All = Annotated[bool, typer.Option("--all", help=f"Show everything, not just the first {_SHOWN} of each list.")]


def status(journey: Journey, *, everything: _All = False, json: Json = False) -> None:
    """Show where a journey stands, what it waits for, and its timers.

    Every item says who is awaited; every timer says which rule set it and who can stop it. An open journey is asked
    directly; a closed one is shown as it is on the board.
    """
    with api() as trellis:
        try:
            found = trellis.get_status(journey)
        except NotFound:
            _show_closed(trellis, journey, json=json)
            return
        if json:
            print_answer(found)
        else:
            _show(
                found,
                names(trellis, (found.learner, found.mentor)),
                _titles(trellis, found),
                10_000 if everything else _SHOWN,
            )


def _show_closed(trellis: Trellis, journey: str, *, json: bool) -> None:
    """As it is on the board. Raises NotFound for one that is not there either."""
    row = trellis.get_journey(journey)
    if json:
        print_answer(row)
    else:
        _show_row(row, names(trellis, (row.learner, row.mentor)))


def _titles(trellis: Trellis, found: Status) -> KitTitles:
    """None where the kit cannot be read: what is shown can do without."""
    try:
        return trellis.get_titles(found.program, found.kit)
    except Problem:
        return KitTitles(version=found.kit[:12], titles={})


def _show(status: Status, people: Mapping[str, str], kit: KitTitles, most: int) -> None:
    console, now = out(), max(status.as_of, datetime.now(UTC))  # a rehearsal is ahead of the world
    _headline(status, status.since, people, now)
    details = [f"{status.program} version {kit.version}", f"event {status.version}"]
    if status.mentor:
        details.insert(0, f"mentor {people.get(status.mentor, status.mentor)} ({status.mentor})")
    if status.waiting_orders:
        plural = "" if status.waiting_orders == 1 else "s"
        details.append(f"{status.waiting_orders:,} command{plural} waiting to be handled")
    console.print(", ".join(details), style="dim", markup=False)
    if status.paused_until:
        console.print(
            f"[yellow]paused[/] until {_moment(status.paused_until)}. To resume: trellis send {status.journey} resume"
        )
    titles = {case.case: kit.titles.get(case.rule, case.rule) for case in status.cases}
    for case in status.cases:
        late = "overdue, " if case.respond_by < now else ""
        about = titles.get(case.about.removeprefix("case:").partition("#")[0], case.about)
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


def _awaited(those: Sequence[Awaited], titles: Mapping[str, str], now: datetime) -> Table:
    table = _table("waiting for", "from", "since", "due", "rule", "subject")
    for one in those:
        late = one.due_at < now
        due = f"{distance(one.due_at, now)}{' (overdue)' if late else ''}"
        style = "yellow" if late else None
        title = titles.get(one.about.removeprefix("case:").partition("#")[0])
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
