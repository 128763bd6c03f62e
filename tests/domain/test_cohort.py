"""A group: its members, its sessions, what is recorded once for all, and what each journey is told of it."""

import json
from datetime import datetime
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.cohort import EVENTS, Command, commands
from domain.cohort.commands import (
    AddMembers,
    CloseCohort,
    CorrectRoster,
    DismissRefused,
    MoveSession,
    RecordAttendance,
    RecordNotes,
    RemoveMember,
    ReplaceMentor,
    ReportTold,
    RetryRefused,
    SendFollowUp,
)
from domain.cohort.events import (
    CameOtherwise,
    MembersJoined,
    MembersTold,
    Refusal,
    RefusalDismissed,
    TellingRefused,
    TellingRepeated,
)
from domain.cohort.planning import plan
from domain.cohort.slots import Slot
from domain.cohort.state import CohortState
from domain.ids import LearnerId, MentorId
from domain.journey.commands import JoinCohort, RescheduleSession
from domain.journey.terms import Attendance
from domain.limits import MAX_EVENT_BYTES
from domain.refusal import Rejected
from tests.domain.groups import GROUPS, Story, entrant, form, formed, kit_of_groups
from tests.domain.stories import ANA, BEN, FAST, S1, S2, S3, day

STEP = {"text": "write to three people", "due_at": day(10)}
IDA, JON, KIM, LOU = map(LearnerId, ("ida", "jon", "kim", "lou"))


def came(*exceptions: tuple[LearnerId, Attendance], **more: Any) -> RecordAttendance:
    others = tuple(CameOtherwise(learner=one, attendance=attendance) for one, attendance in exceptions)
    return RecordAttendance(session=S1, exceptions=others, **more)


def follow_up(**more: Any) -> SendFollowUp:
    return SendFollowUp.model_validate({"session": S1, "summary": "a good start", "next_steps": [STEP], **more})


def refusal(story: Story, command: Command, at: datetime) -> str:
    with pytest.raises(Rejected) as refused:
        story.when(command, at)
    return refused.value.code


def test_a_group_is_formed_once_and_tells_its_members_when_it_meets() -> None:
    story = formed()
    assert story.heard == {"ida": "join_cohort", "jon": "join_cohort", "kim": "join_cohort"}
    join = story.said[0].command
    assert isinstance(join, JoinCohort)
    assert [(one.session, one.starts_at) for one in join.sessions] == [(S1, day(7)), (S2, day(14))]
    assert (join.since, join.mentor) == (day(4), None)
    assert story.when(form("ida", "jon", "kim"), day(5)) == []
    assert refusal(story, form("ida", "lou"), day(5)) == "cohort_exists"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (form("ida"), "too_few_members"),
        (form("a", "b", "c", "d", "e", "f"), "cohort_full"),
        (form("ana", "b"), "mentors_do_not_fit"),
        (form("a", "b", mentors=(ANA, BEN)), "mentors_do_not_fit"),
        (form("a", "b").model_copy(update={"pathway": "nowhere"}), "unknown_pathway"),
    ],
)
def test_a_group_that_the_kit_does_not_want(command: Command, code: str) -> None:
    assert refusal(Story(), command, day(4)) == code


def test_a_session_that_is_not_held_together() -> None:
    alone = form("a", "b").sessions[0].model_copy(update={"session": S3})
    assert refusal(Story(), form("a", "b").model_copy(update={"sessions": (alone,)}), day(4)) == "unknown_session"


def test_attendance_is_said_once_and_each_journey_hears_what_concerns_it() -> None:
    story = formed()
    assert refusal(story, came(), day(6)) == "session_not_begun"
    story.when(came((JON, "missed_by_learner")), day(7, 1))
    assert {one.learner: getattr(one.command, "attendance", None) for one in story.said} == {
        "ida": "attended",
        "jon": "missed_by_learner",
        "kim": "attended",
    }
    assert story.when(came((JON, "missed_by_learner")), day(8)) == []
    assert refusal(story, came(), day(8)) == "recorded_otherwise"
    assert refusal(story, came((LOU, "late"), corrects=True, reason="a slip"), day(8)) == "unknown_member"


def test_a_correction_is_told_to_those_whom_it_concerns() -> None:
    story = formed()
    story.when(came((JON, "missed_by_learner")), day(7, 1))
    story.when(came((KIM, "late"), corrects=True, reason="names mixed up"), day(8))
    assert story.heard == {"jon": "record_attendance", "kim": "record_attendance"}
    assert refusal(story, came((KIM, "late"), corrects=True, reason="once more"), day(9)) == "nothing_to_correct"


