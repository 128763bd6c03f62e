"""The measures of a program, counted from stories that are told by hand."""

import math
from datetime import date, timedelta
from typing import get_args

import pytest

from analysis.samples import SHARES, Counted
from domain.journey import JourneyEvent
from domain.journey import events as e
from domain.kit import Kit
from projections.runner import catch_up
from queries.measures.definitions import MEASURES
from queries.measures.engagement import Trend, engagement
from queries.measures.figures import By, Figures, Selection, figures
from store import sequencer
from store.database import Pool
from store.event_log import EventLog
from tests.projections.stories import AT, DAY, KIT, publish, tell
from tests.support.deliveries import LONG, S1, SHORT, STORIES, ended, held, outcome, told, told_by

MONDAY = AT.replace(hour=0) + 7 * DAY
AS_OF = AT + 90 * DAY


def notes_due(session: str, at: int, *, due: int) -> JourneyEvent:
    return e.AttendanceRecorded.model_validate(
        {"at": AT + at * DAY, "session": session, "attendance": "attended", "notes_due_at": AT + due * DAY}
    )


def feedback(confidence: int, at: int) -> JourneyEvent:
    return e.FeedbackGiven(at=AT + at * DAY, confidence=confidence)


def followed_up(at: int, *days: int) -> JourneyEvent:
    items = [
        {"item": f"s1-{nth}", "owner": "learner", "due_at": AT + day * DAY, "text": "Write"}
        for nth, day in enumerate(days, start=1)
    ]
    return e.FollowUpSent.model_validate({"at": AT + at * DAY, "session": "s1", "summary": "so", "items": items})


BUSY = told(
    9,
    "mo",
    held(S1, 8, owed=2),
    feedback(2, 9),
    followed_up(9, 12, 14),
    e.ActionItemClosed(at=AT + 11 * DAY, item="s1-1", done=True),
    e.ActionItemClosed(at=AT + 12 * DAY, item="s1-2", done=False, reason="no time"),
    feedback(4, 20),
)
PAUSED = told(
    10,
    "mo",
    held(S1, 8, owed=2),
    e.JourneyPaused(at=AT + 9 * DAY, reason="ill", until=AT + 40 * DAY),
    e.JourneyResumed(at=AT + 39 * DAY, paused_for=30 * DAY),
    followed_up(39, 60),
    ended("withdrawn", 50),
)


@pytest.fixture
async def log(pool: Pool, dsn: str) -> EventLog:
    for kit in (KIT, LONG, SHORT):
        await publish(pool, kit)
    return EventLog(pool)


async def told_to(log: EventLog, dsn: str, *stories: list[JourneyEvent]) -> None:
    for number, events in enumerate(stories):
        await tell(log, number, events)
    await sequencer.drain(dsn)
    await catch_up(dsn)


async def test_every_measure_can_be_counted_where_nothing_has_happened(log: EventLog, pool: Pool, dsn: str) -> None:
    await told_to(log, dsn)
    for by in get_args(By):
        found = await figures(pool, "ready", by=by)
        assert list(found.whole) == list(MEASURES)
        assert {one.value for one in found.whole.values()} == {None}
        assert not found.parts


async def test_sessions_follow_ups_steps_and_confidence(log: EventLog, pool: Pool, dsn: str) -> None:
    await told_to(log, dsn, BUSY)
    found = await figures(pool, "ready", as_of=AS_OF)
    assert found.whole["attendance"].sample == Counted(1, 1)
    assert found.whole["follow_up"].sample == Counted(1, 1)
    assert found.whole["follow_up_hours"].value == 24
    assert found.whole["next_steps"].value == 2
    assert found.whole["steps_taken"].sample == Counted(1, 2), "one was given up"
    assert found.whole["skill_gain"].value == 2
    assert found.whole["retention"].sample == Counted(1, 1)
    assert found.whole["completion"].n == 0, "it is under way"


async def test_a_duty_counts_once_it_is_done_or_overdue(log: EventLog, pool: Pool, dsn: str) -> None:
    await told_to(log, dsn, told(1, "mo", held(S1, 8, owed=2)))
    for days, expected in ((9, Counted(0, 0)), (11, Counted(0, 1))):
        found = await figures(pool, "ready", as_of=AT + days * DAY, only=["follow_up"])
        assert found.whole["follow_up"].sample == expected


