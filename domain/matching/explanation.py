"""What can be said about one learner of a round."""

from domain.ids import JourneyId, LearnerId, MentorId
from domain.matching.draft import Why
from domain.values import Frozen


class Contribution(Frozen):
    """What one criterion gives to a pair."""

    criterion: str
    points: float
    of: float
    """The most that it can give. All of them together are 100; wishes come on top, and have 0 here."""
    known: bool
    """False: somebody has not said, so it gives half."""
    says: str


class Move(Frozen):
    """A learner who would change places; None stands for having no mentor."""

    learner: LearnerId
    leaves: MentorId | None
    gets: MentorId | None


class Choice(Frozen):
    """A mentor whom the learner could have instead, and what everybody else would pay for it."""

    mentor: MentorId | None
    """None: to be left without a mentor for now."""
    points: float | None
    price: float | None
    """By how much everything would cost more; 0 for the mentor whom the learner has and for those who tie with them.
    None: it cannot be had at any price, as when a pin holds the place."""
    moves: tuple[Move, ...]
    """Who else would move, in order."""
    says: str
    """`m-2 instead would cost 14 points: l-3 would go to m-4`."""
    contributions: tuple[Contribution, ...] = ()


class Exclusion(Frozen):
    """A rule that keeps the learner and a mentor apart."""

    mentor: MentorId
    rule: str
    says: str


class Explanation(Frozen):
    journey: JourneyId
    learner: LearnerId
    mentor: MentorId | None
    points: float | None
    pinned: bool
    says: str
    why: Why | None
    """Why the learner gets nobody; None when they get a mentor."""
    waited_days: int
    unmatched_price: float
    """What leaving the learner without a mentor costs today."""
    least_points: float
    """The least fit that is proposed to this learner today."""
    contributions: tuple[Contribution, ...]
    """What each criterion gave; empty without a mentor."""
    choices: tuple[Choice, ...]
    """Every other mentor who is possible, and being left without one, the cheapest first."""
    excluded: tuple[Exclusion, ...]
    """By mentor; every rule that excludes them."""
    preferring: tuple[MentorId, ...]
    """Mentors whom the learner would rather have, and who would rather have the learner than somebody they have."""
    rank_from_below: int | None
    """1: nobody of the round has a less fitting mentor."""


class WhatIf(Frozen):
    """What it would mean if a learner had a certain mentor."""

    learner: LearnerId
    mentor: MentorId
    possible: bool
    excluded: tuple[Exclusion, ...]
    """Why it is not possible."""
    choice: Choice
    """With its price, where it is possible; its points and what each criterion would give in any case."""
    says: str
