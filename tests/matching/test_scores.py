"""Scores of many people at once are those of the single comparisons."""

from hypothesis import given, settings

from domain.fit.comparison import NEUTRAL, missing
from domain.fit.wishes import wish_points
from domain.kit import Kit
from domain.matching.contributions import contributions, exclusions
from domain.matching.matched import Matched
from domain.matching.policy import FULL, POINT, policy_of
from domain.matching.pool import Pool
from tests.matching.pools import AT, kits, pools


@settings(max_examples=100, deadline=None)
@given(pools(), kits())
def test_tables_say_what_the_functions_say(pool: Pool, kit: Kit) -> None:
    matched = Matched(pool, kit)
    scores, terms = matched.scores, matched.policy.terms
    counts = dict.fromkeys(scores.names, 0)
    for row, learner in enumerate(matched.roster.candidates):
        for column, mentor in enumerate(matched.roster.mentors):
            total = matched.policy.base
            for one in matched.policy.criteria:
                wanted, offered = one.criterion.wanted(learner, terms), one.criterion.offered(mentor, terms)
                known = missing(wanted, offered) is None
                total += round(one.most * (one.criterion.fit(wanted, offered, terms) if known else NEUTRAL))
            assert scores.points[row, column] == total + round(POINT * wish_points(learner, mentor, terms))
            found = set(scores.reasons_of(row, column))
            for rule in matched.policy.rules:
                wanted, offered = rule.wanted(learner, terms), rule.offered(mentor, terms)
                kept = missing(wanted, offered) is None and not rule.allows(wanted, offered, terms)
                assert (rule.name in found) == kept, rule.name
            for name in found:
                counts[name] += 1
    assert counts == dict(scores.excluded)


@settings(max_examples=100, deadline=None)
@given(pools(), kits())
def test_contributions_add_up_and_every_exclusion_has_its_words(pool: Pool, kit: Kit) -> None:
    scores = Matched(pool, kit).scores
    for row, column in zip(*scores.possible.nonzero(), strict=True):
        those = contributions(scores, row, column)
        assert round(sum(one.points for one in those) * POINT) + scores.policy.base == scores.points[row, column]
        assert all(one.says for one in those)
    for row, column in zip(*(~scores.possible).nonzero(), strict=True):
        assert [one.rule for one in exclusions(scores, row, column)] == list(scores.reasons_of(row, column))
        assert all(one.says for one in exclusions(scores, row, column))


@settings(max_examples=100, deadline=None)
@given(kits())
def test_all_criteria_together_give_a_hundred_points(kit: Kit) -> None:
    policy = policy_of(kit, AT)
    assert sum(one.most for one in policy.criteria) == (FULL if policy.criteria else 0)
