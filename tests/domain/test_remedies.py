"""Ways on for a learner in trouble: offered, chosen, declined, lapsed, and what follows."""

from datetime import datetime

from domain.ids import CaseId, SessionId
from domain.journey import JourneyEvent
from domain.journey.commands import (
    AskForHelp,
    CheckIn,
    ChooseRemedy,
    ExpireRemedies,
    Pause,
    RecordAttendance,
    ReleaseMentor,
    ResetPathway,
    ResolveCase,
    Resume,
    ReviewMilestone,
    SubmitMilestone,
)
from domain.journey.events import (
    Attendance,
    AttendanceRecorded,
    CaseOpened,
    CaseResolved,
    HelpAsked,
    JourneyPaused,
    MentorReleased,
    Nudged,
    PathwayReset,
    PlannedMilestone,
    PlannedSession,
    RemediesExpired,
    RemediesOffered,
    RemediesWithdrawn,
    RemedyChosen,
    WrapUpStarted,
)
from domain.kit import Kit
from tests.domain.full_program import FULL, case, full, met, together, ways_on
from tests.domain.full_program import offered as match_offered
from tests.domain.specification import Given, given
from tests.domain.stories import (
    ANA,
    CV,
    S1,
    S2,
    S3,
    TALK,
    all_but_one,
    day,
    handed_in,
    in_review,
    in_sessions,
    kit_with,
    wrapping_up,
)
from tests.support.journeys import missed


def offered() -> Given:
    return missed((S1, 6), (S2, 11))


PLACE = "pathways.fast.milestones"
REMEDY = "remedy:missed-often|misses-from:s1"


def test_the_learner_is_offered_ways_on() -> None:
    waits = offered().awaited(REMEDY)
    assert (waits.who, waits.due_at) == ("learner", day(14))
    assert waits.rule == "escalations.missed-often.then.stands_for"
    assert "escalations.missed-often.later.0" in offered().rules


def test_extra_support_opens_a_case_for_the_mentor() -> None:
    supported = (
        offered()
        .when(ChooseRemedy(by="learner:lea", remedy="extra_support"), at=day(12))
        .then(
            RemedyChosen(at=day(12), by="learner:lea", remedy="extra_support"),
            CaseOpened(
                at=day(12),
                case=CaseId("case-1"),
                rule="missed-often",
                about="support:misses-from:s1",
                severity="warning",
                owner="mentor",
                respond_by=day(15),
            ),
        )
    )
    assert REMEDY not in supported.awaits
    assert not [rule for rule in supported.rules if rule.startswith("escalations.missed-often")]
    assert supported.awaited("case:case-1").rule == "escalations.missed-often.then.stands_for"
    supported.when(ResolveCase(case=CaseId("case-1"), resolution="an hour more a week"), at=day(13)).so()


def test_support_that_was_chosen_does_not_climb_the_ladder_again() -> None:
    asked = full(*together).when(AskForHelp(notes="stuck"), at=day(5)).so()
    late = asked.when_due("escalations.help.later.0").then(ways_on("help", "help#1", day(7), step=1))
    supported = late.when(ChooseRemedy(remedy="extra_support"), at=day(8)).so()
    assert not [rule for rule in supported.rules if rule.startswith("escalations.help")]


def test_another_mentor_releases_the_present_one() -> None:
    offered().when(ChooseRemedy(remedy="other_mentor"), at=day(12)).then(
        RemedyChosen(at=day(12), remedy="other_mentor"),
        MentorReleased(at=day(12), mentor=ANA, reason="the learner chose another mentor", match_due_at=day(17)),
    )


def test_a_pause_halts_the_journey_for_as_long_as_the_kit_allows() -> None:
    choose = ChooseRemedy(remedy="pause", reason="moving house")
    halted = (
        offered()
        .when(choose, at=day(12))
        .then(
            RemedyChosen(at=day(12), remedy="pause", reason="moving house"),
            JourneyPaused(at=day(12), reason="moving house", until=day(72)),
        )
    )
    assert halted.rules == ["pausing.limit"]
    halted.when(choose, at=day(12)).rejected("has been paused")


def test_whoever_chooses_a_pause_may_say_until_when() -> None:
    choose = ChooseRemedy(remedy="pause", until=day(20), reason="moving house")
    offered().when(choose, at=day(12)).then(
        RemedyChosen(at=day(12), remedy="pause", reason="moving house", until=day(20)),
        JourneyPaused(at=day(12), reason="moving house", until=day(20)),
    )
    offered().when(ChooseRemedy(remedy="pause", until=day(73)), at=day(12)).rejected("until 13 May 2026 at most")
    offered().when(ChooseRemedy(remedy="pause", until=day(11)), at=day(12)).rejected("would end before it began")
    offered().when(ChooseRemedy(remedy="reset", until=day(20)), at=day(12)).rejected("how long a pause lasts")