def corrected(story: Story, learner: LearnerId, attendance: Attendance | None, at: datetime) -> str | None:
    """As its journey says; the events, by type."""
    found = CorrectRoster(session=S1, learner=learner, attendance=attendance, version=story.state.version)
    return next((one.type for one in story.when(found, at)), None)


def told(story: Story, at: datetime) -> None:
    story.when(ReportTold(version=story.state.news), at)


def test_the_roster_follows_a_journey_and_tells_nobody() -> None:
    story = formed()
    story.when(came((JON, "missed_by_learner")), day(7, 1))
    assert corrected(story, KIM, "late", day(7, 2)) is None  # the journeys are still being told
    told(story, day(7, 2))
    assert corrected(story, KIM, "late", day(8)) == "cohort.roster_corrected"
    assert story.said == []
    assert corrected(story, KIM, "late", day(8)) is None
    assert corrected(story, LOU, "late", day(8)) is None  # no member
    stale = CorrectRoster(session=S1, learner=IDA, attendance="late", version=story.state.version - 1)
    assert story.when(stale, day(8)) == []
    assert corrected(story, JON, "attended", day(8)) == "cohort.roster_corrected"
    (meeting, *_) = story.state.meetings
    assert [meeting.went(one) for one in (IDA, JON, KIM)] == ["attended", "attended", "late"]
    assert story.state.told == story.state.news
    assert refusal(story, came((KIM, "late"), corrects=True, reason="a slip"), day(9)) == "nothing_to_correct"


def test_of_whom_it_was_taken_back_nothing_is_said_until_they_are_named() -> None:
    story = formed()
    story.when(came(), day(7, 1))
    told(story, day(7, 2))
    assert corrected(story, IDA, None, day(8)) == "cohort.roster_corrected"
    story.when(came((KIM, "late"), corrects=True, reason="a slip"), day(9))
    assert story.heard == {"kim": "record_attendance"}
    story.when(came((KIM, "late"), (IDA, "attended"), corrects=True, reason="she was there"), day(10))
    (anew,) = story.said
    assert (anew.learner, getattr(anew.command, "corrects", None)) == ("ida", False)
    assert story.state.meetings[0].taken_back == ()


def test_notes_and_follow_up_reach_those_who_came() -> None:
    story = formed()
    assert refusal(story, RecordNotes(session=S1, answers={"what": "all"}), day(7, 1)) == "session_not_held"
    story.when(came((JON, "missed_by_learner")), day(7, 1))
    assert refusal(story, RecordNotes(session=S1, answers={}), day(8)) == "answers_invalid"
    story.when(RecordNotes(session=S1, answers={"what": "all"}), day(8))
    assert story.heard == {"ida": "write_notes", "kim": "write_notes"}
    own = {"learner": "kim", "summary": "well done", "next_steps": [STEP]}
    assert refusal(story, follow_up(exceptions=[own | {"learner": "jon"}]), day(8)) == "unknown_member"
    story.when(follow_up(exceptions=[own]), day(8))
    assert {one.learner: getattr(one.command, "summary", None) for one in story.said} == {
        "ida": "a good start",
        "kim": "well done",
    }
    assert story.when(follow_up(exceptions=[own]), day(9)) == []


def test_whoever_joins_late_is_not_told_of_what_was_before() -> None:
    story = formed()
    story.when(AddMembers(members=(entrant("lou"),)), day(8))
    assert story.heard == {"lou": "join_cohort"}
    story.when(came(), day(9))
    assert sorted(story.heard) == ["ida", "jon", "kim"]
    story.when(RecordAttendance(session=S2), day(14, 1))
    assert sorted(story.heard) == ["ida", "jon", "kim", "lou"]


def test_a_full_group_takes_nobody_and_members_are_added_once() -> None:
    story = formed()
    assert story.when(AddMembers(members=(entrant("ida"),)), day(5)) == []
    three = tuple(map(entrant, ("lou", "mia", "ned")))
    assert refusal(story, AddMembers(members=three), day(5)) == "cohort_full"
    story.when(AddMembers(members=three[:2]), day(5))
    assert len(story.state.members) == 5
    assert refusal(story, AddMembers(members=(entrant("ana"),)), day(5)) == "mentors_do_not_fit"


