"""The first page of a large board reads little more than it shows: its plans are guarded."""

from typing import Any

import pytest
from pydantic_core import from_json

from projections.board_filter import Cursor, Filter, Sort, sorted_by_name, statement, walked
from projections.registry import PROJECTIONS
from projections.runner import catch_up
from store.database import Pool
from tests.projections.boards import AT, FILL, FILL_AWAITED, FILL_FLAGS, FILL_PEOPLE

ROWS = 20_000
MENTORS = """
    insert into trellis.people (person_id, kind, name)
    select 'm-' || n, 'mentor', 'Mentor ' || n from generate_series(0, 996) as n
"""


@pytest.fixture
async def large(pool: Pool, dsn: str) -> None:
    await catch_up(dsn, [PROJECTIONS["board"]])
    await pool.execute(FILL.format(schema="view_board_1"), ROWS)
    await pool.execute(FILL_AWAITED.format(schema="view_board_1"))
    await pool.execute(FILL_FLAGS.format(schema="view_board_1"))
    await pool.execute(FILL_PEOPLE, ROWS)
    await pool.execute(MENTORS)
    await pool.execute(
        "analyze trellis.people, trellis.people_words, view_board_1.board, view_board_1.board_awaited, "
        "view_board_1.board_flags"
    )


CASES: list[tuple[Filter, Sort]] = [
    (Filter(), "due"),
    (Filter(), "journey"),
    (Filter(), "attention"),
    (Filter(program="p-3"), "due"),
    (Filter(program="p-3", open=True), "due"),
    (Filter(program="p-3", stage="sessions"), "due"),
    (Filter(segment="s-3-1"), "due"),
    (Filter(program="p-3", segment="s-3-1", open=True), "due"),
    (Filter(mentor="m-17"), "due"),
    (Filter(waiting_for="match"), "due"),
    (Filter(waiting_for="notes", waiting_on="mentor"), "due"),
    (Filter(mentor="m-17", waiting_on="mentor"), "due"),
    (Filter(paused=True), "due"),
    (Filter(flag="any"), "due"),
    (Filter(flag="wellbeing", program="p-3", open=True), "due"),
    (Filter(flag="any", waiting_on="mentor"), "due"),
    (Filter(open=False), "due"),
    (Filter(open=True, paused=False), "due"),
    (Filter(program="p-3", attention="warning"), "attention"),
    (Filter(overdue_at=AT), "due"),
    (Filter(learner="l-77"), "due"),
    (Filter(cohort="c-15"), "due"),
    (Filter(program="p-3", pathway="main"), "due"),
    (Filter(pathway="main", open=True), "since"),
    (Filter(program="p-3"), "since"),
    (Filter(), "next"),
    (Filter(program="p-3", open=True), "next"),
    (Filter(open=True), "next"),
    (Filter(learners=tuple(f"l-{n}" for n in range(70, 170))), "due"),
    (Filter(journeys=("p-7.l-77", "p-8.l-78")), "since"),
]


async def test_a_page_is_read_from_an_index(large: None, pool: Pool) -> None:
    for where, sort in CASES:
        for after in (None, Cursor(2, AT, "p-1.l-500")):
            await reads_little(pool, statement(where, sort, after, 51), 20, (where, sort, after))
    await by_name(pool)


async def by_name(pool: Pool) -> None:
    """Along the names, or sorted. The learners of `p-7` stand at the end of the alphabet."""
    await pool.execute("update trellis.people set name = 'Zoe ' || name where person_id ~ '^l-[0-9]*7$'")
    await pool.execute("analyze trellis.people")
    sorts: tuple[Sort, ...] = ("name", "mentor")
    for sort in sorts:
        for after in (None, Cursor(0, None, "p-1.l-501")):
            for where in (Filter(), Filter(open=True, paused=False), Filter(program="p-7"), Filter(segment="s-3-1")):
                await reads_little(pool, walked(where, sort, after, 51), 8, (where, sort, after))
                every = await pool.fetch(*_flat(sorted_by_name(where, sort, after, ROWS)))
                for many in (3, 30, 300, ROWS):
                    some = await pool.fetch(*_flat(walked(where, sort, after, 51, many)))
                    assert some == every[: len(some)] and (many < ROWS or len(some) == min(51, len(every)))
            few = Filter(learners=("l-77",))
            await reads_little(pool, sorted_by_name(few, sort, after, 51), 8, (few, sort, after))


async def reads_little(pool: Pool, asked: tuple[str, list[object]], part: int, about: object) -> None:
    text, parameters = asked
    plan = from_json(await pool.fetchval(f"explain (analyze, format json) {text}", *parameters))[0]["Plan"]
    for node in _nodes(plan):
        read = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
        assert node["Node Type"] != "Seq Scan", about
        assert read <= ROWS / part, (node["Node Type"], about)


def _flat(asked: tuple[str, list[object]]) -> tuple[Any, ...]:
    return asked[0], *asked[1]


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", ()) for node in _nodes(child))]
