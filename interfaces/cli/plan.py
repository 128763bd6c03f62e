"""`trellis plan`: how many mentors a program needs."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from interfaces.cli.options import Json
from interfaces.cli.rehearse import Arrive, Processes, Seed, Set, Weeks, playing, policies_of
from interfaces.cli.screen import err, out, print_json
from rehearsal.plan import KEPT, REPLICATIONS, Plan, Tried
from rehearsal.plan import plan as find
from rehearsal.replicating import Terms

_Folder = Annotated[Path, typer.Argument(help="The folder of the program kit.")]
_Learners = Annotated[int, typer.Option(min=1, max=1_000_000, help="How many learners come.")]
_Replications = Annotated[int, typer.Option(min=2, max=100, help="How many for each number of mentors.")]


def plan(
    kit: _Folder,
    *,
    learners: _Learners = 300,
    weeks: Weeks = 12,
    arrive: Arrive = 4,
    seed: Seed = 7,
    set_: Set = None,
    replications: _Replications = REPLICATIONS,
    processes: Processes = None,
    json: Json = False,
) -> None:
    """Find how many mentors a program needs for so many learners.

    Rehearses the program with one number of mentors after another. Enough are those with whom a mentor is proposed in
    time to at least nine in ten of the approved learners, with a confidence of 95 %: in the time that the kit promises
    for a match, or in the first round of matching if that comes later.
    """
    one = policies_of(kit, set_ or (), ())[0]
    terms = Terms(learners=learners, mentors=1, weeks=weeks, seed=seed, arrive_weeks=arrive)
    console = err()
    with playing(processes) as those:
        found = find(one.kit, terms, those, replications=replications, tell=lambda tried: console.print(_says(tried)))
    if json:
        print_json(_facts(found, learners))
    else:
        _show(found, learners)


def _says(tried: Tried) -> str:
    enough = "enough" if tried.is_enough else "not enough"
    return (
        f"{tried.mentors:,} mentors: one proposed in time to {tried.kept.estimate:.1%} ({_interval(tried)}), {enough}"
    )


def _interval(tried: Tried) -> str:
    return f"{max(tried.kept.low, 0):.1%} to {min(tried.kept.high, 1):.1%}"


def _show(found: Plan, learners: int) -> None:
    console = out()
    table = Table("mentors", "proposed in time", "95 % interval", "")
    for one in sorted(found.tried, key=lambda one: one.mentors):
        enough = "enough" if one.is_enough else ""
        table.add_row(f"{one.mentors:,}", f"{one.kept.estimate:.1%}", _interval(one), enough)
    console.print(table)
    if found.enough:
        enough = f"{found.enough.mentors:,} mentors are enough for {learners:,} learners"
        console.print(f"{enough}: {KEPT:.0%} or more are proposed one in time.")
    else:
        console.print(
            "No number of mentors up to one for each learner is enough: the wait does not come from their number. "
            "Hard rules of the kit may exclude too many pairs; `trellis rehearse` shows more."
        )
    if found.too_few and found.too_few.breaking:
        console.print(f"With {found.too_few.mentors:,}, this gives way first:")
        for broken in found.too_few.breaking:
            console.print(f"  week {broken.week:.0f}: {broken.what}", markup=False)


def _facts(found: Plan, learners: int) -> dict[str, Any]:
    return {
        "learners": learners,
        "mentors": found.enough.mentors if found.enough else None,
        "tried": [
            {
                "mentors": one.mentors,
                "proposed_in_time": one.kept.estimate,
                "low": one.kept.low,
                "high": one.kept.high,
                "enough": one.is_enough,
                "breaking": [broken._asdict() for broken in one.breaking],
            }
            for one in found.tried
        ],
    }
