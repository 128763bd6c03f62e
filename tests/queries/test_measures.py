"""The measures of a program, counted from stories that are told by hand."""

from datetime import date, timedelta
from typing import get_args

import pytest

from analysis.samples import Counted
from domain.journey import JourneyEvent
from domain.journey import events as e
from projections.runner import catch_up
from queries.measures.definitions import MEASURES
from queries.measures.figures import By, Figures, Selection, figures
from store import sequencer
from store.database import Pool
from store.event_log import EventLog
from tests.projections.stories import AT, DAY, KIT, publish, tell
from tests.support.deliveries import LONG, S1, SHORT, STORIES, ended, held, told

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


async def test_a_pause_moves_what_is_owed_and_its_weeks_count_for_nobody(log: EventLog, pool: Pool, dsn: str) -> None:
    await told_to(log, dsn, PAUSED)
    found = await figures(pool, "ready", as_of=AS_OF, by="week")
    assert found.whole["follow_up"].sample == Counted(1, 1)
    assert found.whole["follow_up_hours"].value == 24
    paused = {str(date(2026, 1, 19) + timedelta(weeks=n)) for n in range(3)}
    assert not [key for key, part in found.parts.items() if key in paused and "active_weeks" in part]
    last = max(key for key, part in found.parts.items() if "active_weeks" in part)
    assert last <= str((AT + 50 * DAY).date()), "after the end nobody is expected to be active"


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
