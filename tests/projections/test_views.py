"""The further views, beside the same told in plain Python, for any size of batch."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.activity import LearnerWasActive
from domain.ids import activity_stream
from domain.journey import JourneyEvent, JourneyState, Wait, awaited, fold, next_action
from domain.journey import events as e
from projections.journeys import JourneyViews
from projections.registry import JOURNEY_VIEWS
from projections.views import attention, daily_activity, funnel, mentor_load, upcoming
from store import sequencer
from store.codec import encode
from store.database import Pool
from store.event_log import EventLog
from tests.domain import stories
from tests.projections.stories import AT, DAY, KIT, journey, publish, story, tell
from tests.support.following import in_batches_of, show

LENGTHS = (1, 3, 4, 6, 8, 11, 13, 15)
STORIES = {number: story(number, LENGTHS[number % 8]) for number in range(8)}
FAR = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
async def told(pool: Pool, dsn: str) -> str:
    """Where the log with all the stories is, interleaved."""
    await publish(pool)
    log = EventLog(pool)
    for version in range(15):
        for number, events in STORIES.items():
            await tell(log, number, events[: version + 1], after=version)
    for number in range(3):
        seen = [LearnerWasActive(at=AT + hours * timedelta(hours=9), clicks=hours, pages=1) for hours in range(20)]
        await log.append(activity_stream(journey(number)), 0, f"seen-{number}", encode(seen, f"seen-{number}"))
    await sequencer.drain(dsn)
    return dsn


@in_batches_of
async def test_upcoming_is_every_timer_of_every_journey(told: str, pool: Pool, size: int) -> None:
    await show(told, "board", size)
    expected = []
    for number, events in STORIES.items():
        state = fold(events)
        assert state
        action = next_action(KIT, state)
        expected += [
            (timer.at, journey(number), timer.rule) for timer in (action.timers if isinstance(action, Wait) else ())
        ]
    found = await upcoming.between(pool, AT, FAR)
    assert [(one.at, one.journey, one.rule) for one in found] == sorted(expected, key=lambda one: (one[0], str(one[1])))
    one = (await upcoming.of_journey(pool, journey(5)))[0]
    assert (one.rule, one.does, one.stopped_by) == ("pausing.limit", "the journey resumes", "ops")
    assert await upcoming.between(pool, AT, FAR, programs=["another"]) == []


@in_batches_of
async def test_attention_is_open_cases_and_what_is_overdue(told: str, pool: Pool, size: int) -> None:
    await show(told, "board", size)
    at = AT + 15 * DAY
    overdue = set()
    for number, events in STORIES.items():
        state = fold(events)
        assert state
        overdue |= {(journey(number), one.about) for one in awaited(state) if one.due_at <= at}
    cases = {(journey(number), "case:case-1") for number in (4,)}
    found = await attention.wanted(pool, at)
    assert {(one.journey, one.about) for one in found} == overdue | cases
    assert [one.kind for one in found].index("case") == 0
    assert sum(one.overdue for one in await attention.tallies(pool, at)) == len(overdue)


@in_batches_of
async def test_the_load_of_mentors(told: str, pool: Pool, size: int) -> None:
    await show(told, "mentor_load", size)
    now, ever = defaultdict[str, int](int), defaultdict[str, int](int)
    for events in STORIES.values():
        state = fold(events)
        if state and state.mentor:
            ever[state.mentor] += 1
            now[state.mentor] += state.closing is None
    found = await mentor_load.loads(pool)
    assert {one.mentor: (one.learners, one.ever) for one in found} == {m: (now[m], ever[m]) for m in ever}
    assert [one.learners for one in found] == sorted((one.learners for one in found), reverse=True)


@in_batches_of
async def test_the_funnel(told: str, pool: Pool, size: int) -> None:
    await show(told, "funnel", size)
    await show(told, "board", 5000)  # which knows the segments
    stages = {
        "journey.started": "intake",
        "journey.intake_approved": "matching",
        "journey.pathway_started": "sessions",
        "journey.wrap_up_started": "wrap_up",
        "journey.closed": "closed",
    }
    entered, left = defaultdict[str, int](int), defaultdict[str, int](int)
    for events in STORIES.values():
        changes = [stages[event.type] for event in events if event.type in stages]
        for stage in changes:
            entered[stage] += 1
        for stage in changes[:-1]:
            left[stage] += 1
    found = await funnel.steps(pool, date(2026, 1, 1), date(2027, 1, 1))
    for stage in entered:
        those = [step for step in found if step.stage == stage]
        assert (sum(step.entered for step in those), sum(step.left for step in those)) == (entered[stage], left[stage])
    intake = next(step for step in found if step.stage == "intake")
    assert (intake.program, intake.pathway, intake.week, intake.hours_median) == ("ready", None, date(2026, 1, 5), 48)
    assert {step.pathway for step in found if step.stage != "intake"} == {"main"}
    assert await funnel.steps(pool, date(2026, 1, 1), date(2027, 1, 1), segment="nobody") == []


@in_batches_of
async def test_daily_activity(told: str, pool: Pool, size: int) -> None:
    await show(told, "daily_activity", size)
    days = await daily_activity.of_journey(pool, journey(1), date(2026, 1, 5), date(2027, 1, 1))
    assert sum(day.clicks for day in days) == sum(range(20))
    assert [day.day for day in days] == sorted({(AT + h * timedelta(hours=9)).date() for h in range(20)})
    assert days[0].clicks == 1
    assert await daily_activity.of_journey(pool, journey(5), date(2026, 1, 5), date(2027, 1, 1)) == []
    by_day = """select stream, (day - date '1969-12-29') / 7, count(*) from views.daily_activity group by 1, 2"""
    by_week = """select stream, first_week + nth::integer - 1, n from views.active_weeks,
                        unnest(days) with ordinality as each (n, nth) where n > 0"""
    weeks = set(map(tuple, await pool.fetch(by_week)))
    assert weeks == set(map(tuple, await pool.fetch(by_day)))
    assert weeks


def test_no_view_keeps_what_people_said() -> None:
    views = JourneyViews(JOURNEY_VIEWS)
    told: list[JourneyEvent] = [
        *stories.in_sessions,
        e.RiskFlagRaised(at=stories.day(4), flag="burnout", notes="between us"),
        e.OutcomeRecorded(at=stories.day(5), kind="job", value="between us"),
        e.JourneyClosed(at=stories.day(6), ending="withdrawn", reason="between us"),
    ]
    state: JourneyState | None = None
    for event in told:
        state = views.evolve(state, event)
    assert state
    assert "between us" not in views.dump(state)
    kept = views.load(views.dump(state))
    assert kept.answers, "the segment follows from them"
    assert views.dump(kept) == views.dump(state)
