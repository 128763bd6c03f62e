"""What is done when a reason lasts: each rung in its time, once, until the matter is dealt with."""

from domain.ids import CaseId
from domain.journey.commands import (
    AcknowledgeCase,
    AskForHelp,
    CheckIn,
    Escalate,
    Pause,
    ReassignCase,
    RecordAttendance,
    ReportActivity,
    ResetPathway,
    ResolveCase,
    Resume,
    ReviewMilestone,
    SnoozeCase,
    SubmitMilestone,
    Withdraw,
    WriteNotes,
)
from domain.journey.events import CaseOpened, HelpAsked, Nudged
from domain.kit import Kit
from tests.domain.full_program import FULL, case, full, met, together, ways_on
from tests.domain.specification import Given, given
from tests.domain.stories import CV, S1, S2, S3, TALK, day, in_review, kit_with, matching
from tests.support.journeys import EARLY, missed


def test_a_ladder_is_climbed_while_its_reason_lasts() -> None:
    first = (
        full(*met)
        .when_due("escalations.no-notes")
        .then(Nudged(at=day(8, 1), rule="no-notes", about="notes:s1#1", to="mentor"))
    )
    second = first.when_due("escalations.no-notes.later.0").then(
        Nudged(at=day(9, 1), rule="no-notes", about="notes:s1#1", step=1, to="mentor")
    )
    third = second.when_due("escalations.no-notes.later.1").then(case(1, "no-notes", "notes:s1#1", day(10, 1), step=2))
    assert not [rule for rule in third.rules if "no-notes" in rule]
    assert third.awaited("case:case-1").rule == "escalations.no-notes.later.1.then.respond_within"


def test_a_rung_is_not_taken_before_its_time_nor_twice_nor_out_of_order() -> None:
    first = full(*met).when_due("escalations.no-notes").so()
    rung = Escalate(escalation="no-notes", about="notes:s1#1", step=1)
    full(*met).when(rung, at=day(12)).nothing()
    first.when(rung, at=day(9)).nothing()
    first.when(rung, at=day(9, 1)).so().when(rung, at=day(12)).nothing()
    first.when(Escalate(escalation="no-notes", about="notes:s1#1", step=2), at=day(12)).nothing()


def test_who_does_what_they_were_awaited_for_ends_the_ladder() -> None:
    nudged = full(*met).when_due("escalations.no-notes").so()
    written = nudged.when(WriteNotes(session=S1, answers={"goal": "letters"}), at=day(8, 2)).so()
    assert not [rule for rule in written.rules if "no-notes" in rule]


def test_a_pause_moves_the_further_rungs() -> None:
    nudged = full(*met).when_due("escalations.no-notes").so()
    resumed = nudged.when(Pause(reason="ill"), at=day(8, 7)).so().when(Resume(), at=day(18, 7)).so()
    assert resumed.timer("escalations.no-notes.later.0").at == day(19, 1)


def silent() -> Given:
    return (
        full(*together)
        .when_due("escalations.silent")
        .then(Nudged(at=day(13), rule="silent", about="mentor-silent-since:2026-03-05T12:00", to="mentor"))
    )


def test_a_silent_mentor_is_nudged_then_ops_take_it_up() -> None:
    silent().when_due("escalations.silent.later.0").then(
        case(1, "silent", "mentor-silent-since:2026-03-05T12:00", day(17), step=1)
    )


def test_a_mentor_who_speaks_again_begins_another_spell() -> None:
    back = silent().when(CheckIn(by="mentor:ana"), at=day(14)).so()
    assert back.timer("escalations.silent").at == day(24)
    assert "escalations.silent.later.0" not in back.rules


def test_a_quiet_learner_is_looked_for_again_before_each_rung() -> None:
    since = "quiet-since:2026-03-05T12:00"
    nudged = (
        full(*together).when_due("escalations.quiet").then(Nudged(at=day(10), rule="quiet", about=since, to="learner"))
    )
    nudged.when_due("escalations.quiet").then(case(1, "quiet", since, day(17), step=1))
    seen = nudged.when_due("escalations.quiet", last_active_at=day(12)).so()
    assert seen.timer("escalations.quiet").at == day(19)


def test_all_rungs_of_quiet_whose_time_has_come_are_taken_together() -> None:
    late = full(*together).when(ReportActivity(last_active_at=None), at=day(17))
    assert [type(one) for one in late.events] == [Nudged, CaseOpened]


