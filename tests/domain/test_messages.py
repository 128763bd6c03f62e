"""Who is told what, in which words, and at which hour."""

import json
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.ids import CaseId, JourneyId, MentorId, ProgramId, StreamId
from domain.journey import EVENTS, JourneyState
from domain.journey import events as e
from domain.journey import fold as fold_journey
from domain.kit import Message, QuietHours, Role
from domain.kit.messages import by_key, find_message
from domain.notification import (
    Contents,
    Notice,
    contents,
    earlier,
    fold,
    notices,
    notification_id,
    obsolete,
    superseded,
    undone,
)
from domain.notification import events as m
from domain.notification.notices import CALLING
from domain.values import PersonalMark
from tests.domain.stories import (
    ANA,
    BEN,
    CV,
    FAST,
    KIT,
    NOON,
    S1,
    STEADY,
    day,
    in_review,
    in_sessions,
    kit_with,
    started,
)

GOLDEN = Path(__file__).parents[1] / "golden" / "events"
NIGHT = QuietHours(after=time(21), until=time(8))
BERLIN = ZoneInfo("Europe/Berlin")


def message(**fields: Any) -> Message:
    return Message(**{"subject": "s", "text": "t.md"} | fields)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("file", sorted(GOLDEN.glob("journey.*.json")), ids=lambda file: file.stem)
def test_an_event_whose_texts_are_as_long_as_they_may_be_gives_its_notices(file: Path) -> None:
    stored = json.loads(file.read_text())
    kind = EVENTS[stored["type"]]
    marked = (name for name, field in kind.model_fields.items() if PersonalMark in map(type, field.metadata))
    longest = {name: "x" * 10_000 for name in marked if isinstance(stored["data"].get(name), str)}
    event = kind.model_validate(stored["data"] | longest | {"at": stored["occurred_at"]})
    assert {type(notice) for notice in notices(event)} <= {Notice}


@pytest.mark.parametrize("file", sorted(GOLDEN.glob("journey.*.json")), ids=lambda file: file.stem)
def test_an_event_finds_its_notices_by_its_kind_wherever_they_are_made(file: Path) -> None:
    stored = json.loads(file.read_text())
    event = EVENTS[stored["type"]].model_validate(stored["data"] | {"at": stored["occurred_at"]})
    assert list(notices(event)) == [notice for makes in CALLING for notice in makes(event)]


def test_each_who_is_asked_about_a_match_is_told() -> None:
    offered = e.MatchOffered(at=NOON, mentor=MentorId("m-1"), asks=("mentor", "learner"), expires_at=NOON)
    assert [one.to for one in notices(offered)] == ["mentor", "learner"]
    assert {one.when for one in notices(offered)} == {"offer"}


def test_what_nobody_has_to_know_calls_for_no_message() -> None:
    assert notices(e.NotesWritten(at=NOON, session=S1, answers={})) == ()


def test_a_message_has_one_name_for_ever() -> None:
    stream = StreamId("journey-p.l")
    assert notification_id(stream, 3, "learner") == notification_id(stream, 3, "learner")
    assert len({notification_id(stream, version, to) for version in (3, 4) for to in ("learner", "mentor")}) == 4


def test_the_narrower_message_is_chosen() -> None:
    messages = {
        "any": message(when="nudge"),
        "role": message(when="nudge", to="mentor"),
        "rule": message(when="nudge", rule="quiet"),
    }
    assert find_message(by_key(messages), "nudge", "mentor", "quiet") == "rule"
    assert find_message(by_key(messages), "nudge", "mentor", "late") == "role"
    assert find_message(by_key(messages), "nudge", "learner", "late") == "any"
    assert find_message(by_key(messages), "case", "mentor", "quiet") is None


@pytest.mark.parametrize(
    ("at", "zone", "first"),
    [
        ("2026-11-23T12:00", "Europe/Berlin", "2026-11-23T12:00"),
        ("2026-11-23T20:30", "Europe/Berlin", "2026-11-24T07:00"),  # half past nine in the evening
        ("2026-11-24T05:00", "Europe/Berlin", "2026-11-24T07:00"),
        ("2026-11-23T20:30", "America/New_York", "2026-11-23T20:30"),
        ("2026-03-29T00:30", "Europe/Berlin", "2026-03-29T06:00"),  # the clock goes forward in this night
    ],
)
def test_nobody_is_written_to_at_night(at: str, zone: str, first: str) -> None:
    assert NIGHT.first_moment(moment(at), ZoneInfo(zone)) == moment(first)


