"""`trellis rehearse`: a program with made-up people, its months in seconds, and a report about it."""

import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from domain.kit import Kit
from interfaces.cli.named_kits import kits_named
from interfaces.cli.options import Json
from interfaces.cli.screen import complain, err, out, print_json
from kits.diff import differences
from kits.loading import load_kit
from kits.problems import BadFileError
from kits.setting import SettingError, with_values
from rehearsal.processes import PlayerLostError, Players, players
from rehearsal.rehearsing import Policy, Rehearsed, rehearse_policies
from rehearsal.replicating import Terms
from rehearsal.report import words
from rehearsal.report.grouping import Grouped
from rehearsal.report.page import verdict
from runtime.exits import Exit

_Folder = Annotated[Path, typer.Argument(help="The folder of the program kit.")]
_Learners = Annotated[int, typer.Option(min=1, max=1_000_000, help="How many learners come.")]
_Mentors = Annotated[int, typer.Option(min=1, max=100_000, help="How many mentors there are.")]
Weeks = Annotated[int, typer.Option(min=1, max=260, help="How long it runs; of a fixed term, from its beginning on.")]
Arrive = Annotated[float, typer.Option(min=0, max=260, help="The number of weeks within which the learners come.")]
Seed = Annotated[int, typer.Option(min=0, help="Another seed makes other people. The same one gives the same report.")]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Another value in the kit. May be given several times."),
]
_Compare = Annotated[
    list[str] | None,
    typer.Option(
        metavar="KIT|PATH=VALUE",
        help="Another kit, by its folder or as PROGRAM@VERSION or digest of a published one; or another value in this "
        "kit. For the same people. May be given several times.",
    ),
]
_Replications = Annotated[
    int | None, typer.Option(min=1, max=1000, help="How many; without it, until the completion is known well.")
]
_Report = Annotated[Path, typer.Option(help="Where the report is written, as one HTML file.")]
Processes = Annotated[int | None, typer.Option(min=1, max=256, help="Without it, one for each processor.")]


def rehearse(
    kit: _Folder,
    *,
    learners: _Learners = 1000,
    mentors: _Mentors = 60,
    weeks: Weeks = 12,
    arrive: Arrive = 4,
    seed: Seed = 7,
    set_: Set = None,
    compare: _Compare = None,
    replications: _Replications = None,
    report: _Report = Path("rehearsal.html"),
    processes: Processes = None,
    json: Json = False,
) -> None:
    """Rehearse a program with made-up people and report what breaks first.

    Runs the rules of the kit as they run for real, without any server, and changes nothing. The same command gives the
    same figures, whatever the number of processes.
    """
    _require_place(report)
    policies = policies_of(kit, set_ or (), compare or ())
    terms = Terms(learners=learners, mentors=mentors, weeks=weeks, seed=seed, arrive_weeks=arrive)
    rehearsed = _rehearse(policies, terms, replications, processes)
    if json:
        print_json(facts(rehearsed))
    else:
        _show(out(), rehearsed)
    try:
        _write(report, rehearsed.html)
    except OSError as error:
        complain(f"the report cannot be written to {report}: {error.strerror}; name another file with --report")
        raise typer.Exit(Exit.FAILED) from None
    if not json:
        err().print(f"The report is in {report}.", soft_wrap=True)


def _require_place(report: Path) -> None:
    """Before anything is played. Exits where no file can be written."""
    folder = report.parent
    if report.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
        why = "it is a folder" if report.is_dir() else f"{folder} is no folder that can be written to"
        complain(f"the report cannot be written to {report}: {why}; name another file with --report")
        raise typer.Exit(Exit.BAD_INPUT)


def _write(report: Path, html: str) -> None:
    """All of it or nothing: an earlier report stays until the new one is there. Raises OSError."""
    with tempfile.NamedTemporaryFile("w", dir=report.parent, prefix=f".{report.name}-", delete=False) as file:
        written = Path(file.name)
        try:
            file.write(html)
            file.flush()
            written.chmod(0o666 & ~_umask())
            written.replace(report)
        except BaseException:
            written.unlink(missing_ok=True)
            raise


def _umask() -> int:
    now = os.umask(0)
    os.umask(now)
    return now


@contextmanager
def playing(processes: int | None) -> Iterator[Players]:
    """One process for each processor, unless so many are asked for. Exits when one of them is lost."""
    try:
        with players(processes or os.cpu_count() or 1) as those:
            yield those
    except PlayerLostError as error:
        complain(error)
        raise typer.Exit(Exit.FAILED) from None