async def test_what_is_done_early_counts_once_it_was_due(log: EventLog, pool: Pool, dsn: str) -> None:
    """Else those that nobody did yet would be missing beside those that somebody did already."""
    await told_to(log, dsn, told(1, "mo", held(S1, 8, owed=6), followed_up(9, 30)))
    for days, expected in ((10, Counted(0, 0)), (15, Counted(1, 1))):
        found = await figures(pool, "ready", as_of=AT + days * DAY, only=["follow_up", "follow_up_hours"])
        assert found.whole["follow_up"].sample == expected
        assert found.whole["follow_up_hours"].value == 24, "it is known how long it took"


async def test_a_pause_moves_what_is_owed_and_its_weeks_count_for_nobody(log: EventLog, pool: Pool, dsn: str) -> None:
    await told_to(log, dsn, PAUSED)
    found = await figures(pool, "ready", as_of=AS_OF, by="week")
    assert found.whole["follow_up"].sample == Counted(1, 1)
    assert found.whole["follow_up_hours"].value == 24
    paused = {str(date(2026, 1, 19) + timedelta(weeks=n)) for n in range(3)}
    assert not [key for key, part in found.parts.items() if key in paused and "active_weeks" in part]
    last = max(key for key, part in found.parts.items() if "active_weeks" in part)
    assert last <= str((AT + 50 * DAY).date()), "after the end nobody is expected to be active"


async def test_an_outcome_counts_as_what_the_kit_says(log: EventLog, pool: Pool, dsn: str) -> None:
    """Of a kind the latest, by a value that the kit names; and nobody is counted by a kit that does not say."""
    rules = [
        {"means": "interview", "outcome": "talks"},
        {"means": "job", "outcome": "work", "values": ["Employed"]},
    ]
    kit = Kit.model_validate(LONG.model_dump(mode="json") | {"version": "means", "outcome_meanings": rules})
    await publish(pool, kit)
    stories = [
        told_by(kit, 1, outcome("talks", "two of them", 8), outcome("work", " employed", 9), ended("completed", 20)),
        told_by(kit, 2, outcome("work", "employed", 8), outcome("work", "none again", 9), ended("withdrawn", 20)),
        told_by(kit, 3, outcome("talks", "one", 8)),
        told(4, "mo", outcome("talks", "one", 8), ended("completed", 20)),
    ]
    await told_to(log, dsn, *stories)
    found = await figures(pool, "ready", as_of=AS_OF)
    samples = [found.whole[one].sample for one in ("interviews", "jobs", "promotions", "outcomes")]
    assert samples == [Counted(1, 2), Counted(1, 2), Counted(0, 0), Counted(3, 3)]


async def test_the_trend_is_of_whole_weeks(log: EventLog, pool: Pool, dsn: str) -> None:
    """Signs in the first week of the pathway, and in the third and fourth."""
    await told_to(log, dsn, told(1, "mo", held(S1, 8), feedback(2, 15), feedback(3, 22)))
    within = await engagement(pool, "ready", Selection(), AT + 38 * DAY)
    assert [one.count for _, one in within.weeks] == [1, 0, 1, 1, 0]
    assert within.recent
    assert (within.recent.sample, within.before) == (Counted(2, 4), within.weeks[0][1])
    later = await engagement(pool, "ready", Selection(), AT + 80 * DAY)
    assert later.recent
    assert (later.recent.sample, len(later.weeks)) == (Counted(0, 4), 11)
    assert await engagement(pool, "ready", Selection(cohort="none"), AS_OF) == Trend([], None, None)


async def test_parts_add_up_to_the_whole(log: EventLog, pool: Pool, dsn: str) -> None:
    await told_to(log, dsn, *STORIES, BUSY, PAUSED)
    for by in get_args(By):
        if by == "segment":
            continue  # these stories have none
        found = await figures(pool, "ready", by=by, as_of=AS_OF)
        assert found.parts
        for name, whole in found.whole.items():
            assert sum(part[name].n for part in found.parts.values() if name in part) == whole.n, (by, name)


async def test_a_selection_counts_as_the_part_does(log: EventLog, pool: Pool, dsn: str) -> None:
    await told_to(log, dsn, *STORIES, BUSY, PAUSED)
    by_version = await figures(pool, "ready", by="version", as_of=AS_OF)
    selected = await figures(pool, "ready", selection=Selection(version="long"), as_of=AS_OF)
    assert _counted(selected, list(by_version.parts["long"])) == {
        k: v.sample for k, v in by_version.parts["long"].items()
    }
    week = await figures(pool, "ready", selection=Selection(since=MONDAY, until=MONDAY + 7 * DAY), as_of=AS_OF)
    by_week = (await figures(pool, "ready", by="week", as_of=AS_OF)).parts["2026-01-12"]
    assert _counted(week, list(by_week)) == {name: one.sample for name, one in by_week.items()}


