"""What each criterion gives to a pair, and why a pair is impossible, in words."""

from collections.abc import Iterable, Iterator

from domain.fit import wishes
from domain.fit.comparison import NEUTRAL, missing
from domain.fit.terms import Terms
from domain.matching.explanation import Contribution, Exclusion
from domain.matching.policy import POINT, Weighted
from domain.matching.pool import Available, Candidate
from domain.matching.scores import FORBIDDEN_BY_HAND, Scores
from domain.values import together
from domain.words import plain


def contributions(scores: Scores, row: int, column: int) -> tuple[Contribution, ...]:
    """By the criteria of the policy, and then what wishes give, where there are any."""
    learner, mentor, terms = scores.roster.candidates[row], scores.roster.mentors[column], scores.policy.terms
    found = [_contribution(one, learner, mentor, terms) for one in scores.policy.criteria]
    if words := wishes.in_words(learner, mentor, terms):
        points = wishes.wish_points(learner, mentor, terms)
        found.append(Contribution(criterion="wishes", points=points, of=0, known=True, says=words))
    return tuple(found)


def _contribution(one: Weighted, learner: Candidate, mentor: Available, terms: Terms) -> Contribution:
    criterion = one.criterion
    wanted, offered = criterion.wanted(learner, terms), criterion.offered(mentor, terms)
    unsaid = missing(wanted, offered)
    fit = NEUTRAL if unsaid else criterion.fit(wanted, offered, terms)
    says = f"{unsaid}, so it gives half" if unsaid else criterion.reason(wanted, offered, terms)
    return Contribution(
        criterion=criterion.name,
        points=round(one.most * fit) / POINT,
        of=one.most / POINT,
        known=not unsaid,
        says=says,
    )


def exclusions(scores: Scores, row: int, column: int) -> Iterator[Exclusion]:
    """Every reason for which the pair is impossible; none if it is possible."""
    learner, mentor, terms = scores.roster.candidates[row], scores.roster.mentors[column], scores.policy.terms
    rules = {rule.name: rule for rule in scores.policy.rules}
    for name in scores.reasons_of(row, column):
        if rule := rules.get(name):
            says = rule.reason(rule.wanted(learner, terms), rule.offered(mentor, terms), terms)
        elif name == FORBIDDEN_BY_HAND:
            says = "is kept from this learner by a person, in this round"
        else:
            says = f"fits with {points_in_words(int(scores.points[row, column]))} only"
        yield Exclusion(mentor=mentor.mentor, rule=name, says=says)


def weakest(those: Iterable[Contribution]) -> str:
    """What costs a pair the most points, in words: `times gives 0 of 30: is never free at the same time`."""
    lacking = sorted((one for one in those if one.of - one.points >= 1), key=lambda one: one.points - one.of)[:2]
    if not lacking:
        return "nothing speaks against it"
    return together(f"{plain(one.criterion)} gives {one.points:g} of {one.of:g} ({one.says})" for one in lacking)


def points_in_words(hundredths: int) -> str:
    """`14 points`, `1 point`, `0.5 points`."""
    said = f"{hundredths / POINT:,.2f}".rstrip("0").rstrip(".") if hundredths % POINT else f"{hundredths // POINT:,}"
    return f"{said} point{'' if hundredths == POINT else 's'}"
