"""A mentor is offered, asked, found, changed."""

import pytest

from domain.journey.commands import (
    AnswerOffer,
    ApproveMatch,
    ChoosePathway,
    ExpireOffer,
    OfferMatch,
    ReleaseMentor,
    WithdrawOffer,
)
from domain.journey.events import (
    MatchOffered,
    MentorMatched,
    MentorReleased,
    Nudged,
    OfferAccepted,
    OfferDeclined,
    OfferExpired,
    OfferQuestioned,
    OfferWithdrawn,
    PathwayChosenAnew,
)
from domain.kit.matching import Matching
from tests.domain.full_program import FULL, full, full_plan, matched_by_offer, offered, together
from tests.domain.specification import given
from tests.domain.stories import ANA, BEN, FAST, STEADY, day, in_review, in_sessions, kit_with, matching, wrapping_up


def test_a_match_is_offered_to_those_whom_the_kit_asks() -> None:
    offer = OfferMatch(mentor=ANA, reason="both nurses")
    asked = (
        full(*matching)
        .when(offer, at=day(2, 6))
        .then(
            MatchOffered(
                at=day(2, 6), mentor=ANA, asks=("mentor", "learner"), expires_at=day(4, 6), reason="both nurses"
            )
        )
    )
    assert asked.awaits == ["offer:learner#1", "offer:mentor#1", "match#1"]
    asked.when(offer, at=day(3)).nothing()
    asked.when(OfferMatch(mentor=BEN), at=day(3)).rejected("'ana' is proposed and has not been answered")


def test_a_match_is_offered_only_where_somebody_is_asked_and_wanted() -> None:
    given(*matching).when(OfferMatch(mentor=ANA), at=day(3)).rejected("use approve_match")
    full(*in_review).when(OfferMatch(mentor=ANA), at=day(2)).rejected("matching or sessions")
    full(*together).when(OfferMatch(mentor=ANA), at=day(4)).rejected("is the mentor already")


def test_the_last_yes_brings_the_match_about() -> None:
    once = (
        full(*offered)
        .when(AnswerOffer(by="mentor:ana", answer="accept"), at=day(2, 12))
        .then(OfferAccepted(at=day(2, 12), mentor=ANA, who="mentor"))
    )
    assert once.awaits == ["offer:learner#1", "match#1"]
    once.when(AnswerOffer(by="mentor:ana", answer="accept"), at=day(2, 13)).nothing()
    once.when(AnswerOffer(by="mentor:ana", answer="decline", reason="ill"), at=day(2, 13)).rejected("accepted already")
    matched = once.when(AnswerOffer(answer="accept", who="learner"), at=day(3)).then(
        OfferAccepted(at=day(3), mentor=ANA, who="learner"),
        MentorMatched(at=day(3), mentor=ANA, check_in_by=day(17)),
        full_plan,
    )
    assert not [about for about in matched.awaits if about.startswith(("offer", "match"))]
    matched.when(AnswerOffer(by="learner:lea", answer="accept"), at=day(3)).nothing()


def test_a_no_says_why_and_another_mentor_can_be_offered() -> None:
    full(*offered).when(AnswerOffer(by="learner:lea", answer="decline"), at=day(3)).rejected("a reason is missing")
    declined = (
        full(*offered)
        .when(AnswerOffer(by="learner:lea", answer="decline", reason="I know her"), at=day(3))
        .then(OfferDeclined(at=day(3), mentor=ANA, who="learner", reason="I know her"))
    )
    assert declined.awaits == ["match#1"]
    declined.when(AnswerOffer(by="mentor:ana", answer="accept"), at=day(3)).rejected("no match is offered")
    second = declined.when(OfferMatch(mentor=BEN), at=day(3)).so()
    assert "offer:mentor#2" in second.awaits


def test_a_question_goes_back_to_ops() -> None:
    full(*offered).when(AnswerOffer(by="mentor:ana", answer="more_information"), at=day(3)).rejected("should be known")
    full(*offered).when(AnswerOffer(by="mentor:ana", answer="more_information", reason="which job?"), at=day(3)).then(
        OfferQuestioned(at=day(3), mentor=ANA, who="mentor", question="which job?")
    )


@pytest.mark.parametrize(
    ("by", "who", "problem"),
    [
        ("ops", None, "whose answer"),
        ("mentor:ana", "learner", "not for the learner"),
        ("learner:lea", "mentor", "not for the mentor"),
    ],
)
def test_who_is_asked_answers_for_themselves(by: str, who: str | None, problem: str) -> None:
    answer = AnswerOffer.model_validate({"by": by, "who": who, "answer": "accept"})
    full(*offered).when(answer, at=day(3)).rejected(problem)


