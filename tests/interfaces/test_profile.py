"""The learner's profile: who they are, what they said, how far they came."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from domain.activity import LearnerWasActive
from domain.ids import activity_stream
from domain.journey import JourneyEvent
from domain.journey import events as e
from projections.runner import catch_up
from queries.profile import Named, Profile, build_profile, profile
from queries.profile_words import progress
from runtime.exits import Exit
from store import people, sequencer
from store.codec import encode
from store.database import Pool
from store.event_log import EventLog
from store.people import Person
from tests.commands import Trellis
from tests.domain.stories import (
    CV,
    KIT,
    S1,
    S2,
    day,
    handed_in,
    in_review,
    in_sessions,
    kit_with,
    matching,
    started,
    wrapping_up,
)
from tests.interfaces import told
from tests.interfaces.told import story_of

LEA = Person(
    "lea", "learner", "Lea Brandt", "lea@example.org", "Europe/Berlin", {"answers": {"goal": "x"}, "pronouns": "she"}
)
ANA = Person("ana", "mentor", "Ana Ruiz")


def told_of(*events: JourneyEvent, days: float = 40) -> Profile:
    return build_profile(story_of(KIT, events, day(days)), LEA, ANA)


def test_every_question_of_the_intake_is_there_with_its_words() -> None:
    before, after = told_of(*started).intake, told_of(*in_review).intake
    assert [(one.question, one.asked) for one in before] == [(one.id, one.ask) for one in KIT.intake.questions]
    assert {one.answer for one in before} == {None}
    assert [(one.asked, one.answer) for one in after][:2] == [("What for?", "job"), ("How many hours a week?", None)]


def test_an_answer_to_a_question_that_is_asked_no_longer_is_not_lost() -> None:
    asks_less = kit_with(intake={"questions": []}, pathways=[KIT.pathways[1].model_dump()])
    (left,) = build_profile(story_of(asks_less, in_review, day(2)), LEA, None).intake
    assert (left.question, left.asked, left.answer) == ("goal", "goal", "job")


def test_who_they_are_and_where_they_belong() -> None:
    seen = told_of(*in_sessions, days=4)
    assert (seen.learner, seen.time_zone) == (Named("lea", "Lea Brandt"), "Europe/Berlin")
    assert seen.attributes == {"pronouns": "she"}, "what was filled in is told once, by the intake"
    assert (seen.pathway, seen.mentor, seen.segment) == (Named("fast", "Fast"), Named("ana", "Ana Ruiz"), None)
    assert (told_of(*started).pathway, told_of(*started).mentor) == (None, None)
    unknown = build_profile(story_of(KIT, in_sessions, day(4)), None, None)
    assert (unknown.learner.name, unknown.time_zone, unknown.mentor) == ("lea", None, Named("ana", "ana"))


def test_the_segment_is_that_of_the_answers() -> None:
    seekers = {"id": "seekers", "title": "Job seekers", "need": "n", "urgency": "u", "level": "l"}
    kit = kit_with(segments=[seekers | {"when": {"goal": ["job"]}}])
    assert build_profile(story_of(kit, started, day(1)), LEA, None).segment is None
    assert build_profile(story_of(kit, in_review, day(1)), LEA, None).segment == Named("seekers", "Job seekers")


def test_sessions_are_counted_by_how_they_went_and_whether_they_lie_ahead() -> None:
    missed = e.AttendanceRecorded(at=day(6), session=S1, attendance="missed_by_learner")
    counted = told_of(*in_sessions, missed, days=12).progress.sessions
    assert (counted.held, counted.missed, counted.to_come, counted.not_told) == (0, 1, 1, 1)
    paused = e.JourneyPaused(at=day(7), reason="ill", until=day(60))
    still = told_of(*in_sessions, missed, paused, days=50).progress.sessions
    assert (still.to_come, still.not_told) == (2, 0), "in a pause the clock stands"
    closed = e.JourneyClosed(at=day(7), ending="withdrawn", reason="moved")
    over = told_of(*in_sessions, missed, closed).progress.sessions
    assert (over.missed, over.to_come, over.not_told) == (1, 0, 0), "what lay ahead of the end is not to come"
    done = told_of(*wrapping_up).progress.sessions
    assert (done.held, done.called_off) == (2, 1)


def test_milestones_are_counted_and_what_is_late_among_the_open_ones() -> None:
    counted = told_of(*handed_in, days=24).progress.milestones
    assert (counted.passed, counted.in_review, counted.open, counted.overdue) == (0, 1, 1, 1)
    assert told_of(*handed_in, days=22).progress.milestones.overdue == 0
    judged = told_of(*wrapping_up).progress.milestones
    assert (judged.passed, judged.failed, judged.open) == (1, 1, 0)
    waived = told_of(*in_sessions, e.MilestoneWaived(at=day(4), milestone=CV, reason="has one")).progress.milestones
    assert (waived.waived, waived.open) == (1, 1)


def test_last_seen_is_a_sign_of_the_learner_and_not_the_beginning_of_the_pathway() -> None:
    def seen(events: Sequence[JourneyEvent], active: float | None = None) -> object:
        story = story_of(KIT, events, day(9))
        return build_profile(story, LEA, None, day(active) if active else None).progress.last_seen_at

    assert seen(started) is None
    assert seen(in_sessions) == day(1), "the intake was sent in; the match is nothing that they did"
    assert seen((*in_sessions, e.AttendanceRecorded(at=day(6), session=S1, attendance="late"))) == day(6)
    assert seen(in_sessions, 8) == day(8), "where they work"
    assert seen(matching, 0.5) == day(1)


def test_the_confidence_is_the_last_and_outcomes_are_all_there() -> None:
    words = (e.FeedbackGiven(at=day(5), confidence=3), e.FeedbackGiven(at=day(8), confidence=7))
    job = e.OutcomeRecorded(at=day(9), kind="job_offer", value="analyst")
    so_far = told_of(*in_sessions, *words, job).progress
    assert so_far.confidence
    assert (so_far.confidence.given, so_far.confidence.at) == (7, day(8))
    assert [(one.kind, one.value, one.at) for one in so_far.outcomes] == [("job_offer", "analyst", day(9))]
    said = dict(progress(told_of(*in_sessions, *words, job, days=10)))
    assert (said["confidence"], said["job offer"]) == ("7 of 10, 2 days ago", "analyst, 24 hours ago")
    assert said["sessions"] == "0 held, 0 missed, 2 to come, 1 without recorded attendance"
    assert said["milestones"] == "0 passed, 2 open"


async def test_it_is_read_from_the_log_and_from_people(pool: Pool) -> None:
    journey = await told.tell(
        pool, KIT, (*in_sessions, e.AttendanceRecorded(at=day(6), session=S2, attendance="attended")), "lea"
    )
    await people.upsert_many(pool, [LEA, ANA])
    read = await profile(pool, journey)
    assert (read.learner.name, read.mentor, read.progress.sessions.held) == ("Lea Brandt", Named("ana", "Ana Ruiz"), 1)
    worked = LearnerWasActive(at=day(6) + timedelta(hours=5), clicks=3, pages=1)
    await EventLog(pool).append(activity_stream(journey), None, "worked", encode([worked], "worked"))
    assert (await profile(pool, journey)).progress.last_seen_at == worked.at
    assert (await profile(pool, journey)).progress.active_days is None, "the view is not there yet"


async def test_how_often_a_learner_was_active_of_late(pool: Pool, dsn: str) -> None:
    journey = await told.tell(pool, KIT, in_sessions, "lea")
    assert (await profile(pool, journey)).progress.active_days is None, "nobody says when this learner is active"
    now = datetime.now(UTC)
    days = [LearnerWasActive(at=now - timedelta(days=ago), clicks=3, pages=1) for ago in (40, 28, 27, 5, 5, 0)]
    await EventLog(pool).append(activity_stream(journey), None, "worked", encode(days, "worked"))
    await sequencer.drain(dsn)
    await catch_up(dsn)
    read = await profile(pool, journey)
    assert read.progress.active_days == 3
    assert dict(progress(read))["active"] == "on 3 of the last 28 days"


async def test_as_it_is_typed(trellis: Trellis, pool: Pool) -> None:
    journey = await told.tell(pool, KIT, in_sessions, "lea")
    await people.upsert_many(pool, [LEA])
    said = await trellis("profile", journey)
    for expected in ("Lea Brandt (lea)", "Europe/Berlin", "What for?", "job", "not answered", "0 held"):
        assert expected in said.out
    facts = (await trellis("profile", journey, "--json")).json
    assert facts["intake"][0] == {"question": "goal", "asked": "What for?", "answer": "job"}
    nobody = await trellis("profile", "nobody")
    assert (nobody.exit, "no journey 'nobody'" in nobody.err) == (Exit.FAILED, True)
