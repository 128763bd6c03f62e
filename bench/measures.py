"""The measures of one program with 100,000 journeys: all of them, by cohort and by week, and the associations."""

import asyncio
from collections.abc import Awaitable, Callable
from time import perf_counter

from bench.databases import fresh, server
from bench.options import quick
from bench.table import Figure, report
from domain.ids import ProgramId
from projections import associating
from projections.runner import catch_up
from queries.measures.associations import associations
from queries.measures.behaviors import behaviors
from queries.measures.definitions import MEASURES
from queries.measures.figures import figures
from queries.measures.report import Filter, program_measures
from runtime import ending
from runtime.exits import Exit
from store.database import Pool, open_pool
from tests.projections.stories import AT, DAY, KIT, publish

_PROGRAM = ProgramId("ready")
_AS_OF = AT + 400 * DAY
_FILLS = (
    """insert into view_measured_1.measured
       select 'journey-ready.l-' || n, 'ready.l-' || n, 'ready', 'digest' || n % 3, (1 + n % 3)::text,
              (array['short', 'long'])[1 + n % 2], to_char(at, 'YYYY-MM'), 'm-' || n % 997, at, at + interval '9 days',
              ending, case when ending is not null then at + interval '90 days' end,
              case when ending is not null then at + interval '90 days' end,
              case when n % 2 = 0 then n % 4 - 1 end, case when n % 2 = 0 then at + interval '70 days' end,
              ((at + interval '9 days')::date - date '1969-12-29') / 7,
              array(select case when (w + n) % 3 > 0 then 2 else 0 end from generate_series(0, 11) as w)
         from (select n, $2::timestamptz + n % 300 * interval '1 day' as at, case when n % 300 < 250
                      then (array['completed', 'completed', 'withdrawn'])[1 + n % 3] end as ending
                 from generate_series(1, $1) as n) as each""",
    """insert into view_measured_1.measured_sessions
       select stream, n, 's-' || n, mentor, started_at + n * interval '9 days',
              (array['attended', 'attended', 'late', 'missed_by_learner'])[1 + (n + length(stream)) % 4],
              n % 2 = 0, n % 4
         from view_measured_1.measured, generate_series(1, 8) as n""",
    """insert into view_measured_1.measured_duties
       select stream, n, (array['attendance', 'notes', 'follow_up', 'check_in', 'step', 'milestone', 'milestone_review',
                                'intake_review', 'match', 'case'])[1 + n % 10], n::text, mentor,
              started_at + n * interval '2 days', started_at + (n * 2 + 2) * interval '1 day',
              case when n % 7 > 0 then started_at + (n * 2 + n % 4) * interval '1 day' end
         from view_measured_1.measured, generate_series(1, 40) as n""",
    """insert into view_daily_activity_1.daily_activity
       select 'activity-' || journey, started_at::date + n * 3, 5, 5, 1
         from view_measured_1.measured, generate_series(1, 25) as n""",
    """insert into view_daily_activity_1.active_weeks
       select 'activity-' || journey, (started_at::date - date '1969-12-29') / 7,
              array(select 2 + n % 2 from generate_series(0, 10) as n)
         from view_measured_1.measured""",
    """insert into view_delivered_1.delivered
       select stream, program, journey, 'digest', 'digest', began_at, true, started_at,
              (array['fulfilled', 'unfulfilled', 'unknown'])[1 + length(stream) % 3], ending, closed_at,
              array['interview', 'job']
         from view_measured_1.measured""",
    """insert into view_delivered_1.delivered_milestones
       select stream, n::text, (array['passed', 'passed', 'failed'])[n], 'met'
         from view_measured_1.measured, generate_series(1, 3) as n""",
    """insert into view_delivered_1.delivered_outcomes
       select stream, 'job', 1, null, array['job'] from view_measured_1.measured where ending = 'completed'""",
    """insert into view_funnel_1.funnel
       select stream, n, program, pathway, (array['intake', 'matching', 'sessions', 'closed'])[n],
              began_at + n * interval '3 days', case when n < 4 then began_at + (n + 1) * interval '3 days' end
         from view_measured_1.measured, generate_series(1, 4) as n where n < 4 or ending is not null""",
)


def tables_filled() -> frozenset[str]:
    return frozenset(fill.split()[2] for fill in _FILLS)


async def filled(pool: Pool, journeys: int) -> None:
    await publish(pool, KIT)
    for fill in _FILLS:
        await pool.execute(fill, *((journeys, AT) if "$1" in fill else ()))
    await pool.execute("vacuum analyze")


async def measure() -> list[Figure]:
    journeys = 10_000 if quick() else 100_000
    async with server() as postgres:
        dsn = await fresh(postgres)
        pool = await open_pool(dsn, max_size=2)
        await catch_up(dsn)
        await pool.execute("alter system set synchronous_commit = off")
        await filled(pool, journeys)
        took = {name: await _seconds(read) for name, read in _readings(pool).items()}
        await pool.close()
    against = f"one program of {journeys:,} journeys, {len(MEASURES)} measures"
    return [Figure(f"measures_{name}_s", took[name], "s", None, against, most) for name, most in _MOST.items()]


_MOST = {"page": "under 3", "by_cohort": "under 3", "by_week": "under 3", "associations": "under 5"}


def _readings(pool: Pool) -> dict[str, Callable[[], Awaitable[object]]]:
    return {
        "page": lambda: program_measures(pool, _PROGRAM, Filter(), _AS_OF),
        "by_cohort": lambda: figures(pool, _PROGRAM, by="cohort", as_of=_AS_OF),
        "by_week": lambda: program_measures(pool, _PROGRAM, Filter(by="week"), _AS_OF),
        "associations": lambda: associations(pool, _PROGRAM, as_of=_AS_OF),
        "cells": lambda: _cells(pool),
    }


async def _cells(pool: Pool) -> None:
    behaviors(await associating.behaviors(pool, _PROGRAM, _AS_OF))


async def _seconds(read: Callable[[], Awaitable[object]]) -> float:
    await read()
    began = perf_counter()
    await read()
    return perf_counter() - began


def main() -> None:
    report("Measures of a program", asyncio.run(measure()))


if __name__ == "__main__":
    main()
    ending.leave(Exit.OK)