def test_an_offer_expires_after_it_was_told_to_be_late() -> None:
    told = (
        full(*offered)
        .when_due("escalations.offer-late")
        .then(Nudged(at=day(4, 6), rule="offer-late", about="offer#1", to="ops"))
    )
    expired = told.when_due("service_levels.offer").then(OfferExpired(at=day(4, 6), mentor=ANA))
    assert expired.awaits == ["match#1"]
    expired.when(ExpireOffer(), at=day(5)).nothing()


def test_an_offer_is_late_once_however_many_are_asked() -> None:
    assert full(*offered).rules == ["escalations.offer-late", "service_levels.offer"]
    told = full(*offered).when_due("escalations.offer-late").so()
    assert told.rules == ["service_levels.offer"]
    once = told.when(AnswerOffer(answer="accept", who="learner"), at=day(4, 6)).so()
    assert once.rules == ["service_levels.offer"]
    expired = once.when_due("service_levels.offer").so()
    second = expired.when(OfferMatch(mentor=BEN), at=day(5)).so()
    second.when_due("escalations.offer-late").then(Nudged(at=day(7), rule="offer-late", about="offer#2", to="ops"))


def test_a_mentor_who_leaves_is_replaced_and_the_dates_stay() -> None:
    release = ReleaseMentor(reason="moved away")
    alone = (
        full(*together)
        .when(release, at=day(5))
        .then(MentorReleased(at=day(5), mentor=ANA, reason="moved away", match_due_at=day(10)))
    )
    assert "match#2" in alone.awaits
    assert not [about for about in alone.awaits if about.startswith("check-in")]
    assert "escalations.silent" not in alone.rules
    alone.when(release, at=day(5)).nothing()
    found = matched_by_offer(alone, BEN, day(7))
    assert found.events[-1] == MentorMatched(at=day(7), mentor=BEN, check_in_by=day(14), watched_until=day(27))
    assert "match#2" not in found.awaits
    assert found.state.sessions == full(*together).state.sessions
    full(*wrapping_up).when(release, at=day(19)).rejected("belongs to the stage sessions")
    full(*matching).when(release, at=day(3)).rejected("belongs to the stage sessions")


def test_another_mentor_may_be_asked_while_there_is_one() -> None:
    asked = full(*together).when(OfferMatch(mentor=BEN), at=day(5)).so()
    both = asked.when(AnswerOffer(answer="accept", who="learner"), at=day(5, 1)).so()
    both.when(AnswerOffer(answer="accept", who="mentor"), at=day(5, 2)).then(
        OfferAccepted(at=day(5, 2), mentor=BEN, who="mentor"),
        MentorMatched(at=day(5, 2), mentor=BEN, check_in_by=day(12, 2), watched_until=day(25, 2)),
    )


def test_another_pathway_is_chosen_with_a_reason_before_there_is_a_mentor() -> None:
    choose = ChoosePathway(pathway=STEADY, reason="less time than she thought")
    chosen = (
        given(*matching)
        .when(choose, at=day(2, 1))
        .then(PathwayChosenAnew(at=day(2, 1), pathway=STEADY, reason="less time than she thought"))
    )
    chosen.when(choose, at=day(2, 2)).nothing()
    matched = chosen.when(ApproveMatch(mentor=ANA), at=day(3)).so()
    assert "pathways.steady.ends" in matched.rules
    given(*matching).when(ChoosePathway.model_validate({"pathway": "x", "reason": "y"}), at=day(3)).rejected("fast")
    given(*in_sessions).when(choose, at=day(4)).rejected("belongs to the stage matching")
    given(*in_sessions).when(ChoosePathway(pathway=FAST, reason="as it is"), at=day(4)).rejected("'fast' already")


def test_a_mentors_silence_counts_from_the_beginning_of_the_term() -> None:
    rules = [{"id": "silent", "title": "t", "when": {"mentor_silent_for": "5 days"}, "then": {"nudge": "mentor"}}]
    term = kit_with(starts_at=day(20), escalations=rules)
    matched = given(*matching, kit=term).when(ApproveMatch(mentor=ANA), at=day(3)).so()
    assert matched.timer("escalations.silent").at == day(25)


def test_nobody_is_passed_over_whom_the_kit_asks() -> None:
    full(*matching).when(ApproveMatch(mentor=ANA), at=day(3)).rejected("propose 'ana' with offer_match")
    full(*offered).when(ApproveMatch(mentor=BEN), at=day(3)).rejected("propose 'ben' with offer_match")
    full(*offered).when(ApproveMatch(mentor=ANA), at=day(3)).rejected("say how those who were asked said yes")
    by_telephone = ApproveMatch(mentor=ANA, reason="both said yes by telephone")
    assert full(*offered).when(by_telephone, at=day(3)).so().state.mentor == ANA
    lapsed = full(*offered).when_due("service_levels.offer").so()
    assert lapsed.when(by_telephone, at=day(5)).so().state.mentor == ANA
    declined = full(*offered).when(AnswerOffer(by="mentor:ana", answer="decline", reason="full"), at=day(3)).so()
    declined.when(by_telephone, at=day(3)).rejected("propose 'ana' with offer_match")