def test_leaving_and_coming_back() -> None:
    story = formed()
    story.when(RemoveMember(learner=JON, reason="another evening"), day(5))
    assert story.heard == {"jon": "leave_cohort"}
    assert story.when(RemoveMember(learner=JON), day(6)) == []
    assert refusal(story, RemoveMember(learner=LOU), day(6)) == "unknown_member"
    story.when(AddMembers(members=(entrant("jon"),)), day(8))
    assert (list(story.state.former), story.state.members[JON].left_out) == ([], (S1,))


def test_a_session_is_moved_for_all() -> None:
    story = formed()
    move = MoveSession(session=S1, starts_at=day(9))
    story.when(move, day(5))
    assert {one.learner for one in story.said} == {"ida", "jon", "kim"}
    assert all(isinstance(one.command, RescheduleSession) and one.command.cohort for one in story.said)
    assert story.when(move, day(6)) == []
    assert refusal(story, MoveSession(session=S1, starts_at=day(4)), day(6)) == "date_out_of_range"
    story.when(came(), day(9, 1))
    assert refusal(story, MoveSession(session=S1, starts_at=day(12)), day(10)) == "session_over"


def test_a_session_that_did_not_take_place_is_moved_without_those_who_joined_since() -> None:
    story = formed()
    story.when(AddMembers(members=(entrant("lou"),)), day(8))
    story.when(MoveSession(session=S1, starts_at=day(10)), day(9))
    assert sorted(story.heard) == ["ida", "jon", "kim"], "the journey of lou has no such session"
    story.when(came(), day(10, 1))
    assert sorted(story.heard) == ["ida", "jon", "kim"]


@pytest.mark.parametrize("brings", [False, True])
def test_a_mentor_is_replaced(brings: bool) -> None:
    story = formed(kit=kit_of_groups(brings_mentor=brings, mentors=2), mentors=(ANA, BEN))
    assert {getattr(one.command, "mentor", None) for one in story.said} == {ANA if brings else None}
    replace = ReplaceMentor(mentor=ANA, replacement="cho", reason="on leave")
    story.when(replace, day(5))
    assert story.heard == (dict.fromkeys(("ida", "jon", "kim"), "approve_match") if brings else {})
    assert story.state.mentors == ("cho", BEN)
    assert story.when(replace, day(6)) == []
    story.when(ReplaceMentor(mentor=BEN, replacement="dan"), day(6))
    assert story.said == [], "journeys have the first of the mentors"
    assert refusal(story, ReplaceMentor(mentor=ANA, replacement="eva"), day(7)) == "mentors_do_not_fit"


def test_closing_lets_those_go_who_had_sessions_ahead() -> None:
    story = formed()
    story.when(came(), day(7, 1))
    story.when(CloseCohort(reason="too few"), day(8))
    assert set(story.heard.values()) == {"leave_cohort"}
    assert refusal(story, RemoveMember(learner=IDA), day(9)) == "cohort_closed"
    assert story.when(CloseCohort(), day(9)) == []


def test_closing_after_the_last_session_tells_nobody() -> None:
    story = formed()
    story.when(came(), day(7, 1))
    story.when(RecordAttendance(session=S2), day(14, 1))
    story.when(CloseCohort(), day(15))
    assert story.said == []


def test_a_journey_that_refused_to_join_is_told_no_more_until_it_is_added_again() -> None:
    story = formed()
    refused = Refusal(learner=JON, command="join_cohort", code="journey_paused")
    events = story.when(ReportTold(version=3, refusals=(refused,)), day(4))
    assert [type(one) for one in events] == [TellingRefused, MembersTold]
    assert story.when(ReportTold(version=3, refusals=(refused,)), day(4)) == []
    story.when(MoveSession(session=S1, starts_at=day(9)), day(5))
    assert sorted(story.heard) == ["ida", "kim"]
    story.when(AddMembers(members=(entrant("jon"),)), day(5))
    assert story.heard == {"jon": "join_cohort"}
    assert story.state.refusals == {}


def refused_by(learner: LearnerId, command: str, code: str = "journey_paused") -> Refusal:
    return Refusal(learner=learner, command=command, code=code)


def refusing(story: Story, command: Command, at: datetime, refusal: Refusal | None = None) -> None:
    """The command, and what came of it for the journeys."""
    story.when(command, at)
    story.when(ReportTold(version=story.state.version, refusals=(refusal,) if refusal else ()), at)


