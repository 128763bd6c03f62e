"""How far learners come, by what is known of each of them; and answers that are kept for a while."""

import asyncio
from datetime import UTC, datetime

import pytest

from projections.runner import catch_up
from projections.standings import Reached
from queries.overview import funnel_steps, program_funnel, program_standings
from queries.recent import Recent
from store import sequencer
from store.database import Pool
from store.event_log import EventLog
from tests.projections.stories import AT, DAY, KIT, publish, story, tell


def test_shares_are_of_all_who_began_and_of_the_step_before() -> None:
    found = [
        Reached(1, None, 2),
        Reached(1, "declined", 2),
        Reached(2, None, 1),
        Reached(3, "withdrawn", 1),
        Reached(3, None, 2),
        Reached(4, "completed", 2),
    ]
    steps = {one.stage: one for one in funnel_steps(found)}
    assert [one.reached for one in steps.values()] == [10, 6, 5, 2, 2]
    assert (steps["intake"].here, steps["intake"].left) == (2, 2)
    assert (steps["sessions"].of_begun, steps["sessions"].of_before) == (0.5, 5 / 6)
    assert (steps["completed"].of_begun, steps["completed"].of_before) == (0.2, 1.0)
    assert [one.of_begun for one in funnel_steps([])] == [None] * 5


async def test_the_views_say_the_same(pool: Pool, dsn: str) -> None:
    await publish(pool)
    for number, length in enumerate((1, 8, None)):
        await tell(EventLog(pool), number, story(number, length))
    await sequencer.drain(dsn)
    await catch_up(dsn)
    day = AT.date()
    funnel = await program_funnel(pool, KIT.program_id, day, day + 30 * DAY)
    assert [one.reached for one in funnel.steps] == [3, 2, 2, 1, 1]
    standings = await program_standings(pool, KIT.program_id)
    assert sum(one.journeys for one in standings) == 3
    assert sum(one.attention for one in standings) == 1
    assert (await program_funnel(pool, KIT.program_id, day + 30 * DAY, day + 60 * DAY)).steps[0].reached == 0


async def test_an_answer_is_made_once_and_again_when_a_view_has_moved_on(pool: Pool, dsn: str) -> None:
    await publish(pool)
    await catch_up(dsn)
    recent, made = Recent(pool), list[datetime]()

    async def make() -> int:
        made.append(datetime.now(UTC))
        await asyncio.sleep(0)
        return len(made)

    assert [one.answer for one in await asyncio.gather(*(recent.get("x", make) for _ in range(5)))] == [1] * 5
    assert (await recent.get("x", make)).answer == 1
    assert (await recent.get("y", make)).answer == 2
    await tell(EventLog(pool), 1, story(1, 8))
    await sequencer.drain(dsn)
    await catch_up(dsn)
    assert (await recent.get("x", make)).answer == 3

    async def fails() -> int:
        raise LookupError

    for _ in range(2):
        with pytest.raises(LookupError):
            await recent.get("z", fails)
    assert (await recent.get("z", make)).answer == 4