def policies_of(folder: Path, settings: Sequence[str], compared: Sequence[str]) -> list[Policy]:
    """The kit with these values, and each policy that it is compared with. Exits on what cannot be read.

    Raises:
        NoSuchKit: when no kit is published under a name that is no folder.
    """
    try:
        kit = with_values(load_kit(folder), settings)
        others = iter(kits_named([_named(one) for one in compared if not _is_setting(one)]))
        policies = [Policy(", ".join((f"{kit.program} {kit.version}", *settings)), kit)]
        for one in compared:
            if _is_setting(one):
                policies.append(Policy(one, with_values(kit, (one,))))
            else:
                policies.append(_other(kit, next(others).kit))
    except (BadFileError, SettingError) as error:
        complain(error)
        raise typer.Exit(Exit.BAD_INPUT) from None
    return policies


def _is_setting(one: str) -> bool:
    return "=" in one and not Path(one).exists()


def _named(one: str) -> str:
    if not (Path(one).exists() or "@" in one or _DIGEST.fullmatch(one)):
        raise SettingError(
            f"{one!r} is no folder, no published kit (PROGRAM@VERSION or a digest) and no setting (PATH=VALUE)"
        )
    return one


_DIGEST = re.compile("[0-9a-f]{7,64}")


def _other(kit: Kit, other: Kit) -> Policy:
    """With a remark where it differs in more than one thing: nobody can say then which of them makes a difference."""
    changes = differences(kit, other)
    says = (
        f"It differs in {len(changes)} things: which of them makes a difference cannot be said. Change one at a time."
    )
    return Policy(f"{other.program} {other.version}", other, (says,) if len(changes) > 1 else ())


def _rehearse(policies: Sequence[Policy], terms: Terms, replications: int | None, processes: int | None) -> Rehearsed:
    console = err()
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    kit = policies[0].kit
    begins_at, ends_at = terms.begins_at(kit), terms.ends_at(kit)
    with (
        Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress,
        playing(processes) as those,
    ):
        bar = progress.add_task("starting", total=(ends_at - begins_at).days)

        def tell(policy: str, number: int, day: datetime) -> None:
            said = f"replication {number + 1}, {policy}: {day:%-d %b}"
            progress.update(bar, description=said, completed=(day - begins_at).days)

        return rehearse_policies(policies, terms, those, replications=replications, tell=tell)


def facts(rehearsed: Rehearsed) -> dict[str, Any]:
    """What `--json` prints."""
    first = rehearsed.first
    return {
        "program": rehearsed.base.kit.program,
        "setup": rehearsed.setup._asdict() | {"seconds": round(rehearsed.setup.seconds, 2)},
        "figures": {
            one.measure.name: {
                "mean": one.interval.estimate if one.interval else one.only,
                "low": one.interval.low if one.interval else None,
                "high": one.interval.high if one.interval else None,
                "unit": one.measure.unit,
            }
            for one in first.measures
        },
        "breaking": [one._asdict() for one in first.breaking],
        "funnel": [one._asdict() for one in first.funnel],
        "weeks": [one._asdict() for one in first.weeks],
        "rules": [one._asdict() for one in first.rules],
        "groups": _groups(first.groups),
        "surveys": [one._asdict() | {"rate": one.rate} for one in first.surveys],
        "compared": [
            {
                "name": one.summary.name,
                "remarks": one.remarks,
                "differences": {
                    each.measure.name: {
                        "difference": each.interval.estimate,
                        "low": each.interval.low,
                        "high": each.interval.high,
                    }
                    for each in one.differences
                },
            }
            for one in rehearsed.compared
        ],
    }


def _groups(one: Grouped | None) -> dict[str, Any] | None:
    if one is None:
        return None
    reasons = {"unplaced": one.unplaced, "refused": one.refused}
    return one._asdict() | {name: {each.says: each.many for each in those} for name, those in reasons.items()}


def _show(console: Console, rehearsed: Rehearsed) -> None:
    first = rehearsed.first
    table = Table("figure", "mean", "95 % interval", title=f"{first.name}: {first.replications} replications")
    for one in first.measures:
        mean = one.interval.estimate if one.interval else one.only
        table.add_row(one.measure.title, words.value(one.measure, mean), words.interval(one.measure, one.interval))
    console.print(table)
    for other in rehearsed.compared:
        apart = Table("figure", "difference", "interval", "", title=f"{other.summary.name}, less {first.name}")
        for each in other.differences:
            apart.add_row(
                each.measure.title,
                words.value(each.measure, each.interval.estimate, signed=True),
                words.interval(each.measure, each.interval, signed=True),
                verdict(each),
            )
        console.print(apart)
        for remark in other.remarks:
            console.print(f"[yellow]{remark}[/]")
    if first.breaking:
        console.print("What breaks first:")
        for nth in first.breaking:
            console.print(f"  week {nth.week:.0f}: {nth.what} ({nth.share:.0%} of replications)", markup=False)
    else:
        console.print("Nothing breaks: every promise holds for nine in ten, in every week.")
    if first.open_share:
        console.print(f"{first.open_share:.0%} of the journeys were not over at the end; --weeks runs longer.")
