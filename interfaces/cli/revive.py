"""`trellis revive`: brings what Temporal runs in step with the log, at once."""

import asyncio
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from client.failing_tasks import FailingTask, failing_task
from interfaces.cli.connected import database
from interfaces.cli.options import Json
from interfaces.cli.screen import err, out, print_json
from runtime.connecting import connect_temporal
from services.reconciling import KINDS, Kind, Report, reconcile
from settings import Settings, load

_SHOWN = 10

_Program = Annotated[str | None, typer.Option(help="Only journeys and messages of this program.")]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Only list them, and change nothing.")]


def revive(*, program: _Program = None, dry_run: _DryRun = False, json: Json = False) -> None:
    """Restart open journeys and messages that Temporal no longer runs.

    They continue from the log; whatever fell due meanwhile happens at once. Workflows that run but are behind the log
    are woken, and those that are up to date are left alone. Workers do this on their own, at startup and
    periodically; this command does it now. Workflows whose workflow task keeps failing are listed with the cause,
    which has to be fixed first.
    """
    reports, failing = asyncio.run(_revive(load(), program, dry_run=dry_run))
    if json:
        print_json(_as_json(reports, failing))
        return
    for report in reports:
        _say(report, dry_run=dry_run)
    for one in failing[:_SHOWN]:
        out().print(f"[red]{escape(one.workflow)}[/]: {escape(str(one))}", soft_wrap=True)
    if len(failing) > _SHOWN:
        out().print(f"and {len(failing) - _SHOWN} more (--json lists all)")


def _as_json(reports: list[Report], failing: list[FailingTask]) -> dict[str, Any]:
    """Journeys at the top, as before there were other kinds; each other kind under its name."""
    kinds = {
        report.kind: {
            "lost": report.missing,
            "revived": report.started,
            "behind": report.behind,
            "woken": report.woken,
            "unsure": report.unsure,
            "unstartable": report.unstartable,
        }
        for report in reports
    }
    return kinds.pop("journey") | {f"{kind}s": found for kind, found in kinds.items()} | {"failing": failing}


def _say(report: Report, *, dry_run: bool) -> None:
    kind = report.kind
    if report.missing:
        _say_which(report.missing, f"{_count(len(report.missing), kind)} missing in Temporal", dry_run=dry_run)
        if not dry_run:
            out().print(f"{_count(report.started, kind)} restarted from the log")
    for workflow, because in list(report.unstartable.items())[:_SHOWN]:
        out().print(f"[red]{escape(workflow)}[/] cannot be started: {escape(because)}", soft_wrap=True)
    if report.behind:
        _say_which(report.behind, f"{_count(len(report.behind), kind)} behind the log", dry_run=dry_run)
        if not dry_run:
            out().print(f"{_count(report.woken, kind)} woken")
    if report.unsure:
        nobody = "no worker responded for it" if len(report.unsure) == 1 else "no worker responded for them"
        out().print(f"{_count(len(report.unsure), kind)} possibly behind the log: {nobody}", style="yellow")
    if not (report.missing or report.behind or report.unsure):
        out().print(f"Temporal runs every open {kind}, and each is up to date with the log.")


def _say_which(workflows: list[str], what: str, *, dry_run: bool) -> None:
    out().print(what)
    for one in workflows[:_SHOWN] if dry_run else []:
        out().print(f"  {one}", markup=False)
    if dry_run and len(workflows) > _SHOWN:
        out().print(f"  and {len(workflows) - _SHOWN} more (--json lists all)")


def _count(number: int, kind: str) -> str:
    return f"1 {kind} is" if number == 1 else f"{number} {kind}s are"


async def _revive(settings: Settings, program: str | None, *, dry_run: bool) -> tuple[list[Report], list[FailingTask]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    async with database(settings) as pool:
        temporal = await connect_temporal(settings)
        with_messages = settings.messages != "off"
        kinds: list[Kind] = [one(pool, temporal) for one in KINDS if with_messages or one.name != "message"]
        reports = []
        with Progress(*columns, console=err(), transient=True) as progress:
            for kind in kinds:
                bar = progress.add_task(f"{kind.name}s", total=None)

                def tell(done: int, of: int, bar: Any = bar) -> None:
                    progress.update(bar, completed=done, total=of)

                reports.append(
                    await reconcile(kind, pool, temporal, program=program, repair=not dry_run, progress=tell)
                )
        workflows = [one for report in reports for one in report.failing]
        described = [await failing_task(temporal, one) for one in workflows]
    return reports, [one for one in described if one]