def helped() -> Given:
    ask = AskForHelp(by="learner:lea", notes="stuck")
    return (
        full(*together)
        .when(ask, at=day(5))
        .then(HelpAsked(at=day(5), notes="stuck"), case(1, "help", "help#1", day(5)))
    )


def test_a_call_for_help_that_nobody_answers_offers_a_way_on() -> None:
    helped().when_due("escalations.help.later.0").then(ways_on("help", "help#1", day(7), step=1))


def test_a_case_resolved_ends_the_ladder() -> None:
    resolved = helped().when(ResolveCase(case=CaseId("case-1"), resolution="called"), at=day(6)).so()
    assert not [rule for rule in resolved.rules if "help" in rule]


def test_a_case_that_rests_holds_the_further_rungs_of_its_rule() -> None:
    resting = helped().when(SnoozeCase(case=CaseId("case-1"), until=day(9), reason="she is away"), at=day(6)).so()
    assert resting.timer("escalations.help.later.0").at == day(9)
    resting.when(Escalate(escalation="help", about="help#1", step=1), at=day(8)).nothing()
    short = helped().when(SnoozeCase(case=CaseId("case-1"), until=day(6, 6), reason="tonight"), at=day(6)).so()
    assert short.timer("escalations.help.later.0").at == day(7)
    halted = resting.when(Pause(reason="ill"), at=day(7)).so().when(Resume(), at=day(12)).so()
    assert halted.timer("escalations.help.later.0").at == day(14)


def test_a_case_that_is_seen_or_handed_on_gives_its_owner_their_time_before_the_next_rung() -> None:
    resting = helped().when(SnoozeCase(case=CaseId("case-1"), until=day(9), reason="she is away"), at=day(6)).so()
    woken = resting.when(AcknowledgeCase(case=CaseId("case-1")), at=day(7, 12)).so()
    assert woken.timer("escalations.help.later.0").at == day(8, 12)
    handed_on = helped().when(ReassignCase(case=CaseId("case-1"), owner="ops", reason="ill"), at=day(6, 12)).so()
    assert handed_on.timer("escalations.help.later.0").at == day(7, 12)
    early = helped().when(AcknowledgeCase(case=CaseId("case-1")), at=day(5, 1)).so()
    assert early.timer("escalations.help.later.0").at == day(7)


def test_a_case_that_rests_holds_what_else_is_done_about_a_quiet_learner() -> None:
    rule = {
        "id": "quiet",
        "title": "Quiet",
        "when": {"no_activity_for": "7 days"},
        "then": {"open_case": "ops"},
        "later": [{"after": "3 days", "then": {"nudge": "mentor"}}],
    }
    quiet = given(*together, kit=kit_with(escalations=[rule])).when_due("escalations.quiet").so()
    assert quiet.timer("escalations.quiet").at == day(13)
    resting = quiet.when(SnoozeCase(case=CaseId("case-1"), until=day(20), reason="exams"), at=day(11)).so()
    assert resting.timer("escalations.quiet").at == day(20)
    resting.when(ReportActivity(last_active_at=None), at=day(15)).nothing()


def test_a_case_that_is_seen_stops_what_comes_because_nobody_took_it() -> None:
    rules = FULL.model_dump()["escalations"]
    unanswered = next(one for one in rules if one["id"] == "unanswered")
    unanswered["later"] = [{"after": "1 day", "then": {"open_case": "ops"}}]
    story = given(*helped().events, kit=Kit.model_validate(FULL.model_dump() | {"escalations": rules}))
    late = story.when_due("escalations.unanswered").so()
    assert late.timer("escalations.unanswered.later.0").at == day(7)
    seen = late.when(AcknowledgeCase(case=CaseId("case-1")), at=day(6, 1)).so()
    assert "escalations.unanswered.later.0" not in seen.rules


def test_help_is_a_sign_of_life_and_asked_twice_on_a_day_is_asked_once() -> None:
    assert helped().timer("escalations.quiet").at == day(12)
    helped().when(AskForHelp(notes="stuck"), at=day(5, 2)).nothing()
    helped().when(AskForHelp(notes="still stuck"), at=day(5, 2)).so()


def test_help_can_be_asked_for_at_any_stage_and_a_mentors_case_is_for_ops_while_there_is_none() -> None:
    for story, at in ((in_review, day(1, 2)), (matching, day(2, 2))):
        asked = full(*story).when(AskForHelp(notes="which one?"), at=at).so()
        assert asked.state.cases[0].owner == "ops"
        assert "escalations.help.later.0" in asked.rules


