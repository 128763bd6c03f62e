"""What people wrote reaches whoever has the duty, and no view."""

from domain.ids import CaseId
from domain.journey import EVENTS
from domain.journey.commands import (
    AcknowledgeCase,
    AskForHelp,
    PrepareSession,
    ReassignCase,
    ReleaseMentor,
    ReviewMilestone,
    SnoozeCase,
    SubmitMilestone,
)
from domain.journey.events import CaseHandedOn, CaseOpened, MilestoneReviewed
from domain.journey.words import behind, behind_case, words_of
from domain.notification import contents, notices
from tests.domain.full_program import FULL, full, matched_by_offer, together
from tests.domain.specification import Given
from tests.domain.stories import BEN, CV, S1, day
from tests.support.events import _example

STUCK = AskForHelp(notes="I cannot open the form", by="learner:lea")


def texts(story: Given, about: str) -> list[str]:
    return [one.text for one in behind(story.events, story.awaited(about))]


def asked() -> Given:
    return full(*together).when(STUCK, at=day(5)).so()


def test_a_case_has_the_words_that_led_to_it_and_those_said_since() -> None:
    assert texts(asked(), "case:case-1") == ["I cannot open the form"]
    rested = asked().when(SnoozeCase(case=CaseId("case-1"), until=day(8), reason="she is away"), at=day(5, 1)).so()
    assert texts(rested, "case:case-1#2") == ["I cannot open the form", "she is away"]


def test_a_case_about_an_unanswered_case_has_the_words_of_that_one() -> None:
    late = asked().when_due("escalations.unanswered").so()
    assert texts(late, "case:case-2") == ["I cannot open the form"]


def test_duties_have_the_words_that_bear_on_them() -> None:
    story = full(*together)
    prepared = story.when(PrepareSession(session=S1, answers={"topic": "goals"}, goal="three letters"), at=day(4)).so()
    assert texts(prepared, "session:s1#1") == ["goals", "three letters"]
    sent = story.when(SubmitMilestone(milestone=CV, link="https://example.org/cv", note="a draft"), at=day(5)).so()
    assert texts(sent, "review:cv#1") == ["https://example.org/cv", "a draft"]
    again = sent.when(SubmitMilestone(milestone=CV, link="https://example.org/right"), at=day(5, 1)).so()
    assert texts(again, "review:cv#1") == ["https://example.org/right"]
    assert again.awaited("review:cv#1").due_at == sent.awaited("review:cv#1").due_at
    back = again.when(ReviewMilestone(milestone=CV, verdict="returned", feedback="shorter, please"), at=day(6)).so()
    assert isinstance(back.events[-1], MilestoneReviewed)
    assert texts(back, "milestone:cv#2") == ["shorter, please"]
    left = story.when(ReleaseMentor(reason="moved away", handover="she is shy"), at=day(5)).so()
    assert texts(left, "match#2") == ["moved away", "she is shy"]


def test_every_personal_field_is_among_the_words() -> None:
    """Whatever an event holds that somebody may have written."""
    for kind in EVENTS.values():
        event = kind.model_validate({**_example(kind), "at": day(0)})
        said = {one.text for one in words_of(event)}
        for name in ("reason", "notes", "feedback", "note", "handover", "resolution", "summary", "question", "value"):
            if isinstance(getattr(event, name, None), str) and getattr(event, name) not in said:
                assert kind.type in (
                    "journey.command_rejected",
                    "journey.case_handed_on",
                    "journey.wrap_up_started",
                ) or (kind.type == "journey.remedies_withdrawn"), (kind.type, name)


def test_the_letter_about_a_case_has_the_words() -> None:
    story = asked()
    (case,) = [one for one in story.events if isinstance(one, CaseOpened)]
    (notice,) = notices(case)
    told = contents(FULL, story.state, notice, story.events)
    assert (told.what, [one.text for one in told.quotes]) == ("help", ["I cannot open the form"])


# --- the duties of a role without a holder


def test_a_case_of_a_mentor_who_left_goes_to_ops_and_to_the_next_mentor_each_with_a_letter() -> None:
    left = asked().when(ReleaseMentor(reason="moved away"), at=day(5, 6)).so()
    assert left.events[-1] == CaseHandedOn(
        at=day(5, 6), case=CaseId("case-1"), owner="ops", respond_by=day(6, 6), reason="mentor_left"
    )
    assert left.awaited("case:case-1#2").who == "ops"
    assert [one.to for one in notices(left.events[-1])] == ["ops"]
    assert not [about for about in left.awaits if left.awaited(about).who == "mentor"]
    found = matched_by_offer(left, BEN, day(5, 12))
    handed = found.events[-1]
    assert isinstance(handed, CaseHandedOn)
    assert (handed.owner, handed.respond_by, handed.reason) == ("mentor", day(6, 12), "mentor_found")
    assert [one.to for one in notices(handed)] == ["mentor"]
    told = contents(FULL, found.state, notices(handed)[0], found.events)
    assert [one.text for one in told.quotes] == ["I cannot open the form"]
    assert found.awaited("session:s1#1").who == "mentor"


def test_a_case_that_ops_took_on_or_were_given_stays_with_them() -> None:
    left = asked().when(ReleaseMentor(reason="moved away"), at=day(5, 6)).so()
    seen = left.when(AcknowledgeCase(case=CaseId("case-1")), at=day(5, 7)).so()
    assert matched_by_offer(seen, BEN, day(5, 12)).state.cases[0].owner == "ops"
    given_to_ops = asked().when(ReassignCase(case=CaseId("case-1"), owner="ops", reason="hard"), at=day(5, 1)).so()
    alone = given_to_ops.when(ReleaseMentor(reason="moved away"), at=day(5, 6)).so()
    assert matched_by_offer(alone, BEN, day(5, 12)).state.cases[0].owner == "ops"
    alone.when(ReassignCase(case=CaseId("case-1"), owner="mentor", reason="?"), at=day(5, 7)).rejected("no mentor")


def test_who_takes_over_directly_is_told_of_the_cases_too() -> None:
    found = matched_by_offer(asked(), BEN, day(5, 6))
    assert [(type(one).__name__, one.at) for one in found.events[-1:]] == [("CaseHandedOn", day(5, 6))]
    assert behind_case(found.events, "case-1")
