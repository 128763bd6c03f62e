"""Counting answers in the database against counting them by hand, on a made-up term."""

from datetime import UTC, datetime, timedelta

import pytest

from analysis.samples import Counted, Summary
from queries.feedback.cells import Cell, Pair, Period, Place, Topic, counted, overlaps
from store.database import Pool
from tests.queries.answering import CLARITY, Faults, answer, cells, overlap, term

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
PERIOD = Period(AT, AT + timedelta(days=1))
TERM = term(11, Faults(template=1.0), learners=40)


@pytest.fixture
async def answered(pool: Pool, dsn: str) -> Pool:
    await answer(pool, dsn, "small", TERM, AT)
    statement = (
        "insert into views.survey_answers (stream, request, question, survey, program, journey, role, kind, choice, "
        "has_text, answered_at, cohort, kit_version, stage) values ('s', $1, 'hardest', 'closing', 'small', $2, "
        "'learner', 'choice', $3, false, $4, 'small.1', '1', 'closed')"
    )
    for n, option in enumerate(["time", "time", "money", "time"]):
        await pool.execute(statement, f"c-{n}", f"l-{n % 3}", option, AT)
    return pool


async def test_the_database_counts_as_one_does_by_hand(answered: Pool) -> None:
    found = {
        one.place: one for one in (await counted(answered, "small", PERIOD)).cells if one.place.topic[0] != "closing"
    }
    expected = {one.place: one for one in cells(TERM)}
    assert found.keys() == expected.keys()
    for place, cell in expected.items():
        _require_alike(found[place], cell)


def _require_alike(found: Cell, expected: Cell) -> None:
    assert isinstance(found.sample, Summary) and isinstance(expected.sample, Summary)
    assert found.answers == expected.answers
    assert (found.sample.n, found.sample.mean, found.sample.squares) == pytest.approx(
        (expected.sample.n, expected.sample.mean, expected.sample.squares)
    )


async def test_two_places_are_told_apart_as_one_does_by_hand(answered: Pool) -> None:
    pair = Pair(Place(CLARITY, "template", "vague-steps"), Place(CLARITY, "mentor", "m-03"))
    found = (await overlaps(answered, "small", PERIOD, [pair]))[pair]
    for one, other in zip(found, overlap(TERM, pair), strict=True):
        assert (one.n, one.mean, one.squares) == pytest.approx((other.n, other.mean, other.squares))


async def test_options_are_counted_by_people(answered: Pool) -> None:
    counts = await counted(answered, "small", PERIOD)
    whole = {one.topic.option: one.sample for one in counts.about if one.topic.survey == "closing"}
    assert whole == {"time": Counted(2, 3), "money": Counted(1, 3)}, "l-0 chose time twice"
    of_group = {
        one.place.topic.option: one.sample
        for one in counts.cells
        if one.place[1] == "cohort" and one.place.topic.survey == "closing"
    }
    assert of_group == whole
    pair = Pair(
        Place(Topic("closing", "hardest", "time"), "cohort", "small.1"),
        Place(Topic("closing", "hardest", "time"), "mentor", "m-01"),
    )
    told = (await overlaps(answered, "small", PERIOD, [pair]))[pair]
    assert told.one_alone.n == 3
    assert told.one_alone.mean == pytest.approx(2 / 3)


async def test_other_programs_and_other_times_do_not_count(answered: Pool) -> None:
    assert (await counted(answered, "other", PERIOD)).cells == []
    later = Period(AT + timedelta(seconds=1), AT + timedelta(days=1))
    assert (await counted(answered, "small", later)).about == []