def test_help_asked_in_a_pause_is_answered_from_its_end() -> None:
    halted = full(*together).when(Pause(reason="ill"), at=day(5)).so()
    asked = halted.when(AskForHelp(by="learner:lea", notes="stuck"), at=day(12)).so()
    assert asked.awaits == []
    resumed = asked.when(Resume(), at=day(15)).so()
    waits = resumed.awaited("case:case-1")
    assert (waits.since, waits.due_at) == (day(15), day(16))
    assert resumed.timer("escalations.help.later.0").at == day(17)
    assert resumed.timer("escalations.quiet").at == day(22)


def test_sessions_missed_within_a_time_set_off_their_rule_once() -> None:
    twice = missed((S1, 6), (S2, 11))
    assert twice.events[-1] == ways_on("missed-often", "misses-from:s1", day(11))
    assert len(missed((S1, 6), (S2, 11), (S3, EARLY)).events) == len(twice.events) + 2


def test_sessions_missed_too_far_apart_do_not_and_time_alone_brings_no_second_time() -> None:
    assert missed((S1, 6), (S2, 17)).state.remedies is None
    thrice = missed((S1, 6), (S2, 11), (S3, EARLY))
    later = thrice.when(CheckIn(), at=day(16, 1))
    assert [type(one).__name__ for one in later.events] == ["CheckedIn"]


def test_a_pause_does_not_count_between_misses() -> None:
    once = missed((S1, 6)).when(Pause(reason="ill"), at=day(7)).so().when(Resume(), at=day(17)).so()
    again = once.when(RecordAttendance(session=S2, attendance="missed_by_learner"), at=day(21)).so()
    assert again.state.remedies


def test_a_reset_counts_setbacks_and_misses_anew() -> None:
    story = missed((S1, 6))
    for at in (8, 9):
        story = story.when(SubmitMilestone(milestone=CV), at=day(at)).so()
        story = story.when(ReviewMilestone(milestone=CV, verdict="returned", score=at), at=day(at, 1)).so()
    assert story.events[-1] == case(1, "setbacks", "setbacks:cv", day(9, 1))
    fresh = story.when(ResetPathway(reason="another goal"), at=day(10)).so()
    assert not fresh.state.misses
    assert [one.setbacks for one in fresh.state.milestones] == [0, 0]
    for at in (11, 12):
        fresh = fresh.when(SubmitMilestone(milestone=CV), at=day(at)).so()
        fresh = fresh.when(ReviewMilestone(milestone=CV, verdict="returned", score=at), at=day(at, 1)).so()
    assert fresh.events[-1] == case(2, "setbacks", "setbacks:cv#4", day(12, 1))


def test_a_row_of_misses_that_is_broken_ends_its_ladder() -> None:
    rule = {
        "id": "row",
        "title": "Row",
        "when": {"sessions_missed_in_a_row": 1},
        "then": {"nudge": "learner"},
        "later": [{"after": "20 days", "then": {"open_case": "ops"}}],
    }
    story = given(*together, kit=kit_with(escalations=[rule]))
    once = story.when(RecordAttendance(session=S1, attendance="missed_by_learner"), at=day(6)).so()
    assert once.timer("escalations.row.later.0").at == day(26)
    back = once.when(RecordAttendance(session=S2, attendance="attended"), at=day(11)).so()
    assert "escalations.row.later.0" not in back.rules


def test_a_milestone_that_is_passed_ends_its_ladder_and_one_that_is_failed_does_not() -> None:
    rule = {
        "id": "stuck",
        "title": "Stuck",
        "when": {"milestone_setbacks": 1},
        "then": {"nudge": "mentor"},
        "later": [{"after": "3 days", "then": {"open_case": "ops"}}],
    }
    story = given(*together, kit=kit_with(escalations=[rule]))
    missed_it = story.when_due("pathways.fast.milestones.talk.due").so()
    assert missed_it.timer("escalations.stuck.later.0").at == day(26)
    sent = missed_it.when(SubmitMilestone(milestone=TALK), at=day(24)).so()
    passed = sent.when(ReviewMilestone(milestone=TALK, verdict="passed"), at=day(25)).so()
    assert "escalations.stuck.later.0" not in passed.rules
    failed = sent.when(ReviewMilestone(milestone=TALK, verdict="failed"), at=day(25)).so()
    assert failed.timer("escalations.stuck.later.0").at == day(26)


def test_a_journey_that_is_over_climbs_no_ladder() -> None:
    over = helped().when(Withdraw(reason="found a job"), at=day(6)).so()
    assert (over.rules, over.awaits) == ([], [])
