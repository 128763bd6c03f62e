"""What programs say, and what Temporal does for them at intervals: published kits and schedules."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from temporalio.client import Client

from projections.reading import BeingRebuilt, View
from projections.sql import query
from services.diagnosis.finding import Finding, broken, needs_a_person, number, ok
from services.schedules import Schedules
from store import kits
from store.database import Pool
from store.errors import KitNotReadable, MissingKit
from store.leading import leaders
from store.locks import Lock

_OPEN = View(delivered=3)
_SETTLED = timedelta(minutes=2)
"""So long after a kit was published its schedules must be there."""
_MOST = 5


async def kit_findings(pool: Pool) -> list[Finding]:
    """Whether the kits that new and open journeys follow can be read."""
    programs = await kits.programs(pool)
    problems: dict[str, str] = {}
    for one in programs:
        try:
            kits.read(one)
        except KitNotReadable as error:
            problems[f"{one.program}@{one.version}"] = str(error)
    try:
        followed = await _OPEN.fetch(pool, query("kits_followed"))
    except BeingRebuilt:
        followed = ()
    for row in followed:
        try:
            await kits.load(pool, row["kit"])
        except (KitNotReadable, MissingKit) as error:
            problems[row["kit"][:12]] = f"{error}; {number(row['journeys'], 'open journey')} follow it"
    if problems:
        return [_unreadable(problems)]
    if not programs:
        return [ok("kits", "no program is published yet; to publish one: trellis publish FOLDER")]
    return [ok("kits", f"{number(len(programs), 'program')}; the kits of new and open journeys can be read")]


def _unreadable(problems: Mapping[str, str]) -> Finding:
    told = [f"{name}: {problem}" for name, problem in list(problems.items())[:_MOST]]
    more = f"; and {len(problems) - _MOST} more" if len(problems) > _MOST else ""
    return broken(
        "kits",
        f"{number(len(problems), 'kit')} cannot be read: {'; '.join(told)}{more}",
        "run the release of Trellis that published them, or a later one; for a program, publish a corrected version",
    )


async def schedule_findings(pool: Pool, client: Client) -> list[Finding]:
    """Whether somebody keeps the schedules in step with the kits, and whether they are."""
    if Lock.SCHEDULES not in await leaders(pool, [Lock.SCHEDULES]):
        return [
            broken(
                "schedules",
                "no process keeps the schedules of programs in step with their kits",
                "start one with `trellis worker --roles programs`, or run everything here with `trellis up`",
            )
        ]
    lack = await Schedules("", pool, client).lacking()
    published = [one.published_at for one in await kits.programs(pool)]
    if lack.missing and max(published) < datetime.now(UTC) - _SETTLED:
        return [
            broken(
                "schedules",
                f"not as the kits say in Temporal: {', '.join(lack.missing)}",
                "check the log of the worker with the role programs for schedules_interrupted",
            )
        ]
    if lack.paused:
        return [
            needs_a_person(
                "schedules",
                f"paused, so nothing starts: {', '.join(lack.paused)}",
                f"to go on: `temporal schedule toggle --unpause --schedule-id {lack.paused[0]} --reason …`",
            )
        ]
    return [ok("schedules", f"{number(lack.wanted, 'schedule')}, as the newest kits of open programs say")]
