"""Ways on for a learner in trouble: offered, chosen, declined, lapsed, and what follows."""

from domain.ids import CaseId
from domain.journey.commands import AskForHelp, ChooseRemedy, ExpireRemedies, ResetPathway, ResolveCase, Resume
from domain.journey.events import (
    CaseOpened,
    JourneyPaused,
    MentorReleased,
    PathwayReset,
    PlannedMilestone,
    PlannedSession,
    RemediesExpired,
    RemedyChosen,
)
from tests.domain.full_program import case, full, together, ways_on
from tests.domain.specification import Given
from tests.domain.stories import ANA, CV, S3, TALK, day, handed_in, wrapping_up
from tests.domain.test_ladders import missed


def offered() -> Given:
    return missed(("s1", 6), ("s2", 11))


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
        RemedyChosen(at=day(12), remedy="pause", reason="moving house"),
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
                sessions=(PlannedSession(session=S3, starts_at=day(27), attendance_due_at=day(28, 1)),),
                milestones=(
                    PlannedMilestone(milestone=CV, due_at=day(19)),
                    PlannedMilestone(milestone=TALK, due_at=day(32)),
                ),
            ),
        )
    )
    assert {"session:s3#2", "milestone:cv#2"} <= set(again.awaits)
    again.when(ChooseRemedy(remedy="reset"), at=day(12)).rejected("nothing is offered")


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
    full(*together).when(ChooseRemedy(remedy="pause"), at=day(5)).rejected("nothing is offered")
    asked = full(*together).when(AskForHelp(notes="stuck"), at=day(5)).so().when_due("escalations.help.later.0").so()
    asked.when(ChooseRemedy(remedy="reset"), at=day(8)).rejected("there are: extra_support")


def test_ways_on_that_nobody_chose_lapse_after_that_was_told_and_the_ladder_goes_on() -> None:
    told = offered().when_due("escalations.no-way-chosen").then(case(1, "no-way-chosen", REMEDY, day(14)))
    assert "escalations.unanswered" not in told.rules
    lapsed = told.when_due("escalations.missed-often.then.stands_for").then(RemediesExpired(at=day(14)))
    lapsed.when(ExpireRemedies(), at=day(14)).nothing()
    lapsed.when_due("escalations.missed-often.later.0").then(case(2, "missed-often", "misses-from:s1", day(16), step=1))


def test_a_pause_shifts_an_offer() -> None:
    halted = full(*offered().events, JourneyPaused(at=day(12), reason="ill", until=day(30)))
    assert halted.when(Resume(), at=day(20)).so().awaited(REMEDY).due_at == day(22)


def test_a_reset_keeps_what_is_settled_or_under_review_and_is_done_once() -> None:
    reset = ResetPathway(reason="another goal")
    again = full(*handed_in).when(reset, at=day(10)).so()
    assert {"review:cv#1", "milestone:talk#2", "session:s1#2"} <= set(again.awaits)
    assert again.timer("pathways.fast.ends").at == day(38)
    assert again.timer("escalations.quiet").at == day(17)
    again.when(reset, at=day(10, 1)).nothing()
    full(*wrapping_up).when(reset, at=day(19)).rejected("belongs to the stage sessions")
