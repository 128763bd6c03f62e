"""Drafts: rules hold, the order of rows does not matter, and whoever gets nobody is told why."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.fit.rules import RULES
from domain.fit.rules.capacity import places_of
from domain.kit import Kit
from domain.matching.certificate import verify
from domain.matching.draft import Draft
from domain.matching.match import match
from domain.matching.matched import Matched
from domain.matching.pool import Pool
from tests.matching.pools import available, candidate, kit, kits, pair, pool, pools

FITTING = kit({"weights": {"problem_type": 1}, "balance": 0, "unmatched": {"points": 100}})


def placed(draft: Draft) -> dict[str, str]:
    return {one.learner: one.mentor for one in draft.pairs}


@settings(max_examples=100, deadline=None)
@given(pools(), kits(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(pool: Pool, kit: Kit, draw: Random) -> None:
    shuffled = pool.model_copy(
        update={
            "candidates": tuple(draw.sample(pool.candidates, len(pool.candidates))),
            "mentors": tuple(draw.sample(pool.mentors, len(pool.mentors))),
            "pinned": tuple(draw.sample(pool.pinned, len(pool.pinned))),
        }
    )
    assert match(shuffled, kit) == match(pool, kit)


@settings(max_examples=100, deadline=None)
@given(pools(), kits())
def test_no_pair_breaks_a_rule_and_no_mentor_gets_more_than_fit(pool: Pool, kit: Kit) -> None:
    matched, draft = Matched(pool, kit), match(pool, kit)
    terms = matched.policy.terms
    learners = {one.journey: one for one in pool.candidates}
    mentors = {one.mentor: one for one in pool.mentors}
    for one in draft.pairs:
        learner, mentor = learners[one.journey], mentors[one.mentor]
        for rule in RULES.values():
            wanted, offered = rule.wanted(learner, terms), rule.offered(mentor, terms)
            in_force = rule.always or rule.name in kit.matching.rules
            assert not in_force or None in (wanted, offered) or rule.allows(wanted, offered, terms), rule.name
        assert pair(one.learner, one.mentor) not in pool.forbidden
        assert one.pinned or one.points >= kit.matching.least_points
    for name, mentor in mentors.items():
        theirs = [learners[one.journey] for one in draft.pairs if one.mentor == name]
        places = places_of(mentor, terms)
        assert len(theirs) <= places.all
        assert len(theirs) <= places.to_target + places.to_limit or any(one.urgent for one in pool.candidates)
    assert {one.journey for one in draft.pairs} | {one.journey for one in draft.unplaced} == set(learners)
    assert all(one.says and one.why for one in draft.unplaced)
    verify(matched.problem, matched.solution.mentor_of, draft.certificate)


@settings(max_examples=100, deadline=None)
@given(pools(), kits())
def test_a_pin_holds_or_a_remark_says_why_not(pool: Pool, kit: Kit) -> None:
    draft = match(pool, kit)
    for one in set(pool.pinned):
        holds = placed(draft).get(one.learner) == one.mentor
        assert holds or any(f"{one.learner} is not given {one.mentor}" in remark for remark in draft.remarks)


def test_who_fits_best_gets_the_place() -> None:
    draft = match(
        pool(
            candidate("l-1", problem_type=("cv",)),
            candidate("l-2", problem_type=("interviews",)),
            available("m-1", expertise=("cv", "interviews")),
            available("m-2", expertise=("cv",)),
        ),
        FITTING,
    )
    assert placed(draft) == {"l-1": "m-2", "l-2": "m-1"}
    assert draft.mean_points == 100
    assert draft.unplaced == ()


def test_who_has_waited_longest_gets_the_only_place() -> None:
    waits = [candidate("l-1", days=3), candidate("l-2", days=40), candidate("l-3", days=9)]
    policy = kit({"unmatched": {"points": 60, "a_day": 1, "most": 200}})
    draft = match(pool(*waits, available("m-1")), policy)
    assert placed(draft) == {"l-2": "m-1"}
    assert [one.why for one in draft.unplaced] == ["no_place", "no_place"]


def test_who_is_urgent_counts_as_having_waited_longest() -> None:
    draft = match(pool(candidate("l-1", days=40), candidate("l-2", urgent=True), available("m-1")), kit())
    assert placed(draft) == {"l-2": "m-1"}


def test_load_is_balanced_with_the_learners_whom_mentors_have() -> None:
    waiting = [candidate(f"l-{nth}") for nth in range(4)]
    busy, idle = available("m-1", free=4, learners=2), available("m-2", free=4)
    assert sorted(placed(match(pool(*waiting, busy, idle), kit())).values()) == ["m-1", "m-2", "m-2", "m-2"]


@pytest.mark.parametrize(
    ("overflow", "urgent", "placed_in_all"),
    [("wait", False, 1), ("past_target", False, 2), ("past_limit", False, 2), ("past_limit", True, 4)],
)
def test_the_overflow_rule_says_how_far_mentors_are_filled(overflow: str, urgent: bool, placed_in_all: int) -> None:
    policy = kit(capacity={"overflow": overflow, "learners_per_mentor": 4})
    waiting = [candidate(f"l-{nth}", urgent=urgent) for nth in range(5)]
    draft = match(pool(*waiting, available("m-1", free=2, to_target=1)), policy)
    assert len(draft.pairs) == placed_in_all


def test_a_mentor_at_the_target_is_taken_only_when_nobody_else_fits() -> None:
    full, poor = available("m-1", free=1, to_target=0, expertise=("cv",)), available("m-2", expertise=("talks",))
    learner = candidate("l-1", problem_type=("cv",))
    assert placed(match(pool(learner, full, poor), FITTING)) == {"l-1": "m-2"}
    assert placed(match(pool(learner, full), FITTING)) == {"l-1": "m-1"}


def test_a_pair_that_is_worth_less_than_waiting_is_not_made_yet() -> None:
    policy = kit({"weights": {"problem_type": 1}, "unmatched": {"points": 60, "a_day": 2}})
    mentor = available("m-1", expertise=("cv",))
    poor = ("talks", "network", "cv")
    early = match(pool(candidate("l-1", problem_type=poor), mentor), policy)
    assert [(one.why, one.says) for one in early.unplaced] == [
        ("below_least", "The best fit has 33.33 points; 40 points are wanted today.")
    ]
    assert placed(match(pool(candidate("l-1", days=4, problem_type=poor), mentor), policy)) == {"l-1": "m-1"}


def test_an_impossible_pool_says_which_rule_excludes_whom_most() -> None:
    draft = match(
        pool(
            candidate("l-1", languages=("Spanish",)),
            available("m-1", languages=("German",)),
            available("m-2", languages=("French",), free=0),
            available("m-3", free=0),
        ),
        kit({"rules": ["language"]}),
    )
    assert [(one.why, one.says) for one in draft.unplaced] == [
        ("excluded", "Rules exclude all 3 mentors: capacity 2 and language 2.")
    ]
    assert [(one.rule, one.pairs, one.alone) for one in draft.obstacles] == [("capacity", 2, 1), ("language", 2, 1)]
    assert draft.obstacles[0].says == "Capacity makes 67% of all pairs, 33% by itself, impossible."


def test_a_pool_of_nobody_is_matched_as_well() -> None:
    assert match(pool(), kit()).pairs == ()
    assert [one.says for one in match(pool(candidate("l-1")), kit()).unplaced] == ["There is no mentor in this round."]
    assert match(pool(available("m-1")), kit()).pairs == ()


def test_those_who_would_both_rather_have_each_other_are_named() -> None:
    """All together are better off without them."""
    one, other = tuple("abcdefghij"), tuple("klmnopqrst")
    draft = match(
        pool(
            candidate("l-1", problem_type=one),
            candidate("l-2", problem_type=other),
            available("m-1", expertise=(*one, *other[1:])),
            available("m-2", expertise=one[1:]),
        ),
        FITTING,
    )
    assert placed(draft) == {"l-1": "m-2", "l-2": "m-1"}
    assert [one.says for one in draft.preferring] == [
        "l-1 and m-1 fit with 100 points: l-1 gets m-2 with 90 points, m-1's learners begin at 90 points."
    ]


def test_the_worst_off_come_with_what_they_lack() -> None:
    draft = match(
        pool(
            candidate("l-1", problem_type=("cv", "talks")),
            available("m-1", expertise=("cv",)),
        ),
        FITTING,
    )
    assert [(one.learner, one.points, one.says) for one in draft.worst_off] == [
        ("l-1", 50, "problem type gives 50 of 100 (helps with cv, 1 of 2)")
    ]


def test_names_of_earlier_kits_are_ignored_with_a_remark() -> None:
    earlier = kit({"weights": {"style": 2, "pace": 1}, "rules": ["sympathy"]})
    assert match(pool(), earlier).remarks == (
        "the kit weights 'style', which is no criterion; it is ignored",
        "the kit weights 'pace', but no question tells `pace`; everybody gets half of its points",
        "the kit names the rule 'sympathy', which there is not; it is ignored",
    )


def test_a_criterion_about_which_nobody_has_said_anything_is_remarked_on() -> None:
    asked = {"questions": [{"id": "q", "ask": "?", "tells": "problem_type"}]}
    policy = kit({"weights": {"problem_type": 1}}, intake=asked)
    said = match(pool(candidate("l-1", problem_type=("cv",)), available("m-1")), policy)
    assert said.remarks == (
        "'problem_type' gives every pair half of its points: no mentor of this round has `expertise`",
    )
    silent = match(pool(candidate("l-1"), available("m-1", expertise=("cv",))), policy)
    assert silent.remarks == (
        "'problem_type' gives every pair half of its points: no learner of this round has answered what it looks at",
    )


def test_words_of_mentors_that_the_intake_does_not_offer_are_remarked_on() -> None:
    options = {"kind": "choice", "options": ["Interviews", "a first project"]}
    asked = [{"id": "q", "ask": "?", "tells": "problem_type"} | options, {"id": "s", "ask": "?", "tells": "skills"}]
    policy = kit({"weights": {"problem_type": 1, "skills": 1}}, intake={"questions": asked})
    mentors = available("m-1", expertise=("interviews", "CV"), skills=("Go",)), available("m-2", expertise=("talks",))
    assert match(pool(*mentors), policy).remarks == (
        "2 words in `expertise` of mentors can match nobody, such as 'CV' of m-1: "
        "no question that tells `problem_type` has that option",
    )
