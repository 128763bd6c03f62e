"""Who is invited to what, and what a calendar is told when that changes."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest

from domain.ids import CohortId, KitDigest
from domain.journey import JourneyEvent, calendar, fold
from domain.journey import events as e
from domain.journey.cohort import Meeting
from domain.kit import Kit
from domain.notification import Call, Entry, Invited, calls, entry, telling
from tests.domain.stories import ANA, BEN, KIT, S1, S2, S3, day, in_sessions, kit_with

INVITES = {"invite": {"when": "invitation", "subject": "{{ what }}", "text": "i.md"}}
WITH = kit_with(messages=INVITES, texts={"i.md": "{{ due }}"})
LEA, MENTOR, OTHER = Invited("learner", "lea"), Invited("mentor", "ana"), Invited("mentor", "ben")
moved = e.SessionRescheduled(at=day(4), session=S1, starts_at=day(8), attendance_due_at=day(9, 1))
closed = e.JourneyClosed(at=day(7), ending="withdrawn", reason="moved")
released = e.MentorReleased(at=day(7), mentor=ANA, reason="ill", match_due_at=day(12))
pause = e.JourneyPaused(at=day(7), reason="ill", until=day(12))
resumed = e.JourneyResumed(at=day(9), paused_for=timedelta(days=2))
taken_over = e.MentorMatched(at=day(7), mentor=BEN)
off = e.AttendanceRecorded(at=day(7), session=S2, attendance="cancelled_in_time")
again = e.PathwayReset(
    at=day(7),
    reason="another goal",
    starts_at=day(7),
    ends_at=day(35),
    sessions=(e.PlannedSession(session=S2, starts_at=day(15), attendance_due_at=day(16)),),
    milestones=(),
)


def kits_of(events: Sequence[JourneyEvent], kit: Kit = WITH) -> Mapping[KitDigest, Kit]:
    return {one.kit: kit for one in events if isinstance(one, e.JourneyStarted | e.MovedToKit)}


def called(*events: JourneyEvent, kit: Kit = WITH) -> list[Call]:
    return list(calls(events, kits_of(events, kit)))


def by_the_last(*events: JourneyEvent) -> list[tuple[str, str]]:
    """The calls of the last event: who, and for which session."""
    return [(one.invited.person, one.session) for one in called(*events) if one.version == len(events)]


def both(*sessions: str) -> list[tuple[str, str]]:
    return [(person, one) for person in ("lea", "ana") for one in sessions]


def standing(invited: Invited, session: str, *events: JourneyEvent) -> Entry | None:
    state = fold(events)
    assert state
    return entry(kits_of(events), state, S1 if session == "s1" else S2, invited)


def test_a_plan_invites_both_to_each_session() -> None:
    assert by_the_last(*in_sessions) == both(S1, S2, S3)
    assert {one.version for one in called(*in_sessions)} == {len(in_sessions)}


def test_a_kit_without_such_a_message_invites_nobody() -> None:
    assert called(*in_sessions, moved, kit=KIT) == []
    learners = {"invite": INVITES["invite"] | {"to": "learner"}}
    only = kit_with(messages=learners, texts={"i.md": "x"})
    assert {one.invited.to for one in called(*in_sessions, kit=only)} == {"learner"}


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (moved, both(S1)),
        (off, both(S2)),
        (closed, both(S2, S3)),
        (again, both(S2)),
        (released, both(S2, S3)),
        (taken_over, [*both(S2, S3), ("ben", S2), ("ben", S3)]),
        (pause, both(S2)),
        (e.CheckedIn(at=day(7)), []),
        (e.AttendanceRecorded(at=day(6), session=S1, attendance="attended"), []),
        (e.AttendanceRecorded(at=day(7), session=S2, attendance="attended"), []),
    ],
    ids=lambda one: one.type if isinstance(one, e.CheckedIn | e.AttendanceRecorded) else "",
)
def test_whoever_has_an_entry_that_changes_is_told(event: JourneyEvent, told: list[tuple[str, str]]) -> None:
    assert by_the_last(*in_sessions, event) == told


def test_the_mentor_of_a_group_is_not_invited_by_each_member() -> None:
    meeting = Meeting(session=S2, starts_at=day(13))
    planned = e.PlannedSession(session=S2, starts_at=day(13), attendance_due_at=day(14))
    joined = e.CohortJoined(
        at=day(7), cohort=CohortId("g-1"), since=day(7), meetings=(meeting,), sessions=(planned,), left_out=(S3,)
    )
    assert by_the_last(*in_sessions, joined) == both(S2, S3)
    mine, the_mentors = (standing(one, "s2", *in_sessions, joined) for one in (LEA, MENTOR))
    assert (mine and mine.status, the_mentors and the_mentors.status) == ("CONFIRMED", "CANCELLED")
    left = e.CohortLeft(at=day(8), cohort=CohortId("g-1"))
    assert by_the_last(*in_sessions, joined, left) == [("ana", S2)]
    before, after = (*in_sessions, joined), (*in_sessions, joined, left)
    counted = [calendar.changes(some)["session/s2"].times for some in (before, after)]
    assert counted[1] > counted[0]


def test_what_is_over_or_was_held_is_told_to_nobody() -> None:
    held = e.AttendanceRecorded(at=day(7), session=S2, attendance="attended")  # early
    assert by_the_last(*in_sessions, held, closed) == both(S3)


def test_a_longer_pause_tells_of_the_sessions_that_it_reaches_and_its_end_of_all_new_dates() -> None:
    longer = e.PauseChanged(at=day(8), reason="ill", until=day(20))
    assert by_the_last(*in_sessions, pause, longer) == both(S3)
    assert by_the_last(*in_sessions, pause, resumed) == both(S2, S3)


def test_after_another_start_or_a_reopening_people_are_invited_again() -> None:
    reopened = e.JourneyReopened(
        at=day(8),
        reason="by mistake",
        ending="withdrawn",
        stage="sessions",
        mentor=ANA,
        moved_by=timedelta(days=1),
    )
    assert by_the_last(*in_sessions, closed, reopened) == both(S2, S3)
    (one,) = [c for c in called(*in_sessions, again) if c.invited == LEA and c.version == len(in_sessions) + 1]
    assert one.notice.due_at == day(15)


def test_an_entry_says_when_where_it_stands_and_with_whom() -> None:
    one = standing(LEA, "s1", *in_sessions)
    assert one
    assert (one.title, one.purpose, one.starts_at, one.ends_at) == ("Goals", "set the goal", day(6), day(6, 1))
    assert (one.status, one.other) == ("CONFIRMED", "ana")
    left = standing(LEA, "s2", *in_sessions, released)
    assert left
    assert (left.status, left.other) == ("TENTATIVE", None), "its date stays, and somebody is sought"
    gone, new = (standing(one, "s2", *in_sessions, taken_over) for one in (MENTOR, OTHER))
    assert (gone and gone.status, new and new.status) == ("CANCELLED", "CONFIRMED")


def test_what_is_told_follows_from_what_was_told_last() -> None:
    before, after = standing(LEA, "s1", *in_sessions), standing(LEA, "s1", *in_sessions, moved)
    cancelled = standing(MENTOR, "s2", *in_sessions, taken_over)
    left = standing(LEA, "s2", *in_sessions, released)
    was = standing(LEA, "s2", *in_sessions)
    assert before
    assert was
    results = {
        (before, None): "new",
        (after, before): "changed",
        (left, was): "tentative",
        (cancelled, was): "cancelled",
        (None, was): "cancelled",
        (before, cancelled): "new",
    }
    for (now, told), result in results.items():
        said = telling(now, told, day(5))
        assert not isinstance(said, str)
        assert said.result == result
        assert said.entry == (was if result == "cancelled" else now)
    assert telling(before, before, day(5)) == "it was undone before anybody was told of it"
    assert telling(cancelled, None, day(5)) == "they were not invited to the session"
    assert telling(None, cancelled, day(5)) == "they were not invited to the session"
    assert telling(before, None, day(6, 1)) == "the session is over"
    assert telling(None, before, day(6, 1)) == "the session is over"


@pytest.mark.parametrize("event", [moved, off, closed, again, released, taken_over, pause], ids=lambda one: one.type)
def test_every_change_counts(event: JourneyEvent) -> None:
    before, after = calendar.changes(in_sessions), calendar.changes((*in_sessions, event))
    for one in called(*in_sessions, event):
        if one.version > len(in_sessions):
            key = calendar.session_key(one.session)
            assert after[key].times == before[key].times + 1
            assert after[key].at == event.at


def test_a_session_that_another_version_of_the_kit_leaves_out_is_cancelled() -> None:
    kept = e.PlannedSession(session=S2, starts_at=day(11), attendance_due_at=day(12, 1))
    left_out = e.MovedToKit(at=day(4), kit=WITH.digest, reason="new", ends_at=day(31), sessions=(kept,))
    assert by_the_last(*in_sessions, left_out) == both(S1, S3)
    assert calendar.changes((*in_sessions, left_out))[calendar.session_key(S1)].times == 1
    assert standing(LEA, "s1", *in_sessions, left_out) is None
