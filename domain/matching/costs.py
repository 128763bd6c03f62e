"""What it costs to leave somebody without a mentor, and to give a mentor one learner more. In hundredths of a point."""

from datetime import datetime
from typing import Final

from domain.fit.rules.capacity import places_of
from domain.fit.terms import Terms
from domain.kit import Kit
from domain.matching.policy import FULL, POINT
from domain.matching.pool import Available, Candidate

PAST_TARGET: Final = FULL + POINT
"""What a place beyond the target of utilization costs more: more than lies between a perfect fit and none."""
PAST_LIMIT: Final = 100 * FULL
"""What a place beyond the limit costs more: no learner who is not urgent is worth it."""


def days_waited(learner: Candidate, at: datetime) -> int:
    """Whole days."""
    return max((at - learner.waiting_since).days, 0)


def price_of_waiting(kit: Kit, learner: Candidate, at: datetime) -> int:
    """It rises from day to day; for urgent learners it is as high as it can get from the beginning."""
    policy = kit.matching.unmatched
    waited = policy.points + policy.a_day * days_waited(learner, at)
    return round(POINT * (policy.most if learner.urgent else min(waited, policy.most)))


def least_points(kit: Kit, learner: Candidate, at: datetime) -> int:
    """The fit from which on a pair is worth more than waiting, and not less than the kit asks for in any case."""
    return max(round(POINT * kit.matching.least_points), FULL - price_of_waiting(kit, learner, at))


def unmatched(kit: Kit, learner: Candidate, terms: Terms) -> int:
    """The price of waiting, on top of any place that the learner may have: whoever may go past the target is not left
    without a mentor because of what such a place costs."""
    price = price_of_waiting(kit, learner, terms.at)
    if terms.overflow == "wait":
        return price
    urgent = terms.overflow == "past_limit" and learner.urgent
    return price + PAST_TARGET + (PAST_LIMIT if urgent else 0)


def load(kit: Kit, mentor: Available, terms: Terms) -> list[int]:
    """What each further learner costs, for as many as the mentor can take: the more they have, the more."""
    places = places_of(mentor, terms)
    extra = [0] * places.to_target + [PAST_TARGET] * places.to_limit + [PAST_TARGET + PAST_LIMIT] * places.past_limit
    balance = round(POINT * kit.matching.balance)
    return [balance * (mentor.learners + nth) + more for nth, more in enumerate(extra)]
