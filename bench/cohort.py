"""A group of two hundred: attendance is recorded once, and every member's journey knows it.

Measured from the command to the moment when the last journey has recorded it, with the workers of production in this
process and a real Temporal server; then once more with the worker of groups as a process of its own that is killed when
a quarter of the journeys knows it, and another that goes on. Every journey must have it once, as it was said.
"""

import asyncio
from datetime import UTC, datetime
from time import perf_counter
from uuid import uuid4

from temporalio.client import Client

from bench.databases import fresh, server
from bench.options import quick
from bench.table import Figure, report
from domain.cohort.commands import FormCohort, RecordAttendance
from domain.cohort.events import CameOtherwise, Entrant
from domain.ids import CohortId, MentorId
from roles import journeys, programs
from roles.part import Process
from runtime import ending
from runtime.embedded.time_skipping import time_skipping_server
from runtime.exits import Exit
from services.cohorts import handle
from settings import Settings
from store.database import Pool, open_pool
from tests.support.groups import (
    S1,
    Groups,
    all_told,
    an_hour_before,
    form,
    large_groups,
    members,
    recorded,
    told_with_a_kill,
)
from workflows.contract import PROGRAM_TASK_QUEUE, SEARCH_ATTRIBUTES

_SILENCE_SECONDS = 600


async def main() -> None:
    many = 50 if quick() else 200
    async with (
        server() as postgres,
        time_skipping_server(search_attributes=SEARCH_ATTRIBUTES, manual=True) as temporal,
    ):
        dsn = await fresh(postgres)
        pool = await open_pool(dsn, max_size=20)
        async with journeys.worker(Process(Settings(), temporal.client, pool)):
            plain = await _plain(pool, temporal.client, many)
            killed = await _killed(pool, temporal.client, dsn, many)
        pool.terminate()
    report(f"Attendance of a group of {many}, recorded once and told to each journey", [*plain, *killed])


async def _plain(pool: Pool, client: Client, many: int) -> list[Figure]:
    async with programs.worker(Process(Settings(), client, pool)):
        group, command, joined = await _formed(pool, client, many)
        began = perf_counter()
        await handle(pool, client, group, _came(command.members), datetime.now(UTC))
        await all_told(pool, group, _SILENCE_SECONDS)
        told = perf_counter() - began
    await _require_right(pool, command.members)
    return [
        Figure("cohort_200_s", told * 200 / many, "s, attendance of 200 members"),
        Figure("cohort_200_join_s", joined * 200 / many, "s, 200 members join, their journeys begun"),
        Figure("cohort_tellings_per_s", many / told, "journeys told a second"),
    ]


async def _killed(pool: Pool, client: Client, dsn: str, many: int) -> list[Figure]:
    async with programs.worker(Process(Settings(), client, pool)):
        group, command, _ = await _formed(pool, client, many)
    where, known_before = Groups(pool, client, PROGRAM_TASK_QUEUE), many
    began = perf_counter()
    known = await told_with_a_kill(where, dsn, group, _came(command.members), known_before + many // 4)
    took = perf_counter() - began
    await _require_right(pool, command.members)
    return [
        Figure("cohort_killed_known", known - known_before, "journeys knew it when the worker was dead"),
        Figure("cohort_killed_s", took, "s, with two starts of a worker and the silence that shows a death"),
    ]


async def _formed(pool: Pool, client: Client, many: int) -> tuple[CohortId, FormCohort, float]:
    kit = large_groups(f"bench-{uuid4()}")
    group, command = (
        CohortId(f"{kit.program}.1"),
        form(kit, await members(pool, kit, many), mentor=MentorId(f"m-{uuid4()}")),
    )
    began = perf_counter()
    await handle(pool, client, group, command, an_hour_before())
    await all_told(pool, group, _SILENCE_SECONDS)
    return group, command, perf_counter() - began


def _came(members: tuple[Entrant, ...]) -> RecordAttendance:
    absent = [CameOtherwise(learner=one.learner, attendance="missed_by_learner") for one in members[::10]]
    return RecordAttendance(session=S1, exceptions=tuple(absent), by="mentor:ana")


async def _require_right(pool: Pool, members: tuple[Entrant, ...]) -> None:
    attendance = await recorded(pool, "journey.attendance_recorded")
    found = {one.journey: [said["attendance"] for said in attendance.get(one.journey, [])] for one in members}
    wanted = {one.journey: ["attended" if nth % 10 else "missed_by_learner"] for nth, one in enumerate(members)}
    if found != wanted:
        raise SystemExit("some journeys do not have the attendance once, as it was said")


if __name__ == "__main__":
    asyncio.run(main())
    ending.leave(Exit.OK)
