"""A journey follows another version of its program: what stays, what shifts, what is no longer asked."""

from domain.journey.commands import (
    AdoptKit,
    MoveToKit,
    Pause,
    PrepareSession,
    Resume,
    ReviewMilestone,
    SubmitMilestone,
)
from domain.journey.events import (
    JourneyEvent,
    JourneyPaused,
    JourneyResumed,
    MilestoneReviewed,
    MilestoneSubmitted,
    WrapUpStarted,
)
from domain.kit import Kit
from tests.domain.full_program import FULL, full, met, together
from tests.domain.specification import Given, given
from tests.domain.stories import CV, KIT, S1, all_but_one, day, in_sessions, kit_with, matching, returned


def another(**changes: object) -> Kit:
    """The full program with another pathway."""
    return Kit.model_validate(
        FULL.model_dump() | {"version": "2", "pathways": [FULL.pathways[0].model_dump() | changes]}
    )


def moved(kit: Kit, *events: JourneyEvent, at: float) -> Given:
    adopt = AdoptKit(digest=kit.digest, content=kit, reason="a better one")
    story = full(*events).when(adopt, at=day(at)).so()
    return given(*story.events, kit=kit)


def test_a_kit_that_nobody_published_is_refused_and_the_same_changes_nothing() -> None:
    given(*in_sessions).when(MoveToKit.model_validate({"kit": "0", "reason": "?"}), at=day(5)).rejected("no published")
    given(*in_sessions).when(MoveToKit(kit=KIT.digest, reason="?"), at=day(5)).rejected("this version already")
    new = another(title="Faster")
    story = moved(new, *together, at=5)
    story.when(AdoptKit(digest=new.digest, content=new, reason="a better one"), at=day(6)).nothing()
    story.when(AdoptKit(digest=new.digest, content=new, reason="again"), at=day(6)).rejected("this version already")


def test_what_stays_as_it_was_keeps_its_name_and_is_not_reminded_of_again() -> None:
    reminded = full(*together).when_due("pathways.fast.sessions.s1.reminders.0").so()
    prepared = reminded.when(PrepareSession(session=S1, answers={"topic": "goals"}), at=day(5, 1)).so()
    same = moved(another(title="Faster"), *prepared.events, at=5.5)
    assert "session:s1#1" in same.awaits
    assert "preparation:s1#1" not in same.awaits
    assert "pathways.fast.sessions.s1.reminders.0" not in same.rules


def test_the_first_version_that_asks_for_check_ins_begins_them_at_the_move() -> None:
    adopt = AdoptKit(digest=FULL.digest, content=FULL, reason="a better one")
    story = given(*in_sessions).when(adopt, at=day(5)).so()
    assert story.awaited("check-in#1").due_at == day(19)
    assert given(*story.events, kit=FULL).timer("escalations.no-check-in").at == day(19)
    assert given(*matching).when(adopt, at=day(2, 1)).so().state.check_in is None


def test_check_ins_that_were_asked_for_go_on_as_before() -> None:
    story = moved(another(title="Faster"), *together, at=5)
    assert story.awaited("check-in#1").due_at == day(17)


def test_what_is_owed_after_a_session_stays_owed_though_the_session_is_no_longer_asked() -> None:
    story = moved(another(sessions=[]), *met, at=7)
    assert {"notes:s1#1", "follow_up:s1#1"} <= set(story.awaits)
    assert "(notes of session s1 overdue)" in story.timer("escalations.no-notes").label


def test_work_that_was_handed_in_is_judged_though_it_is_no_longer_asked() -> None:
    sent = full(*together).when(SubmitMilestone(milestone=CV), at=day(9)).so()
    story = moved(another(milestones=[]), *sent.events, at=9.5)
    returned = story.when(ReviewMilestone(milestone=CV, verdict="returned"), at=day(10)).then(
        MilestoneReviewed(at=day(10), milestone=CV, attempt=1, verdict="returned", due_at=day(17))
    )
    assert returned.timer("pathways.fast.milestones.cv.due").at == day(17)


def test_no_session_moves_into_the_past() -> None:
    sessions = [one.model_dump() for one in FULL.pathways[0].sessions]
    earlier = another(sessions=[sessions[0], sessions[1] | {"after": "4 days"}, sessions[2]])
    story = moved(earlier, *together, at=10)
    assert [one.starts_at for one in story.state.sessions] == [day(6), day(11), day(18)]


def test_the_wrap_up_begins_when_the_other_version_asks_for_nothing_more() -> None:
    pathway = KIT.pathways[0].model_dump()
    shorter = kit_with(pathways=[pathway | {"sessions": pathway["sessions"][:2]}])
    outcome = given(*all_but_one).when(AdoptKit(digest=shorter.digest, content=shorter, reason="short"), at=day(17))
    assert outcome.events[-1] == WrapUpStarted(at=day(17), reason="all_settled", due_at=day(24))


def test_a_paused_journey_is_moved_as_of_when_its_clocks_stopped() -> None:
    sessions = [one.model_dump() for one in FULL.pathways[0].sessions]
    later = another(sessions=[sessions[0], sessions[1] | {"after": "9 days"}, sessions[2]])
    paused = full(*together).when(Pause(reason="ill"), at=day(4)).so()
    story = moved(later, *paused.events, at=12)
    assert story.state.pause
    assert [one.starts_at for one in story.state.sessions] == [day(6), day(12), day(18)]

    resumed = story.when(Resume(), at=day(14)).so()
    assert [one.starts_at for one in resumed.state.sessions] == [day(16), day(22), day(28)]
    assert resumed.state.ends_at == day(41)
    reminders = [one for one in resumed.timers if one.rule == "pathways.fast.sessions.s1.reminders.0"]
    assert [one.at for one in reminders] == [day(15)], "what is still ahead is reminded of, though the move came later"


def test_a_move_in_a_pause_that_leaves_nothing_to_do_lets_the_wrap_up_begin_when_it_ends() -> None:
    pathway = KIT.pathways[0].model_dump()
    shorter = kit_with(pathways=[pathway | {"sessions": pathway["sessions"][:2]}])
    paused = (*all_but_one, JourneyPaused(at=day(17), reason="ill", until=day(30)))
    adopt = AdoptKit(digest=shorter.digest, content=shorter, reason="short")
    outcome = given(*paused).when(adopt, at=day(18))
    assert [one.type for one in outcome.events] == ["journey.moved_to_kit"]
    given(*outcome.so().events, kit=shorter).when(Resume(), at=day(20)).then(
        JourneyResumed(at=day(20), paused_for=day(20) - day(17)),
        WrapUpStarted(at=day(20), reason="all_settled", due_at=day(27)),
    )


def test_a_rule_that_comes_with_a_version_is_not_set_off_by_work_that_was_passed_after_all() -> None:
    setbacks = {"id": "setbacks", "title": "S", "when": {"milestone_setbacks": 1}, "then": {"open_case": "ops"}}
    adopt = AdoptKit(digest="2", content=kit_with(version="2", escalations=[setbacks]), reason="stricter")
    assert len(given(*returned).when(adopt, at=day(13)).so().state.cases) == 1
    passed = (
        *returned,
        MilestoneSubmitted(at=day(12), milestone=CV, attempt=2, review_due_at=day(15)),
        MilestoneReviewed(at=day(12), milestone=CV, attempt=2, verdict="passed"),
    )
    assert given(*passed).when(adopt, at=day(13)).so().state.cases == ()
