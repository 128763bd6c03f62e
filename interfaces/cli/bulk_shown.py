"""Bulk actions on a terminal."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from client.api import models
from domain.values import counted, roughly
from domain.words import distance, plain
from interfaces.cli.screen import err, out

_TWO_MINUTES = 120


def say_plan(plan: models.BulkPlan, console: Console) -> None:
    """What would be done, and what would come of it."""
    seconds = max(1, round(plan.seconds))
    lasts = counted(seconds, "second") if seconds < _TWO_MINUTES else roughly(timedelta(seconds=seconds))
    what = plan.command or {"reassign": "another mentor", "start": "start"}.get(plan.action, plan.action)
    console.print(
        f"[bold]{escape(plain(what))}[/] for [bold]{counted(plan.journeys, 'journey')}[/], "
        f"{plan.rate:g} a second, which takes at least {lasts}",
        soft_wrap=True,
    )
    come = plan.expected
    of = "" if plan.examined == plan.journeys else f" of {plan.examined:,} that were examined"
    console.print(f"  would change: {come.done}, nothing to do: {come.unchanged}, would be refused: {come.refused}{of}")
    for one in plan.refusals:
        says = f": {one.says}" if one.says else ""
        console.print(
            f"  [yellow]{one.journeys} would be refused[/] ({one.code}), such as {escape(one.example)}{escape(says)}",
            soft_wrap=True,
        )
    for sampled in plan.sample:
        to = f", to {sampled.mentor}" if sampled.mentor else ""
        stage = f" (in {sampled.stage.replace('_', '-')})" if sampled.stage else ""
        console.print(f"  {escape(sampled.journey)}{stage}{to}", style="dim", soft_wrap=True)
    if plan.journeys > len(plan.sample):
        console.print(f"  and {plan.journeys - len(plan.sample):,} more", style="dim")
    console.print(f"  digest: {plan.digest}", soft_wrap=True)


@contextmanager
def bar_of(shown: models.BulkShown) -> Iterator[Callable[[models.BulkShown], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err(), transient=True) as progress:
        bar = progress.add_task("journeys", total=shown.journeys, completed=shown.journeys - shown.left)

        def advance(now: models.BulkShown) -> None:
            progress.update(
                bar, completed=now.journeys - now.left, description="paused" if now.status == "paused" else "journeys"
            )

        yield advance


def say_over(shown: models.BulkShown) -> None:
    say_outcomes(shown)
    if shown.refusals:
        out().print(f"To see them: trellis bulk show {shown.id} --outcome refused")


def say_bulk(shown: models.BulkShown, items: Sequence[models.ItemRow]) -> None:
    now = datetime.now(UTC)
    what = shown.command or shown.action
    since = shown.ended_at or shown.begun_at or shown.planned_at
    out().print(
        f"[bold]{shown.id}[/]: {escape(plain(what))} for {counted(shown.journeys, 'journey')}, {shown.status} "
        f"{distance(since, now)}, by {escape(shown.by)}, {shown.rate:g} a second",
        soft_wrap=True,
    )
    if shown.filter:
        out().print("  " + escape(", ".join(f"{name}={value}" for name, value in shown.filter.items())), soft_wrap=True)
    if shown.reason:
        out().print(f"  {escape(shown.reason)}", soft_wrap=True)
    say_outcomes(shown)
    if items:
        out().print(_table(items))


def say_outcomes(shown: models.BulkShown) -> None:
    came = shown.outcomes
    words = f"done: {came.done}, unchanged: {came.unchanged}, refused: {came.refused}, unanswered: {came.unanswered}"
    out().print(f"  {words}" + (f", left: {shown.left}" if shown.left else ""))
    for one in shown.refusals:
        out().print(f"  {one.journeys} refused ({one.code}), such as {escape(one.example)}", soft_wrap=True)


def say_list(rows: Sequence[models.BulkRow]) -> None:
    if not rows:
        out().print("There are no bulk actions.")
        return
    now = datetime.now(UTC)
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("id", "what", "journeys", "status", "planned", "by", "done", "unchanged", "refused", "unanswered"):
        table.add_column(column, overflow="fold")
    for row in rows:
        came = (row.done, row.unchanged, row.refused, row.unanswered) if row.status == "finished" else ("",) * 4
        what = plain(row.command or row.action)
        planned = distance(row.planned_at, now)
        table.add_row(row.id, what, str(row.journeys), row.status, planned, escape(row.by), *map(str, came))
    out().print(table)


def _table(items: Sequence[models.ItemRow]) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("#", "journey", "outcome", "why"):
        table.add_column(column, overflow="fold")
    for one in items:
        why = (
            one.says or one.code or ", ".join(event.removeprefix("journey.").replace("_", " ") for event in one.events)
        )
        table.add_row(str(one.number), escape(one.journey), one.outcome or "left", escape(why))
    return table