def test_a_reset_begins_the_pathway_again() -> None:
    again = (
        offered()
        .when(ChooseRemedy(remedy="reset"), at=day(12))
        .then(
            RemedyChosen(at=day(12), remedy="reset"),
            PathwayReset(
                at=day(12),
                reason="the learner chose to start again",
                starts_at=day(12),
                ends_at=day(40),
                sessions=(
                    PlannedSession(session=S1, starts_at=day(15), attendance_due_at=day(16, 1), wants_preparation=True),
                    PlannedSession(session=S2, starts_at=day(20), attendance_due_at=day(21, 1)),
                    PlannedSession(session=S3, starts_at=day(27), attendance_due_at=day(28, 1)),
                ),
                milestones=(
                    PlannedMilestone(milestone=CV, due_at=day(19)),
                    PlannedMilestone(milestone=TALK, due_at=day(32)),
                ),
            ),
        )
    )
    assert {"session:s1#2", "session:s2#2", "session:s3#2", "milestone:cv#2"} <= set(again.awaits)
    again.when(ChooseRemedy(remedy="reset"), at=day(12)).nothing()
    again.when(ChooseRemedy(remedy="pause"), at=day(12)).rejected("no remedies are offered")


def test_all_ways_on_may_be_declined() -> None:
    no = ChooseRemedy(remedy=None, reason="I manage")
    declined = offered().when(no, at=day(12)).then(RemedyChosen(at=day(12), remedy=None, reason="I manage"))
    assert REMEDY not in declined.awaits
    declined.when(no, at=day(12)).nothing()


def test_the_same_answer_to_a_later_offer_is_an_answer() -> None:
    asked = full(*together).when(AskForHelp(notes="stuck"), at=day(5)).so()
    first = asked.when_due("escalations.help.later.0").so().when(ChooseRemedy(remedy=None), at=day(7, 1)).so()
    second = first.when(AskForHelp(notes="stuck again"), at=day(7, 2)).so()
    late = second.when_due("escalations.help.later.0").so()
    assert late.state.remedies
    late.when(ChooseRemedy(remedy=None), at=day(9, 3)).then(RemedyChosen(at=day(9, 3), remedy=None))


def test_only_what_is_offered_can_be_chosen() -> None:
    full(*together).when(ChooseRemedy(remedy="pause"), at=day(5)).rejected("no remedies are offered")
    asked = full(*together).when(AskForHelp(notes="stuck"), at=day(5)).so().when_due("escalations.help.later.0").so()
    asked.when(ChooseRemedy(remedy="reset"), at=day(8)).rejected("there are: extra_support")


def test_ways_on_that_nobody_chose_lapse_after_that_was_told_and_the_ladder_goes_on() -> None:
    told = offered().when_due("escalations.no-way-chosen").then(case(1, "no-way-chosen", REMEDY, day(14)))
    assert "escalations.unanswered" not in told.rules
    lapsed = told.when_due("escalations.missed-often.then.stands_for").then(RemediesExpired(at=day(14)))
    lapsed.when(ExpireRemedies(), at=day(14)).nothing()
    lapsed.when_due("escalations.missed-often.later.0").then(case(2, "missed-often", "misses-from:s1", day(16), step=1))


# --- withdrawn


def withdrawn(rule: str, about: str, reason: str, at: datetime) -> RemediesWithdrawn:
    return RemediesWithdrawn.model_validate({"at": at, "rule": rule, "about": about, "reason": reason})


def helped() -> Given:
    """Nobody answered a call for help, and extra support is offered."""
    asked = full(*together).when(AskForHelp(notes="stuck"), at=day(5)).so()
    return asked.when_due("escalations.help.later.0").so()


def offering(when: dict[str, object], offer: tuple[str, ...] = ("extra_support", "pause")) -> Kit:
    """A program whose only rule offers ways on."""
    return kit_with(escalations=[{"id": "ways", "title": "Ways", "when": when, "then": {"offer": offer}}])


def test_an_offer_is_withdrawn_when_its_case_is_resolved() -> None:
    resolve = ResolveCase(case=CaseId("case-1"), resolution="called")
    resolved = (
        helped()
        .when(resolve, at=day(8))
        .then(
            CaseResolved(at=day(8), case=CaseId("case-1"), resolution="called"),
            withdrawn("help", "help#1", "dealt_with", day(8)),
        )
    )
    assert not [about for about in resolved.awaits if about.startswith("remedy")]
    resolved.when(ChooseRemedy(remedy="extra_support"), at=day(8, 1)).rejected("no remedies are offered")


