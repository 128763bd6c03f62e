"""The board and the timeline, told journeys, say where each one stands."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.ids import journey_stream
from domain.journey.events import CheckedIn, ComparedWithOthers, MovedToKit, RiskFlagRaised
from domain.kit import Kit
from projections.board_filter import Cursor, Filter, Sort
from projections.runner import catch_up
from projections.status import statuses
from projections.views import board, timeline
from store import people, sequencer
from store.database import Pool
from store.event_log import EventLog
from store.people import Person
from tests.projections.stories import AT, DAY, KIT, SEGMENTED, answering, journey, publish, story, tell
from tests.support.views import wait_for


@pytest.fixture
async def log(pool: Pool) -> EventLog:
    await publish(pool)
    return EventLog(pool)


async def show(dsn: str) -> None:
    await sequencer.drain(dsn)
    await catch_up(dsn)


async def test_a_row_says_what_a_journey_waits_for(log: EventLog, pool: Pool, dsn: str) -> None:
    await tell(log, 0, story(0, 7))
    await show(dsn)

    row = await board.one(pool, journey(0))

    start = AT + 3 * DAY
    assert row is not None
    assert (row.program, row.stage, row.pathway, row.mentor) == ("ready", "sessions", "main", "m-0")
    assert (row.waiting_for, row.waiting_on, row.about) == ("milestone_review", "mentor", "review:cv#1")
    assert (row.since, row.due_at) == (start + 9 * DAY, start + 12 * DAY)
    assert row.due_rule == "service_levels.milestone_review"
    assert (row.next_at, row.next_rule) == (start + 12 * DAY, "escalations.late")
    assert (row.attention, row.open_cases, row.paused_until, row.ending) == (None, 0, None, None)


async def test_cases_pauses_and_endings_show(log: EventLog, pool: Pool, dsn: str) -> None:
    for number, length in enumerate((8, 11, None)):
        await tell(log, number, story(number, length))
    await show(dsn)
    escalated, paused, closed = [await board.one(pool, journey(number)) for number in range(3)]
    assert escalated and paused and closed
    assert (escalated.attention, escalated.open_cases) == ("warning", 1)
    assert paused.paused_until == AT + timedelta(hours=1) + 33 * DAY
    assert (paused.waiting_for, paused.due_at, paused.next_rule) == (None, None, "pausing.limit")
    assert (closed.stage, closed.ending, closed.due_at, closed.next_at) == ("closed", "completed", None, None)


async def test_pages_filters_and_counts(log: EventLog, pool: Pool, dsn: str) -> None:
    for number in range(12):
        await tell(log, number, story(number, (1, 3, 8, None)[number % 4]))
    await show(dsn)

    everything, cursor = [], None
    while True:
        page = await board.page(pool, after=cursor, limit=5)
        everything += page.rows
        if not (cursor := page.next):
            break
    assert len(everything) == 12 == len({row.journey for row in everything})
    dues = [row.due_at for row in everything if row.due_at]
    assert dues == sorted(dues)
    assert [row.due_at for row in everything[len(dues) :]] == [None] * 3

    async def found(where: Filter) -> list[int]:
        return sorted(int(row.learner[2:]) for row in (await board.page(pool, where)).rows)

    assert await found(Filter(stage="matching")) == [1, 5, 9]
    assert await found(Filter(attention="warning")) == [2, 6, 10]
    assert await found(Filter(mentor="m-0", open=True)) == [6]
    assert await found(Filter(waiting_for="intake", waiting_on="learner", program="ready")) == [0, 4, 8]
    assert await found(Filter(waiting_on="learner", program="ready")) == [0, 2, 4, 6, 8, 10]
    assert await found(Filter(waiting_for="milestone", mentor="m-0", waiting_on="mentor")) == []
    assert await found(Filter(open=False)) == [3, 7, 11]
    assert await found(Filter(overdue_at=AT + 9 * DAY)) == [1, 5, 9]
    assert await found(Filter(learner="l-7")) == [7]
    assert await found(Filter(program="another")) == []
    by_gravity = await board.page(pool, sort="attention", limit=2)
    assert [row.journey for row in by_gravity.rows] == [journey(2), journey(6)]
    rest = await board.page(pool, sort="attention", after=by_gravity.next)
    assert [row.journey for row in rest.rows] == [journey(10)]
    names = await board.page(pool, sort="journey", after=Cursor(0, None, "ready.l-5"), limit=3)
    assert [row.journey for row in names.rows] == [journey(6), journey(7), journey(8)]
    counted = {count.stage: (count.journeys, count.attention) for count in await board.counts(pool)}
    assert counted == {"intake": (3, 0), "matching": (3, 0), "sessions": (3, 3), "closed": (3, 0)}


async def test_journeys_are_found_by_the_risk_flags_that_stand(log: EventLog, pool: Pool, dsn: str) -> None:
    flagged = [RiskFlagRaised(at=AT + 13 * DAY, flag=one) for one in ("ill", "moving")]
    await tell(log, 0, (*story(0, 7), *flagged))
    await tell(log, 1, (*story(1, 7), flagged[0], CheckedIn(at=AT + 14 * DAY)))
    await tell(log, 2, story(2, 7))
    await show(dsn)

    async def found(**where: Any) -> list[tuple[str, tuple[str, ...]]]:
        return [(row.journey, row.flags) for row in (await board.page(pool, Filter(**where))).rows]

    stands = [(journey(0), ("moving", "ill"))]
    assert await found(flag="ill") == await found(flag="moving", open=True) == await found(flag="any") == stands
    assert await found(flag="any", waiting_on="mentor") == stands
    assert await found(flag="any", waiting_on="ops") == await found(flag="sad") == []
    assert await board.counted(pool, Filter(flag="ill")) == 1
    assert (await board.page(pool, Filter(flag="any"), after=Cursor(0, AT, ""))).rows[0].flags == stands[0][1]
    one = await board.one(pool, journey(1))
    assert one and one.flags == ()


async def test_learners_are_found_and_counted_by_segment(log: EventLog, pool: Pool, dsn: str) -> None:
    await publish(pool, SEGMENTED)
    await tell(log, 0, answering(0, "a job", 8))
    await tell(log, 1, answering(1, "a raise", 15))
    await tell(log, 2, answering(2, "a job", 2))
    await tell(log, 3, answering(3, "", 1))
    await show(dsn)

    seekers = (await board.page(pool, Filter(segment="job-seekers"), "journey")).rows
    assert [(row.journey, row.segment) for row in seekers] == [(journey(n), "job-seekers") for n in (0, 2)]
    assert [row.journey for row in (await board.page(pool, Filter(segment="risers"))).rows] == [journey(1)]
    assert [
        (one.segment, one.journeys, one.open, one.attention, one.completed) for one in await board.segments(pool)
    ] == [
        ("job-seekers", 2, 2, 1, 0),
        ("risers", 1, 0, 0, 1),
        (None, 1, 1, 0, 0),
    ]
    assert await board.segments(pool, "another") == []
    rows = await pool.fetchval("select string_agg(board::text, '') from views.board")
    assert "a raise" not in rows, "what was answered is in no row"


async def test_a_move_to_another_version_puts_a_learner_into_its_segment(log: EventLog, pool: Pool, dsn: str) -> None:
    other = Kit.model_validate(
        SEGMENTED.model_dump(mode="json")
        | {"version": "renamed", "segments": [SEGMENTED.segments[0].model_dump(mode="json") | {"id": "seekers"}]}
    )
    await publish(pool, SEGMENTED)
    await publish(pool, other)
    told = answering(0, "a job", 3)
    await tell(log, 0, told)
    await show(dsn)
    await tell(log, 0, [*told, MovedToKit(at=told[-1].at, kit=other.digest, reason="better names")], after=3)
    await show(dsn)
    assert [row.segment for row in (await board.page(pool)).rows] == ["seekers"]


async def test_the_timeline_tells_it_in_words(log: EventLog, pool: Pool, dsn: str) -> None:
    events = story(1)
    await tell(log, 1, events)
    await tell(log, 2, story(2, 2))
    await show(dsn)

    told = await timeline.of_journey(pool, journey(1))

    assert [entry.version for entry in told] == list(range(1, len(events) + 1))
    assert told[0].words == "The journey through Job-ready began; the intake is due 19 Jan 2026"
    assert told[6].words == "CV was handed in"
    assert told[8].words == "CV was reviewed: passed with 80 points"
    assert told[8].details["score"] == 80
    assert told[11].words == "The journey went on; every open deadline moved by 2 days"
    assert not any("ill" in entry.words.split() for entry in told), "what people wrote stays in the log"
    assert [entry.version for entry in await timeline.of_journey(pool, journey(1), after=13)] == [14, 15]


async def test_the_words_are_those_of_the_version_that_held(log: EventLog, pool: Pool, dsn: str) -> None:
    """Though both versions are in one batch: a rebuild must come to the same words as following the log."""
    renamed = KIT.model_dump(mode="json") | {"version": "2"}
    renamed["pathways"][0]["sessions"][0]["title"] = "Getting to know each other"
    renamed["pathways"][0]["milestones"][0]["title"] = "Resume"
    other = Kit.model_validate(renamed)
    await publish(pool, other)
    events = story(1, 7)
    events.insert(6, MovedToKit(at=events[5].at, kit=other.digest, reason="better names"))
    await tell(log, 1, events)
    await show(dsn)

    told = [entry.words for entry in await timeline.of_journey(pool, journey(1))]

    assert told[5] == "First meeting: the learner attended"
    assert told[7] == "Resume was handed in"


async def test_waiting_until_a_view_shows_what_was_written(log: EventLog, pool: Pool, dsn: str) -> None:
    await tell(log, 1, story(1, 2))
    await show(dsn)
    await wait_for(pool, journey_stream(journey(1)), 2, "board")
    await tell(log, 1, story(1, 3), after=2)
    with pytest.raises(TimeoutError):
        await wait_for(pool, journey_stream(journey(1)), 3, "board", seconds=0.05)


async def test_standings_say_how_far_behind(log: EventLog, pool: Pool, dsn: str) -> None:
    await tell(log, 1, story(1, 2))
    await show(dsn)
    await tell(log, 1, story(1, 5), after=2)
    await sequencer.drain(dsn)
    one = {standing.name: standing for standing in await statuses(pool)}["board"]
    assert (one.status, one.position, one.behind_events, one.stopped_at) == ("live", 2, 3, None)
    assert one.behind_seconds > 0
    assert one.seen_at is not None
    await catch_up(dsn)
    one = {standing.name: standing for standing in await statuses(pool)}["board"]
    assert (one.behind_events, one.behind_seconds) == (0, 0)


async def test_learners_are_found_by_the_beginnings_of_their_names(log: EventLog, pool: Pool, dsn: str) -> None:
    for number in range(6):
        await tell(log, number, story(number, 3))
    names = ["Łukasz Müller-Strauß", "Anne-Marie O\u2019Brien", "Anna Bright", "ann Zoë", "Max Stone"]
    learners = [Person(f"l-{number}", "learner", name) for number, name in enumerate(names)]
    await people.upsert_many(pool, [*learners, Person("m-1", "mentor", "Anna Mentor")])
    await show(dsn)

    async def found(search: str, *, by_name: bool = True) -> list[int]:
        rows = (await board.page(pool, Filter(search=search, by_name=by_name), "journey")).rows
        return [int(row.learner[2:]) for row in rows]

    for search, expected in {
        "ann": [1, 2, 3],
        "AN BR": [1, 2],
        "brien": [1],
        "o'brien": [1],
        "obrien": [1],
        "marie": [1],
        "lukasz strauss": [0],
        "strauß, łuk": [0],
        "zoe": [3],
        "stone": [4],
        "one": [],
        "%": [],
        "l-5": [5],
        "ready.l-5": [5],
    }.items():
        assert await found(search) == expected, search
    assert (await found("ann", by_name=False), await found("l-3", by_name=False)) == ([], [3])

    await people.upsert_many(pool, [Person("l-4", "learner", "Maxine Anders")])
    assert (await found("stone"), await found("and")) == ([], [4])
    await pool.execute("delete from trellis.people where person_id = 'l-4'")
    assert await found("and") == []


async def test_the_order_of_names_puts_the_nameless_last(log: EventLog, pool: Pool, dsn: str) -> None:
    for number in range(9):
        await tell(log, number, story(number, 3))
    names = {0: "Zoe", 1: "émile", 2: "Anna", 3: "anna", 4: "Eric", 5: "Max"}
    await people.upsert_many(pool, [Person(f"l-{number}", "learner", name) for number, name in names.items()])
    await show(dsn)
    for limit in (1, 2, 3, 4, 6, 8, 20):
        seen, cursor = [], None
        while True:
            page = await board.page(pool, sort="name", after=cursor, limit=limit)
            seen += [int(row.learner[2:]) for row in page.rows]
            if not (cursor := page.next):
                break
        assert seen == [2, 3, 1, 4, 5, 0, 6, 7, 8], limit


async def test_the_order_of_mentors_puts_those_without_one_last(log: EventLog, pool: Pool, dsn: str) -> None:
    for number in range(5):
        await tell(log, number, story(number, 3 if number in (1, 3) else 8))
    await show(dsn)
    for limit in (1, 2, 3, 10):
        assert await learners(pool, "mentor", limit) == [0, 1, 2, 3, 4], limit
    await people.upsert_many(pool, [Person("m-1", "mentor", "Max Stone"), Person("m-2", "mentor", "Ann Hill")])
    for limit in (1, 2, 3, 10):
        assert await learners(pool, "mentor", limit) == [2, 4, 0, 1, 3], limit


async def test_the_order_of_what_comes_next_puts_those_with_nothing_last(log: EventLog, pool: Pool, dsn: str) -> None:
    for number, length in ((0, None), (1, 8), (2, 3), (3, 8)):
        await tell(log, number, story(number, length))
    await show(dsn)
    rows = (await board.page(pool, sort="next")).rows
    times = [one.next_at or datetime.max.replace(tzinfo=UTC) for one in rows]
    assert times == sorted(times) and rows[-1].next_at is None
    for limit in (1, 2, 3):
        assert await learners(pool, "next", limit) == [int(one.learner[2:]) for one in rows], limit


async def learners(pool: Pool, sort: Sort, limit: int) -> list[int]:
    """Of all pages."""
    seen, cursor = list[int](), None
    while True:
        page = await board.page(pool, sort=sort, after=cursor, limit=limit)
        seen += [int(row.learner[2:]) for row in page.rows]
        if not (cursor := page.next):
            return seen


async def test_journeys_are_sorted_by_their_time_in_a_stage_and_counted(log: EventLog, pool: Pool, dsn: str) -> None:
    for number in (4, 2, 0, 3, 1):
        await tell(log, number, story(number, 3))
    await show(dsn)
    first = await board.page(pool, sort="since", limit=3)
    rest = await board.page(pool, sort="since", after=first.next)
    assert [int(row.learner[2:]) for row in (*first.rows, *rest.rows)] == [0, 1, 2, 3, 4]
    named = Filter(journeys=(journey(3), journey(1), "nobody"))
    assert [row.journey for row in (await board.page(pool, named, "journey")).rows] == [journey(1), journey(3)]
    assert (await board.counted(pool, Filter(stage="matching")), await board.counted(pool, Filter(), most=3)) == (5, 4)
    assert await board.counted(pool, Filter(waiting_for="match", waiting_on="ops")) == 5


async def test_a_look_at_too_few_others_is_no_line_of_the_timeline(log: EventLog, pool: Pool, dsn: str) -> None:
    events = story(0, 8)
    look = ComparedWithOthers(at=AT + 20 * DAY, rule="quiet", comparison="90:345600", look_again_at=AT + 27 * DAY)
    beyond = look.model_copy(update={"others": 40, "seen_since": AT + 18 * DAY, "look_again_at": None})
    await tell(log, 0, [*events, look, beyond])
    await show(dsn)
    versions = [entry.version for entry in await timeline.of_journey(pool, journey(0))]
    assert versions == [*range(1, len(events) + 1), len(events) + 2]
