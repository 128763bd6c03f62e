"""`trellis mentor add`: mentors with their profiles from a file, all of them or none."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from domain.ids import ProgramId
from domain.values import counted
from interfaces.cli.connected import database
from interfaces.cli.options import By, Json, Program
from interfaces.cli.screen import out, print_json
from kits.lookup import newest
from kits.problems import Problem
from queries.mentor_words import changes_in_words
from scenarios.mentor_files import read_numbered
from scenarios.people_csv import PeopleError
from services import mentors
from services.mentors import MentorChange, NotAddable
from settings import Settings, load

_SHOWN = 50
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
    changes = asyncio.run(_add(load(), ProgramId(program), file, by, dry_run=dry_run))
    changed = [one for one in changes if not one.changes_nothing]
    if json:
        told = [_told(one) for one in changed]
        print_json({"mentors": len(changes), "changed": len(changed), "dry_run": dry_run, "changes": told})
        return
    said = "Would store" if dry_run else "Stored"
    new = sum(one.is_new for one in changes)
    numbers = f"{new:,} new, {len(changed) - new:,} changed, {len(changes) - len(changed):,} as they were"
    out().print(f"{said} {counted(len(changes), 'mentor')} from {file}: {numbers}", markup=False, soft_wrap=True)
    _show(changed if dry_run else changed[:_SHOWN])
    if not dry_run and len(changed) > _SHOWN:
        out().print(f"  and {len(changed) - _SHOWN:,} more; --json lists all of them")


def _show(changed: Sequence[MentorChange]) -> None:
    for one in changed:
        out().print(f"  {one.mentor} ({one.name}): {'; '.join(_words(one))}", markup=False, soft_wrap=True)


def _words(one: MentorChange) -> list[str]:
    person = [f"{name.replace('_', ' ')} changes" for name in one.person if name != "time_zone"]
    return [*(["new"] if one.is_new else person), *changes_in_words(one.before.state, one.events)]


def _told(one: MentorChange) -> dict[str, object]:
    says = list(changes_in_words(one.before.state, one.events))
    return {"mentor": one.mentor, "new": one.is_new, "person": one.person, "profile": says}


async def _add(settings: Settings, program: ProgramId, file: Path, by: str, *, dry_run: bool) -> list[MentorChange]:
    """Raises NoSuchProgram and PeopleError."""
    async with database(settings) as pool:
        numbered = read_numbered(file, await newest(pool, program))
        entries, now = [entry for _, entry in numbered], datetime.now(UTC)
        try:
            planned = await mentors.preview(pool, program, entries, now)
            return planned if dry_run else await mentors.store(pool, program, entries, now, by, planned=planned)
        except NotAddable as error:
            lines = {entry.person.person_id: line for line, entry in numbered}
            problems = [Problem(file, lines[mentor], mentor, *said) for mentor, said in error.refused.items()]
            raise PeopleError(*sorted(problems, key=lambda one: one.line or 0)) from error
