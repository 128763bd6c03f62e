"""What is corrected, taken back or reopened shows in every view as it is now."""

from domain.ids import MentorId, MilestoneId, SessionId
from domain.journey import JourneyEvent
from domain.journey import events as e
from projections import totals
from projections.runner import catch_up
from projections.views import board, funnel, mentor_load, timeline
from store import sequencer
from store.database import Pool
from store.event_log import EventLog
from tests.projections.stories import AT, DAY, KIT, journey, publish, story, tell

S1, CV = SessionId("s1"), MilestoneId("cv")
LATER = AT + 70 * DAY


async def test_views_follow_a_correction_and_a_reopening(pool: Pool, dsn: str) -> None:
    await publish(pool)
    log = EventLog(pool)
    whole = story(0)
    fixes: list[JourneyEvent] = [
        e.AttendanceCorrected(
            at=LATER, session=S1, was="attended", attendance="missed_by_learner", reason="another learner"
        ),
        e.ReviewCorrected(
            at=LATER, milestone=CV, attempt=1, was="passed", verdict="failed", score=20, reason="another learner"
        ),
    ]
    await tell(log, 0, [*whole[:13], *fixes])
    back = e.AttendanceTakenBack(
        at=LATER, session=S1, was="attended", reason="another learner", attendance_due_at=LATER + DAY
    )
    await tell(log, 3, [*story(3)[:6], back])
    reopened = e.JourneyReopened(
        at=LATER, reason="a slip", ending="completed", stage="wrap_up", mentor=MentorId("m-1"), moved_by=7 * DAY
    )
    await tell(log, 1, [*story(1), reopened])
    released = e.MentorReleased(at=LATER, mentor=MentorId("m-2"), reason="moved", match_due_at=LATER + DAY)
    await tell(log, 2, [*story(2, 13), released])
    await sequencer.drain(dsn)
    await catch_up(dsn)

    found = await totals.totals(pool, KIT.program)
    assert (found.sessions.held, found.sessions.missed_by_learner) == (2, 1)
    assert (found.milestones.passed, found.milestones.failed) == (2, 1)
    assert (found.learners.completed, found.learners.under_way) == (0, 4)
    now = {one.mentor: one.learners for one in await mentor_load.loads(pool)}
    assert now == {"m-0": 2, "m-1": 1, "m-2": 0}
    row = await board.one(pool, journey(1))
    assert row
    assert (row.stage, row.ending) == ("wrap_up", None)
    steps = await funnel.steps(pool, AT.date(), (AT + 100 * DAY).date())
    closed = [(one.entered, one.left) for one in steps if one.stage == "closed"]
    assert (sum(one for one, _ in closed), sum(left for _, left in closed)) == (1, 1)
    words = [one.words for one in await timeline.of_journey(pool, journey(0))]
    assert words[-2] == "First meeting was corrected: the learner did not come (recorded before: attended)"
    assert words[-1] == "The review of CV was corrected: failed with 20 points (recorded before: passed)"
    taken_back = (await timeline.of_journey(pool, journey(3)))[-1]
    assert taken_back.words == "What was recorded of First meeting was taken back (recorded before: attended)"
    waits = await board.one(pool, journey(3))
    assert waits and "attendance:mentor" in waits.awaited
    last = (await timeline.of_journey(pool, journey(1)))[-1]
    assert last.words == "The journey was reopened, in wrap-up; it had closed as completed"


async def test_a_case_is_told_by_its_title(pool: Pool, dsn: str) -> None:
    await publish(pool)
    await tell(EventLog(pool), 0, story(0, 10))
    await sequencer.drain(dsn)
    await catch_up(dsn)
    words = [one.words for one in await timeline.of_journey(pool, journey(0))]
    assert words[-1] == "The case “Late review” (case-1) was resolved"
