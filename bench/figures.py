"""What the figures of /metrics cost: how long Postgres takes to read them, with 100,000 journeys."""

import asyncio
from time import perf_counter

from bench.databases import fresh, server
from bench.options import quick
from bench.table import Figure, report
from projections.runner import catch_up
from runtime import ending
from runtime.exits import Exit
from runtime.metrics import FIGURES
from runtime.metrics.collector import SHARE
from store.database import open_pool
from tests.projections.boards import FILL

_FILLS = (
    """insert into view_board_1.attention
           (stream, journey, program, learner, mentor, kind, about, duty, who, grave, since, due_at, rule, version)
       select stream, journey, program, learner, mentor, case when grave > 0 then 'case' else 'duty' end,
              'about ' || n, case when grave > 0 then 'case' else waiting_for end, coalesce(waiting_on, 'ops'),
              case when n = 1 then grave else 0 end, coalesce(since, stage_since),
              coalesce(nullif(due_at, 'infinity'), now()),
              'pathways.main.milestones.' || hashtext(journey) % 40, 1
         from view_board_1.board, generate_series(1, 2) as n
        where ending is null and (waiting_for is not null or grave > 0)""",
    """insert into view_delivered_1.delivered
       select stream, program, learner, 'digest', 'digest', stage_since, mentor is not null, stage_since, 'open',
              ending,
              case when ending is not null then stage_since end, '{}'
         from view_board_1.board""",
    """insert into view_delivered_1.delivered_sessions
       select stream, n, 's-' || n, (array['attended', 'late', 'missed_by_learner', 'cancelled_in_time'])[1 + n % 4],
              mentor, stage_since, 'hybrid', interval '1 hour', (array['owed', 'in_time', 'late', null])[1 + n % 4]
         from view_board_1.board, generate_series(1, 8) as n where mentor is not null""",
    """insert into view_delivered_1.delivered_milestones
       select stream, 'm-' || n, (array['passed', 'open', 'unreviewed', 'failed'])[n], 'met'
         from view_board_1.board, generate_series(1, 4) as n where mentor is not null""",
    """insert into view_funnel_1.funnel
       select stream, n, program, 'main', (array['intake', 'matching', 'sessions'])[n],
              stage_since + n * interval '2 days', case when n < 3 then stage_since + (n + 1) * interval '2 days' end
         from view_board_1.board, generate_series(1, 3) as n""",
    """insert into view_mentor_load_1.mentor_load
       select stream, 1, mentor, stage_since + 5 * interval '1 day', null from view_board_1.board
        where mentor is not null""",
    """insert into view_messages_1.messages
       select 'message-' || stream || n, stream || n, journey, program, n, 'reminder', 'learner', learner, 'smtp',
              case when n = 1 and grave > 0 then 'bounced' else 'sent' end, stage_since, 1, null
         from view_board_1.board, generate_series(1, 10) as n""",
)


async def measure() -> list[Figure]:
    journeys = 10_000 if quick() else 100_000
    async with server() as postgres:
        dsn = await fresh(postgres)
        pool = await open_pool(dsn, max_size=2)
        await catch_up(dsn)
        await pool.execute("alter system set synchronous_commit = off")
        await pool.execute(FILL.format(schema="view_board_1"), journeys)
        for fill in _FILLS:
            await pool.execute(fill)
        await pool.execute("vacuum analyze")
        took: dict[str, float] = {}
        for one in FIGURES:
            await one.read(pool)
            began = perf_counter()
            samples = await one.read(pool)
            took[one.name] = perf_counter() - began
            print(f"{one.name}: {1000 * took[one.name]:.0f} ms, {len(samples)} samples")
        await pool.close()
    share = sum(took[one.name] / max(one.every_seconds, took[one.name] / SHARE) for one in FIGURES)
    against = f"{journeys:,} journeys"
    return [
        Figure("figures_slowest_ms", 1000 * max(took.values()), "ms", None, against, "under 4,000"),
        Figure(
            "figures_share_percent",
            100 * share,
            "%",
            None,
            f"of the time of one core of Postgres; {against}",
            "under 10",
        ),
    ]


def main() -> None:
    report("Figures of /metrics", asyncio.run(measure()))


if __name__ == "__main__":
    main()
    ending.leave(Exit.OK)