def test_an_offer_is_withdrawn_when_what_led_to_it_is_no_longer_so() -> None:
    late = given(*in_sessions, kit=offering({"overdue": "milestone"})).when_due("escalations.ways", about="cv").so()
    sent = late.when(SubmitMilestone(milestone=CV), at=day(11))
    assert sent.events[-1] == withdrawn("ways", "milestone:cv#1", "dealt_with", day(11))

    quiet = given(*in_sessions, kit=offering({"no_activity_for": "7 days"})).when_due("escalations.ways").so()
    back = quiet.when(SubmitMilestone(milestone=CV), at=day(11))
    assert back.events[-1] == withdrawn("ways", "quiet-since:2026-03-05T12:00", "dealt_with", day(11))

    silent = given(*in_sessions, kit=offering({"mentor_silent_for": "7 days"})).when_due("escalations.ways").so()
    speaks = silent.when(CheckIn(by="mentor:ana"), at=day(11))
    assert speaks.events[-1] == withdrawn("ways", "mentor-silent-since:2026-03-05T12:00", "dealt_with", day(11))

    row = given(*in_sessions, kit=offering({"sessions_missed_in_a_row": 1}))
    missed_one = row.when(RecordAttendance(session=S1, attendance="missed_by_learner"), at=day(6)).so()
    came = missed_one.when(RecordAttendance(session=S2, attendance="late"), at=day(11))
    assert came.events[-1] == withdrawn("ways", "missed-since:s1", "dealt_with", day(11))

    late = given(*in_sessions, kit=offering({"milestone_setbacks": 1})).when_due(f"{PLACE}.cv.due").so()
    sent = late.when(SubmitMilestone(milestone=CV), at=day(11))
    assert len(sent.events) == 1
    failed = sent.so().when(ReviewMilestone(milestone=CV, verdict="failed"), at=day(12))
    assert len(failed.events) == 1
    passed = sent.so().when(ReviewMilestone(milestone=CV, verdict="passed"), at=day(12))
    assert passed.events[-1] == withdrawn("ways", "setbacks:cv", "dealt_with", day(12))


def test_nothing_is_offered_for_what_a_correction_shows_to_be_over() -> None:
    def recorded(session: SessionId, attendance: Attendance, reason: str = "") -> RecordAttendance:
        return RecordAttendance(session=session, attendance=attendance, corrects=bool(reason), reason=reason)

    row = given(*in_sessions, kit=offering({"sessions_missed_in_a_row": 1}))
    came = row.when(recorded(S1, "attended"), at=day(6)).so().when(recorded(S2, "attended"), at=day(11)).so()
    corrected = came.when(recorded(S1, "missed_by_learner", "a slip"), at=day(12))
    assert [one.type for one in corrected.events] == ["journey.attendance_corrected"]
    assert corrected.so().when(recorded(S3, "missed_by_learner"), at=day(18)).so().state.remedies
    last = came.when(recorded(S2, "missed_by_learner", "a slip"), at=day(12)).so()
    assert last.state.remedies


def test_an_offer_stands_through_what_has_nothing_to_do_with_it() -> None:
    checked = helped().when(CheckIn(by="mentor:ana"), at=day(8)).so()
    assert checked.when(SubmitMilestone(milestone=CV), at=day(9)).so().state.remedies
    halted = offered().when(Pause(reason="ill"), at=day(12)).so()
    assert halted.when(Resume(), at=day(13)).so().state.remedies


def test_an_offer_whose_reason_went_in_a_pause_is_withdrawn_at_its_end() -> None:
    halted = helped().when(Pause(reason="ill"), at=day(8)).so()
    resolved = halted.when(ResolveCase(case=CaseId("case-1"), resolution="called"), at=day(9)).so()
    assert resolved.when(Resume(), at=day(10)).events[-1] == withdrawn("help", "help#1", "dealt_with", day(10))


def test_an_offer_that_led_nowhere_while_a_match_was_awaited_outlives_the_match_that_lapsed() -> None:
    rule = {"id": "ways", "title": "Ways", "when": {"overdue": "offer"}, "then": {"offer": ["extra_support"]}}
    kit = Kit.model_validate(FULL.model_dump() | {"escalations": [rule]})
    lapsed = given(*match_offered, kit=kit).when_due("escalations.ways").so().when_due("service_levels.offer").so()
    assert lapsed.state.remedies