def paused_at_first() -> Story:
    """Jon's journey refused the attendance and the follow-up of the first session."""
    story = formed()
    refusing(story, came(), day(7, 1), refused_by(JON, "record_attendance"))
    refusing(story, follow_up(), day(8), refused_by(JON, "send_follow_up"))
    return story


def test_what_a_journey_refused_is_told_again_in_order_and_stays_refused_until_it_is_taken() -> None:
    story = paused_at_first()
    assert [one.command for one in story.state.refusals[JON]] == ["record_attendance", "send_follow_up"]
    again = story.when(RetryRefused(learner=JON), day(9))
    assert [type(one) for one in again] == [TellingRepeated, TellingRepeated]
    assert [(one.learner, one.command.name) for one in story.said] == [
        (JON, "record_attendance"),
        (JON, "send_follow_up"),
    ]
    assert story.state.told < story.state.news
    assert story.when(RetryRefused(learner=JON), day(9)) == [], "it is being told"
    first, second = story.state.version - 1, story.state.version
    story.when(ReportTold(version=first), day(9))
    assert [one.command for one in story.state.refusals[JON]] == ["send_follow_up"]
    story.when(ReportTold(version=second, refusals=(refused_by(JON, "send_follow_up", "session_not_held"),)), day(9))
    assert [(one.of < first, one.code) for one in story.state.refusals[JON]] == [(True, "session_not_held")]
    story.when(RetryRefused(learner=JON), day(10))
    assert story.heard == {JON: "send_follow_up"}
    story.when(ReportTold(version=story.state.version), day(10))
    assert story.state.refusals == {}
    assert story.when(RetryRefused(learner=JON), day(11)) == []
    assert refusal(story, RetryRefused(learner=LOU), day(11)) == "unknown_member"


def test_a_time_or_a_mentor_that_the_group_no_longer_has_is_not_told_again() -> None:
    story = formed(kit=kit_of_groups(brings_mentor=True))
    refusing(story, MoveSession(session=S2, starts_at=day(15)), day(5), refused_by(JON, "reschedule_session"))
    refusing(story, ReplaceMentor(mentor=ANA, replacement=BEN), day(5), refused_by(JON, "approve_match"))
    story.when(RetryRefused(learner=JON), day(6))
    assert [one.command.name for one in story.said] == ["reschedule_session", "approve_match"]
    story.when(MoveSession(session=S2, starts_at=day(16)), day(6))
    story.when(ReplaceMentor(mentor=BEN, replacement=MentorId("cho")), day(6))
    refusals = (refused_by(JON, "reschedule_session"),)
    for version in range(story.state.version - 3, story.state.version - 1):
        story.when(ReportTold(version=version, refusals=refusals), day(6))
    story.when(RetryRefused(learner=JON), day(7))
    assert story.said == []


def test_what_was_seen_to_otherwise_is_dismissed() -> None:
    story = paused_at_first()
    done = story.when(DismissRefused(learner=JON, reason="by hand"), day(9))
    assert [type(one) for one in done] == [RefusalDismissed, RefusalDismissed]
    assert (story.state.refusals, story.said, story.state.told) == ({}, [], story.state.news)
    assert story.when(DismissRefused(learner=JON), day(9)) == []


def test_a_group_that_was_closed_still_sees_to_what_was_refused() -> None:
    for command in (RetryRefused(learner=JON), DismissRefused(learner=JON)):
        story = paused_at_first()
        refusing(story, CloseCohort(), day(9))
        assert len(story.when(command, day(10))) == 2


def test_a_journey_that_refused_to_join_is_asked_again_and_cannot_be_dismissed() -> None:
    story = formed()
    story.when(ReportTold(version=3, refusals=(refused_by(JON, "join_cohort"),)), day(4))
    assert refusal(story, DismissRefused(learner=JON), day(8)) == "not_in_cohort"
    story.when(RetryRefused(learner=JON), day(8))
    assert (story.heard, story.state.members[JON].left_out) == ({JON: "join_cohort"}, (S1,))
    story.when(ReportTold(version=story.state.version, refusals=(refused_by(JON, "join_cohort"),)), day(8))
    story.when(CloseCohort(), day(9))
    assert refusal(story, RetryRefused(learner=JON), day(9)) == "cohort_closed"