@given(
    at=st.datetimes(min_value=datetime(2013, 1, 1), max_value=datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    zone=st.sampled_from(sorted(available_timezones() - {"localtime"})).map(ZoneInfo),
    hours=st.tuples(st.times(), st.times()).filter(lambda pair: pair[0] != pair[1]),
)
def test_the_first_moment_is_not_quiet_not_before_and_within_a_day(
    at: datetime, zone: ZoneInfo, hours: tuple[time, time]
) -> None:
    quiet = QuietHours(after=hours[0], until=hours[1])
    first = quiet.first_moment(at, zone)
    assert at <= first <= at + timedelta(hours=26)  # a night may be longer by what the clock goes back
    assert quiet.first_moment(first, zone) == first


def test_quiet_hours_that_never_end_are_refused() -> None:
    with pytest.raises(ValidationError, match="cannot end when they begin"):
        QuietHours(after=time(8), until=time(8))
    with pytest.raises(ValidationError, match="put it in quotes"):
        QuietHours.model_validate({"after": 1260, "until": "08:00"})


def test_a_reminder_tells_what_begins_and_when() -> None:
    state = fold_journey(in_sessions)
    assert state
    notice = Notice(when="reminder", to="learner", subject=f"session:{S1}#1", at=day(5), of="session")
    assert contents(KIT, state, notice) == Contents(what="Goals", due_at=day(6), mentor=ANA)


def test_a_nudge_tells_what_is_late_and_since_when() -> None:
    state = fold_journey(in_sessions)
    assert state
    late = Notice(when="nudge", to="mentor", subject=f"session:{S1}#1", at=day(8), rule="late-notes")
    assert contents(KIT, state, late) == Contents(what="the attendance of session Goals", due_at=day(7, 1), mentor=ANA)
    quiet = Notice(when="nudge", to="learner", subject="quiet since long", at=day(10), rule="quiet-7")
    assert contents(KIT, state, quiet) == Contents(what="Quiet", due_at=day(10), mentor=ANA)


def test_a_reminder_of_what_is_done_is_not_needed_any_more() -> None:
    notice = Notice(when="reminder", to="learner", subject="intake#1", at=NOON, of="intake")
    before, after = fold_journey(started), fold_journey(in_sessions)
    assert before
    assert after
    assert obsolete(before, notice) is None
    assert obsolete(after, notice) == "what it would remind of is done"


def wanted() -> m.NotificationRequested:
    return m.NotificationRequested(
        at=NOON,
        journey=JourneyId("p.l"),
        program=ProgramId("p"),
        version=3,
        when="nudge",
        to="learner",
        recipient="l",
    )


def test_what_became_of_a_message() -> None:
    handed = m.NotificationHandedOver(at=NOON, channel="smtp", message="nudge", attempt=1)
    state = fold([wanted(), handed, m.NotificationNotTaken(at=NOON, because="busy")])
    assert state
    assert (state.status, state.because, state.attempts, state.open) == ("not_taken", "busy", 1, True)
    state = fold([wanted(), handed, m.NotificationUncertain(at=NOON, because="cut off"), m.NotificationSent(at=NOON)])
    assert state
    assert (state.status, state.because, state.open) == ("sent", None, False)
    with pytest.raises(ValueError, match="begins with being wanted"):
        fold([handed])


def test_a_case_is_told_to_its_next_owner() -> None:
    moved = e.CaseReassigned(at=NOON, case=CaseId("case-1"), owner="ops", respond_by=NOON, reason="away")
    (notice,) = notices(moved)
    assert (notice.when, notice.to, notice.subject) == ("case", "ops", "case:case-1")


MOVED = e.SessionRescheduled(at=day(4), session=S1, starts_at=day(7), attendance_due_at=day(8, 1))
BACK = e.SessionRescheduled(at=day(4, 1), session=S1, starts_at=day(6), attendance_due_at=day(7, 1))
PAUSED = e.JourneyPaused(at=day(4), reason="ill", until=day(9))


def journey(*events: e.JourneyEvent) -> JourneyState:
    state = fold_journey((*in_sessions, *events))
    assert state
    return state


def of(event: e.JourneyEvent, to: Role = "learner") -> Notice:
    (found,) = (one for one in notices(event) if one.to == to)
    return found


@pytest.mark.parametrize(
    ("event", "when", "told"),
    [
        (e.IntakeApproved(at=NOON, pathway=FAST, match_due_at=day(7)), "approved", ["learner"]),
        (e.JourneyClosed(at=NOON, ending="declined", reason="Full."), "declined", ["learner"]),
        (e.MentorMatched(at=NOON, mentor=ANA), "matched", ["learner", "mentor"]),
        (e.MentorReleased(at=NOON, mentor=ANA, reason="", match_due_at=NOON), "mentor_left", ["learner", "mentor"]),
        (MOVED, "session_moved", ["learner", "mentor"]),
        (
            e.AttendanceRecorded(at=NOON, session=S1, attendance="cancelled_late"),
            "session_cancelled",
            ["learner", "mentor"],
        ),
        (e.MilestoneSubmitted(at=NOON, milestone=CV, attempt=1, review_due_at=NOON), "submitted", ["mentor"]),
        (e.MilestoneReviewed(at=NOON, milestone=CV, attempt=1, verdict="passed"), "reviewed", ["learner"]),
        (e.MilestoneWaived(at=NOON, milestone=CV, reason="Has a job."), "reviewed", ["learner"]),
        (PAUSED, "paused", ["learner", "mentor"]),
        (e.JourneyResumed(at=NOON, paused_for=timedelta(days=1)), "resumed", ["learner", "mentor"]),
        (e.WrapUpStarted(at=NOON, reason="all_settled", due_at=NOON), "wrap_up", ["learner", "mentor"]),
        (e.JourneyClosed(at=NOON, ending="completed", reason="Done."), "closed", ["learner", "mentor"]),
    ],
)
def test_a_change_is_told_to_whom_it_concerns(event: e.JourneyEvent, when: str, told: list[str]) -> None:
    assert [(one.when, one.to) for one in notices(event)] == [(when, to) for to in told]


def test_attendance_is_no_news() -> None:
    assert notices(e.AttendanceRecorded(at=NOON, session=S1, attendance="attended")) == ()


def test_a_review_passes_on_its_verdict_its_words_and_the_new_date() -> None:
    event = e.MilestoneReviewed(
        at=day(10), milestone=CV, attempt=1, verdict="returned", feedback="Name results.", due_at=day(13)
    )
    notice = of(event)
    assert (notice.result, notice.quote) == ("returned", "Name results.")
    told = contents(KIT, journey(event), notice)
    assert (told.what, told.due_at) == ("CV", day(13))
    passed = event.model_copy(update={"verdict": "passed", "due_at": None})
    assert contents(KIT, journey(passed), of(passed)).due_at is None


def test_a_follow_up_holds_its_next_steps() -> None:
    step = e.ActionItem(item="s1-1", owner="learner", due_at=day(9), text="Write the first line.")
    notice = of(e.FollowUpSent(at=day(7), session=S1, summary="We agreed.", items=(step,)))
    assert (notice.quote, notice.steps) == ("We agreed.", (step,))


def test_a_match_lists_the_dates_as_they_are_when_the_letter_is_written() -> None:
    matched = next(one for one in in_sessions if isinstance(one, e.MentorMatched))
    then = fold_journey(in_sessions[: in_sessions.index(matched) + 1])
    assert then
    told = contents(KIT, then, of(matched), now=journey(MOVED))
    assert [(one.what, one.at) for one in told.dates] == [
        ("Goals", day(7)),
        ("CV", day(10)),
        ("Review", day(11)),
        ("Practice", day(18)),
        ("Talk", day(23)),
    ]
    assert contents(KIT, then, of(matched), now=journey(PAUSED)).dates == (), "a pause moves them all"


def test_a_session_that_moved_twice_is_told_of_once_and_one_that_moved_back_not_at_all() -> None:
    first, second = of(MOVED), of(BACK)
    before, now = journey(), journey(MOVED, BACK)
    assert superseded((BACK,), first)
    assert obsolete(now, first) == "the session has another date by now"
    assert superseded((), second) is None
    assert obsolete(now, second) is None
    assert undone(before, now, second), "nobody has heard of the first move"
    assert undone(journey(MOVED), now, second) is None, "who was told of the first must hear of the second"
    events = (*in_sessions, MOVED, BACK)
    assert list(earlier(events, len(events), second)) == [len(events) - 1]


def test_an_approval_is_told_of_once_with_the_pathway_that_was_chosen_in_the_end() -> None:
    approved = e.IntakeApproved(at=day(2), pathway=FAST, match_due_at=day(7))
    anew = e.PathwayChosenAnew(at=day(2), pathway=STEADY, reason="No hurry.")
    now = fold_journey((*in_review, approved, anew))
    assert now
    assert superseded((anew,), of(approved))
    assert contents(KIT, now, of(anew)) == Contents(what="Steady", due_at=day(7), mentor=None)


def test_a_pause_that_is_over_is_not_announced_and_its_end_is_where_it_moved_dates() -> None:
    resumed = e.JourneyResumed(at=day(4, 8), paused_for=timedelta(hours=8))
    now = journey(PAUSED, resumed)
    assert obsolete(now, of(PAUSED)) == "the pause is over"
    assert obsolete(now, of(resumed)) is None
    assert undone(journey(), now, of(resumed)) is None, "each session begins eight hours later"
    unmoved = e.JourneyResumed(at=day(4), paused_for=timedelta(0))
    assert undone(journey(), journey(PAUSED, unmoved), of(unmoved))


@pytest.mark.parametrize(
    ("event", "later", "because"),
    [
        (e.MentorMatched(at=day(3), mentor=BEN), [], "the journey has another mentor by now, or none"),
        (MOVED, [e.JourneyClosed(at=day(5), ending="withdrawn", reason="moved")], "the journey has closed"),
        (
            e.AttendanceRecorded(at=day(8), session=S1, attendance="cancelled_late"),
            [e.AttendanceRecorded(at=day(8), session=S1, attendance="cancelled_late")],
            "its time was past when it was recorded as cancelled",
        ),
        (
            e.MilestoneSubmitted(at=day(9), milestone=CV, attempt=1, review_due_at=day(12)),
            [
                e.MilestoneSubmitted(at=day(9), milestone=CV, attempt=1, review_due_at=day(12)),
                e.MilestoneReviewed(at=day(9, 1), milestone=CV, attempt=1, verdict="passed"),
            ],
            "the work is not waiting for a review any more",
        ),
        (e.JourneyClosed(at=day(5), ending="withdrawn", reason="mistaken"), [], "the journey is open again"),
    ],
)
def test_what_no_longer_holds_is_not_told(event: e.JourneyEvent, later: list[e.JourneyEvent], because: str) -> None:
    assert obsolete(journey(*later), notices(event)[-1]) == because


def test_news_reach_a_learner_who_pauses() -> None:
    reviewed = e.MilestoneReviewed(at=day(10), milestone=CV, attempt=1, verdict="passed")
    assert obsolete(journey(reviewed, PAUSED), of(reviewed)) is None
    assert obsolete(journey(PAUSED), of(PAUSED)) is None


def test_a_case_comes_with_its_checklist_and_a_handover_with_the_match() -> None:
    rule = {
        "id": "help",
        "title": "Help",
        "when": {"help_asked": True},
        "then": {"open_case": "mentor", "checklist": "c"},
    }
    kit = kit_with(escalations=[rule], checklists={"c": ["Call them."]})
    opened = e.CaseOpened(
        at=day(5),
        case=CaseId("case-1"),
        rule="help",
        about="sign:1",
        severity="warning",
        owner="mentor",
        respond_by=day(6),
    )
    assert contents(kit, journey(opened), of(opened, "mentor")).checklist == ("Call them.",)
    left = e.MentorReleased(at=day(5), mentor=ANA, reason="away", match_due_at=day(9), handover="Likes mornings.")
    next_one = e.MentorMatched(at=day(6), mentor=BEN)
    then, events = journey(left, next_one), (*in_sessions, left, next_one)
    assert [one.text for one in contents(kit, then, of(next_one, "mentor"), events).quotes] == ["Likes mornings."]
    assert contents(kit, then, of(next_one), events).quotes == ()
