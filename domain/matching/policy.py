"""The kit's policy as a round applies it: which criteria give how many points, and which rules are in force.

Points and prices are calculated in whole hundredths of a point, so that sums are exact and come out the same in any
order.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Any, Final

from domain.fit.comparison import Criterion, Rule
from domain.fit.criteria import CRITERIA
from domain.fit.rules import RULES
from domain.fit.terms import Terms
from domain.kit import Kit

POINT: Final = 100
"""The hundredths of a point."""
FULL: Final = 100 * POINT
"""A perfect fit, without wishes."""


@dataclass(frozen=True, slots=True)
class Weighted:
    criterion: Criterion[Any, Any]
    most: int
    """What a full fit gives, in hundredths of a point. All criteria together give FULL."""


@dataclass(frozen=True, slots=True)
class Policy:
    terms: Terms
    criteria: tuple[Weighted, ...]
    rules: tuple[Rule[Any, Any], ...]
    base: int
    """What every pair has: half of FULL where the kit has no criterion, for nothing speaks for or against it."""
    remarks: tuple[str, ...]
    """What of the kit is ignored, or comes to nothing."""


def policy_of(kit: Kit, at: datetime) -> Policy:
    """Names that are unknown are ignored: kits were published before anything acted on them, and stay readable."""
    matching = kit.matching
    rules = tuple(rule for name, rule in RULES.items() if rule.always or name in matching.rules)
    criteria = tuple(_weighted(matching.weights))
    return Policy(_terms(kit, at), criteria, rules, 0 if criteria else FULL // 2, tuple(_remarks(kit, bool(criteria))))


def _terms(kit: Kit, at: datetime) -> Terms:
    matching, capacity = kit.matching, kit.capacity
    return Terms(
        at=at,
        common_hours=matching.common_hours,
        ample_hours=matching.ample_hours,
        skills_by=matching.skills_by,
        checks=matching.checks,
        overflow=capacity.overflow,
        learners_per_mentor=capacity.learners_per_mentor,
        wishes_of_learners=matching.wishes.of_learners,
        wishes_of_mentors=matching.wishes.of_mentors,
        wish_points=matching.wishes.points,
    )


def _weighted(weights: Mapping[str, float]) -> Iterator[Weighted]:
    """Rounded so that they are FULL together: each gets what is due to it and all before it, less what those got."""
    known = {name: weights[name] for name in CRITERIA if weights.get(name)}
    total, given = sum(known.values()), 0
    for name, due in zip(known, accumulate(known.values()), strict=True):
        share = round(FULL * due / total) - given
        given += share
        yield Weighted(CRITERIA[name], share)


def _remarks(kit: Kit, any_criterion: bool) -> Iterator[str]:
    told = {question.tells for question in kit.intake.questions}
    for name, weight in kit.matching.weights.items():
        if name not in CRITERIA:
            yield f"the kit weights {name!r}, which is no criterion; it is ignored"
        elif weight and (lacking := [one for one in CRITERIA[name].tells if one not in told]):
            yield f"the kit weights {name!r}, but no question tells `{lacking[0]}`; everybody gets half of its points"
    for name in kit.matching.rules:
        if name not in RULES:
            yield f"the kit names the rule {name!r}, which there is not; it is ignored"
    if not any_criterion:
        yield "the kit weights no criterion, so every pair has 50 points"
