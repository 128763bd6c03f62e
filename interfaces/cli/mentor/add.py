"""`trellis mentor add`: mentors with their profiles from a file, all of them or none."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from client.api.models import MentorAdded
from domain.values import counted
from interfaces.cli.options import By, Json, Program
from interfaces.cli.reaching import api
from interfaces.cli.screen import out, print_json
from interfaces.cli.tables import table

_SHOWN = 50
_ALL = 100_000
"""More than a table of people can hold."""
_File = Annotated[
    Path,
    typer.Argument(
        help="A CSV or NDJSON file: id, name, and optionally email, time_zone, and the fields of the profile."
    ),
]


def add(
    program: Program,
    file: _File,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change for whom, and change nothing.")
    ] = False,
    by: By = "ops",
    json: Json = False,
) -> None:
    """Add everybody in a file as a mentor, with their profiles.

    They belong to the program from then on. Nobody is added if any line has a problem; every problem is shown with its
    line. Mentors who are already known are updated: what the file does not say stays as it is, and adding the same file
    again changes nothing. docs/people.md lists the fields. Once any mentor is known, only known mentors can be matched.
    """
    with api() as trellis, table(file) as (content, kind):
        done = trellis.import_mentors(program, content, dry_run=dry_run, shown=_ALL, by=by, content_type=kind)
    if json:
        told = [{name: value for name, value in one.as_json().items() if name != "name"} for one in done.changes]
        changed = done.new + done.changed
        print_json({"mentors": done.mentors, "changed": changed, "dry_run": dry_run, "changes": told})
        return
    said = "Would store" if dry_run else "Stored"
    as_they_were = done.mentors - done.new - done.changed
    numbers = f"{done.new:,} new, {done.changed:,} changed, {as_they_were:,} as they were"
    out().print(f"{said} {counted(done.mentors, 'mentor')} from {file}: {numbers}", markup=False, soft_wrap=True)
    _show(done.changes if dry_run else done.changes[:_SHOWN])
    if not dry_run and len(done.changes) > _SHOWN:
        out().print(f"  and {len(done.changes) - _SHOWN:,} more; --json lists all of them")


def _show(changed: Sequence[MentorAdded]) -> None:
    for one in changed:
        out().print(f"  {one.mentor} ({one.name}): {'; '.join(_words(one))}", markup=False, soft_wrap=True)


def _words(one: MentorAdded) -> list[str]:
    person = [f"{name.replace('_', ' ')} changes" for name in one.person if name != "time_zone"]
    return [*(["new"] if one.new else person), *one.profile]