def test_nobody_is_their_own_mentor_and_nobody_answers_in_the_name_of_another() -> None:
    given(*matching).when(ApproveMatch.model_validate({"mentor": "lea"}), at=day(3)).rejected("is the learner")
    full(*matching).when(OfferMatch.model_validate({"mentor": "lea"}), at=day(3)).rejected("is the learner")
    for by in ("mentor:ben", "learner:lou"):
        full(*offered).when(AnswerOffer(by=by, answer="accept"), at=day(3)).rejected("who is asked")
    assert full(*offered).when(AnswerOffer(by="mentor", answer="accept"), at=day(3)).so().state.offer


DECLINES = {"no-time": {"title": "No time"}, "not-my-field": {"title": "Not my field", "rests": "2 weeks"}}
ASKING = FULL.model_copy(update={"matching": Matching.model_validate({"asks": ["mentor"], "declines": DECLINES})})


def test_a_round_is_named_by_what_it_proposes_and_matches() -> None:
    offer = OfferMatch(mentor=ANA, round="first-steps-3")
    proposed = full(*matching).when(offer, at=day(2, 6)).so()
    assert proposed.events[-1] == MatchOffered(
        at=day(2, 6), mentor=ANA, asks=("mentor", "learner"), expires_at=day(4, 6), round="first-steps-3"
    )
    matched = given(*matching).when(ApproveMatch(mentor=ANA, round="first-steps-3"), at=day(3)).so()
    assert [one.round for one in matched.events if isinstance(one, MentorMatched)] == ["first-steps-3"]


def test_an_offer_is_withdrawn_as_long_as_nobody_has_accepted_it() -> None:
    proposed = full(*matching).when(OfferMatch(mentor=ANA, round="first-steps-3"), at=day(2, 6)).so()
    take_back = WithdrawOffer(reason="the wrong list", round="first-steps-3")
    withdrawn = proposed.when(take_back, at=day(3)).then(
        OfferWithdrawn(
            at=day(3), mentor=ANA, asked=("mentor", "learner"), reason="the wrong list", round="first-steps-3"
        )
    )
    assert withdrawn.awaits == ["match#1"]
    withdrawn.when(take_back, at=day(3, 1)).nothing()
    withdrawn.when(WithdrawOffer(reason="again"), at=day(3, 1)).rejected("no match is offered")
    withdrawn.when(ApproveMatch(mentor=ANA, reason="both said yes"), at=day(3, 1)).rejected("with offer_match")
    assert withdrawn.when(OfferMatch(mentor=BEN), at=day(3, 1)).so().state.offer

    proposed.when(WithdrawOffer(round="first-steps-4"), at=day(3)).rejected("first-steps-4 has no open offer")
    accepted = proposed.when(AnswerOffer(by="mentor:ana", answer="accept"), at=day(3)).so()
    accepted.when(take_back, at=day(3)).rejected("the mentor said yes to 'ana'")
    full(*offered).when(WithdrawOffer(), at=day(3)).then(
        OfferWithdrawn(at=day(3), mentor=ANA, asked=("mentor", "learner"))
    )


def test_a_decline_gives_one_of_the_reasons_of_the_kit() -> None:
    proposed = given(*matching, kit=ASKING).when(OfferMatch(mentor=ANA), at=day(2, 6)).so()
    decline = AnswerOffer(by="mentor:ana", answer="decline", code="no-time")
    proposed.when(AnswerOffer(by="mentor:ana", answer="decline", reason="busy"), at=day(3)).rejected(
        "no-time or not-my-field"
    )
    proposed.when(AnswerOffer(by="mentor:ana", answer="decline", code="bored"), at=day(3)).rejected("no reason 'bored'")
    declined = proposed.when(decline, at=day(3)).then(
        OfferDeclined(at=day(3), mentor=ANA, who="mentor", reason="", code="no-time")
    )
    declined.when(decline, at=day(3)).nothing()
    declined.when(AnswerOffer(by="mentor:ana", answer="decline", code="not-my-field"), at=day(3)).rejected("no match")
    full(*offered).when(AnswerOffer(by="mentor:ana", answer="decline", code="no-time"), at=day(3)).rejected(
        "it names none"
    )
    resting = proposed.when(AnswerOffer(by="mentor:ana", answer="decline", code="not-my-field"), at=day(3)).so()
    assert [one.rests_until for one in resting.events if isinstance(one, OfferDeclined)] == [day(17)]