def _counted(found: Figures, names: list[str]) -> dict[str, object]:
    return {name: found.whole[name].sample for name in names}


async def test_what_was_delivered_is_the_same_as_the_return_says(log: EventLog, pool: Pool, dsn: str) -> None:
    await told_to(log, dsn, *STORIES)
    found = await figures(pool, "ready", as_of=AS_OF)
    assert found.whole["attendance"].sample == Counted(8, 9)
    assert found.whole["completion"].sample == Counted(2, 3)
    assert found.whole["outcomes"].sample == Counted(2, 3)


async def test_a_selection_by_kit_and_beginning(log: EventLog, pool: Pool, dsn: str) -> None:
    await told_to(log, dsn, *STORIES)
    for selection, expected in (
        (Selection(kit=SHORT.digest), Counted(0, 0)),
        (Selection(kit=LONG.digest), Counted(2, 3)),
        (Selection(began_since=AT), Counted(2, 3)),
        (Selection(began_until=AT), Counted(0, 0)),
        (Selection(cohort="2026-01"), Counted(2, 3)),
    ):
        found = await figures(pool, "ready", selection=selection, as_of=AS_OF, only=["completion"])
        assert found.whole["completion"].sample == expected, selection


async def test_what_people_answered_and_how_sessions_were_scored(log: EventLog, pool: Pool, dsn: str) -> None:
    """The rows are written as their views write them; how they come about is tested with these."""
    await told_to(log, dsn, BUSY)
    for request, status in (("r-1", "answered"), ("r-2", "answered"), ("r-3", "expired"), ("r-4", "open")):
        await pool.execute(
            """insert into view_survey_requests_1.survey_requests (stream, request, survey, program, kit, kit_version,
                   journey, role, respondent, stage, occurrence, status, requested_at)
               values ('respondent-learner.l-0', $1, 'pulse', 'ready', 'd', '1', 'ready.l-0', 'learner', 'l-0',
                   'sessions', 1, $2, $3)""",
            *(request, status, AT),
        )
    for request, tells, number, day in (
        *(("r-1", "clarity", 4, 1), ("r-2", "clarity", 2, 9)),
        *(("r-1", "confidence", 2, 1), ("r-2", "confidence", 5, 9)),
    ):
        await pool.execute(
            """insert into view_survey_answers_1.survey_answers (stream, request, question, survey, program,
                   kit_version, journey, role, stage, kind, tells, number, scale_least, scale_most, has_text,
                   answered_at)
               values ('respondent-learner.l-0', $1, $2, 'pulse', 'ready', '1', 'ready.l-0', 'learner', 'sessions',
                   'scale', $2, $3, 1, 7, false, $4)""",
            *(request, tells, number, AT + day * DAY),
        )
    for by, role, kind, value in (
        *(("qa", "qa", "dimension", 4.0), ("peer", "peer", "dimension", 2.0), ("me", "self", "dimension", 5.0)),
        ("qa", "qa", "question", 0.5),
    ):
        await pool.execute(
            """insert into view_session_scores_1.session_scores (stream, session, by, item, kind, name, program,
                   journey, kit_version, scorer_role, value, held_at, scored_at)
               values ('scores-ready.l-0', 's1', $1, '', $2, 'clear', 'ready', 'ready.l-0', '1', $3, $4, $5, $5)""",
            *(by, kind, role, value, AT),
        )
    found = (await figures(pool, "ready", as_of=AS_OF)).whole
    assert found["surveys_answered"].sample == Counted(2, 3)
    assert (found["clarity"].value, found["confidence"].value, found["usefulness"].value) == (3, 3.5, None)
    assert found["skill_gain_surveys"].value == 3
    assert (found["rubric_dimensions"].value, found["rubric_questions"].value) == (3, 0.5)
    assert (await figures(pool, "ready", by="cohort", as_of=AS_OF)).parts["2026-01"]["clarity"].n == 2
    for measure, ends in (("clarity", (1, 7)), ("rubric_dimensions", (1, 5))):
        interval = found[measure].interval()
        assert interval and (interval.low, interval.high) == ends, "two answers say nothing, within the scale"


def test_every_mean_says_where_its_values_can_lie() -> None:
    for one in MEASURES.values():
        assert one.scale == SHARES if one.is_share else one.ends or one.scale.least > -math.inf, one.id