def test_the_sessions_of_a_group_are_at_its_hour_in_its_zone_across_the_change_of_the_clocks() -> None:
    slot = Slot(day="tue", start=18 * 60, zone="Europe/Berlin")
    pathway = GROUPS.pathway(FAST)
    assert pathway
    begins = datetime.fromisoformat("2026-03-20T00:00:00Z")
    planned = plan(GROUPS, pathway, begins, slot)
    assert [one.starts_at.isoformat() for one in planned] == ["2026-03-24T17:00:00+00:00", "2026-03-31T16:00:00+00:00"]
    assert str(slot) == "Tuesdays 18:00 (Europe/Berlin)"
    term = GROUPS.model_copy(update={"starts_at": day(-24)})
    assert [one.session for one in plan(term, pathway, day(0), slot)] == [S1], "for the next the term is over"


def test_the_largest_events_fit_into_the_log() -> None:
    learners = [f"{nth:03}{'x' * 117}" for nth in range(200)]
    members = [{"learner": one, "journey": f"{one}{'y' * 130}"} for one in learners]
    assert len(MembersJoined.model_validate({"at": day(0), "members": members}).model_dump_json()) < MAX_EVENT_BYTES
    refusals = [{"learner": one, "command": "record_attendance", "code": "journey_not_paused"} for one in learners]
    told = {"at": day(0), "version": 7, "refusals": refusals}
    assert len(TellingRefused.model_validate(told).model_dump_json()) < MAX_EVENT_BYTES


# Whatever is asked, in whatever order

_NAMES = st.sampled_from([IDA, JON, KIM, LOU, LearnerId("ana")])
_COMMANDS = st.one_of(
    st.builds(lambda those: AddMembers(members=tuple(map(entrant, those))), st.lists(_NAMES, min_size=1, max_size=3)),
    st.builds(lambda learner: RemoveMember(learner=learner), _NAMES),
    st.builds(
        lambda session, days: MoveSession(session=session, starts_at=day(days)),
        st.sampled_from([S1, S2, S3]),
        st.integers(0, 30),
    ),
    st.builds(
        lambda session, group, others, corrects: RecordAttendance(
            session=session,
            attendance=group,
            exceptions=tuple(CameOtherwise(learner=one, attendance=how) for one, how in others.items()),
            corrects=corrects,
            reason="a slip" if corrects else "",
        ),
        st.sampled_from([S1, S2]),
        st.sampled_from(get_args(Attendance)),
        st.dictionaries(_NAMES, st.sampled_from(get_args(Attendance)), max_size=2),
        st.booleans(),
    ),
    st.builds(lambda corrects: RecordNotes(session=S1, answers={"what": "all"}, corrects=corrects), st.booleans()),
    st.builds(lambda mentor: ReplaceMentor(mentor=ANA, replacement=mentor), st.sampled_from([ANA, BEN])),
    st.builds(lambda learner: RetryRefused(learner=learner), _NAMES),
    st.builds(lambda learner: DismissRefused(learner=learner), _NAMES),
    st.builds(refused_by, _NAMES, st.sampled_from(["record_attendance", "reschedule_session", "join_cohort"])),
    st.just(CloseCohort()),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(_COMMANDS, st.integers(0, 3)), max_size=25))
def test_whatever_is_asked_nobody_is_told_what_does_not_concern_them(
    asked: list[tuple[Command | Refusal, int]],
) -> None:
    story, now = formed(), 4
    for each, days in asked:
        now += days
        command = ReportTold(version=story.state.news, refusals=(each,)) if isinstance(each, Refusal) else each
        try:
            events = story.when(command, day(now))
        except Rejected:
            continue
        _holds(story)
        if not isinstance(command, RetryRefused):
            assert len({one.journey for one in story.said}) == len(story.said), "a journey is told once of each event"
        if events:
            assert story.when(command, day(now)) == [], "a repeat changes nothing"


def _holds(story: Story) -> None:
    state = story.state
    assert len(state.members) <= state.most
    assert not state.members.keys() & state.former.keys()
    assert not set(state.mentors) & state.members.keys()
    assert [one.starts_at for one in state.meetings] == sorted(one.starts_at for one in state.meetings)
    for told in story.said:
        known = state.members.get(told.learner) or state.former.get(told.learner)
        assert known
        assert getattr(told.command, "session", None) not in known.left_out
    assert CohortState.model_validate_json(state.model_dump_json()) == state


def test_every_command_of_a_group_is_decided() -> None:
    assert {one.__name__ for one in get_args(Command)} <= set(vars(commands))
    assert all(json.dumps(one) for one in EVENTS)