def test_another_offer_withdraws_the_first() -> None:
    asked = offered().when(AskForHelp(notes="stuck"), at=day(11, 1)).so()
    second = asked.when_due("escalations.help.later.0").then(
        withdrawn("missed-often", "misses-from:s1", "another_offer", day(13, 1)),
        ways_on("help", "help#1", day(13, 1), step=1),
    )
    assert [about for about in second.awaits if about.startswith("remedy")] == ["remedy:help|help#1/1"]


def test_the_wrap_up_withdraws_what_was_offered() -> None:
    done = given(*in_sessions, kit=offering({"help_asked": True}, ("reset", "extra_support")))
    asked = done.when(AskForHelp(notes="stuck"), at=day(30)).so()
    over = asked.when_due("pathways.fast.ends")
    assert over.events[-1] == withdrawn("ways", "help#1", "wrap_up", day(31))


# --- what can be taken


def test_only_ways_on_that_can_be_taken_are_offered() -> None:
    ways = ("extra_support", "other_mentor", "pause", "reset")
    kit = offering({"help_asked": True}, ways)

    def options(*story: JourneyEvent, at: datetime) -> tuple[str, ...]:
        asked = given(*story, kit=kit).when(AskForHelp(notes="stuck"), at=at).so()
        return asked.state.remedies.options if asked.state.remedies else ()

    assert options(*in_sessions, at=day(4)) == ways
    assert options(*in_review, at=day(1, 1)) == ("extra_support", "pause")
    assert options(*wrapping_up, at=day(19)) == ("extra_support", "pause")
    alone = given(*in_sessions, kit=kit).when(ReleaseMentor(reason="moved away"), at=day(4)).so()
    assert options(*alone.events, at=day(5)) == ("extra_support", "pause", "reset")


def test_where_no_way_on_can_be_taken_ops_are_nudged() -> None:
    kit = offering({"help_asked": True}, ("other_mentor", "reset"))
    given(*wrapping_up, kit=kit).when(AskForHelp(notes="stuck"), at=day(19)).then(
        HelpAsked(at=day(19), notes="stuck"), Nudged(at=day(19), rule="ways", about="help#1", to="ops")
    )


def test_what_the_last_session_sets_off_is_what_can_be_taken_in_the_wrap_up() -> None:
    kit = offering({"sessions_missed_in_a_row": 1}, ("extra_support", "reset"))
    over = given(*all_but_one, kit=kit).when(RecordAttendance(session=S3, attendance="missed_by_learner"), at=day(18))
    assert [type(one) for one in over.events] == [AttendanceRecorded, WrapUpStarted, RemediesOffered]
    stands = over.so().state.remedies
    assert stands
    assert stands.options == ("extra_support",)


def test_a_pause_shifts_an_offer() -> None:
    halted = full(*offered().events, JourneyPaused(at=day(12), reason="ill", until=day(30)))
    assert halted.when(Resume(), at=day(20)).so().awaited(REMEDY).due_at == day(22)


def test_sessions_missed_again_after_a_reset_are_minded_again() -> None:
    again = offered().when(ResetPathway(reason="another goal"), at=day(12)).so()
    for session, at in ((S1, 15), (S2, 20)):
        again = again.when(RecordAttendance(session=session, attendance="missed_by_learner"), at=day(at)).so()
    assert again.events[-1] == ways_on("missed-often", "misses-from:s1#2", day(20))
    assert again.state.misses_in_a_row == ("s1#2", "s2#2")


def test_only_sessions_that_were_held_are_not_planned_again() -> None:
    story = full(*met)
    for session, attendance, at in ((S2, "cancelled_in_time", 11), (S3, "missed_by_mentor", 18)):
        record = RecordAttendance.model_validate({"session": session, "attendance": attendance})
        story = story.when(record, at=day(at)).so()
    again = story.when(ResetPathway(reason="another goal"), at=day(19)).so()
    assert [(one.session, one.attendance) for one in again.state.sessions] == [
        (S1, "attended"),
        (S2, None),
        (S3, None),
    ]


def test_a_reset_keeps_what_is_settled_or_under_review_and_is_done_once() -> None:
    reset = ResetPathway(reason="another goal")
    again = full(*handed_in).when(reset, at=day(10)).so()
    assert {"review:cv#1", "milestone:talk#2", "session:s1#2"} <= set(again.awaits)
    assert again.timer("pathways.fast.ends").at == day(38)
    assert again.timer("escalations.quiet").at == day(17)
    again.when(reset, at=day(10, 1)).nothing()
    full(*wrapping_up).when(reset, at=day(19)).rejected("belongs to the stage sessions")
