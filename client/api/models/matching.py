"""What the operations of `matching` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import datetime
from typing import Literal

from client.api.model import Model, made_by


class Certificate(Model):
    """That no other assignment of the pool costs less, in hundredths of points: `domain.matching.certificate` checks
    it again from the pool.
    """

    problem: str
    objective: int
    bound: int
    pairs_priced: int
    least_price: int
    mentor_prices: list[int]


class Choice(Model):
    """A mentor whom the learner could have instead, and what everybody else would pay for it."""

    mentor: str | None
    points: float | None
    price: float | None
    moves: list[Move]
    says: str
    contributions: list[Contribution] = made_by(list)


class Contribution(Model):
    """What one criterion gives to a pair."""

    criterion: str
    points: float
    of: float
    known: bool
    says: str


class Exclusion(Model):
    """A rule that keeps the learner and a mentor apart."""

    mentor: str
    rule: str
    says: str


class Explained(Model):
    round: str
    draft: int
    explanation: Explanation
    names: dict[str, str]


class Explanation(Model):
    journey: str
    learner: str
    mentor: str | None
    points: float | None
    pinned: bool
    says: str
    why: Literal["excluded", "below_least", "no_place"] | None
    waited_days: int
    unmatched_price: float
    least_points: float
    contributions: list[Contribution]
    choices: list[Choice]
    excluded: list[Exclusion]
    preferring: list[str]
    rank_from_below: int | None


class Imagined(Model):
    round: str
    draft: int
    what_if: WhatIf
    names: dict[str, str]


class LeftLearner(Model):
    journey: str
    learner: str
    why: str
    says: str
    learner_name: str | None = None


class Move(Model):
    """A learner who would change places; None stands for having no mentor."""

    learner: str
    leaves: str | None
    gets: str | None


class Poor(Model):
    """One of those who fit least of all."""

    learner: str
    mentor: str
    points: float


class ProposedPair(Model):
    journey: str
    learner: str
    mentor: str
    points: float
    pinned: bool
    reason: str
    became: Literal[
        "drafted",
        "not_sent",
        "unanswered",
        "proposed",
        "matched",
        "declined",
        "questioned",
        "expired",
        "withdrawn",
        "refused",
    ]
    refused: Refused | None = None
    learner_name: str | None = None
    mentor_name: str | None = None


class Refused(Model):
    code: str
    says: str = ""


class RoundDrafted(Model):
    """A draft was made from the pool with this digest; its pairs follow in the next events. It can be calculated again
    from the pool and the kit at any time, with the same result.
    """

    at: datetime
    draft: int
    kit: str
    pool: str
    settings: int
    waiting: int
    mentors: int
    free: int
    pairs: int
    unplaced: int
    mean_points: float | None
    certificate: Certificate
    worst_off: list[Poor] = made_by(list)
    preferring: int = 0
    obstacles: dict[str, int] = made_by(dict)
    remarks: list[str] = made_by(list)


class RoundRecord(Model):
    round: str
    program: str
    number: int
    cause: Literal["schedule", "demand", "urgent"]
    phase: Literal["drafting", "drafted", "released", "completed", "discarded"]
    begun_at: datetime
    released_at: datetime | None
    taken_back_at: datetime | None
    ended_at: datetime | None
    stale: bool
    draft: RoundDrafted | None
    pinned: list[SetPair]
    forbidden: list[SetPair]
    pairs: list[ProposedPair]
    left: list[LeftLearner]


class RoundRow(Model):
    round: str
    program: str
    number: int
    cause: Literal["schedule", "demand", "urgent"]
    phase: Literal["drafting", "drafted", "released", "completed", "discarded"]
    begun_at: datetime
    drafted_at: datetime | None
    released_at: datetime | None
    taken_back_at: datetime | None
    ended_at: datetime | None
    waiting: int | None
    mentors: int | None
    pairs: int | None
    unplaced: int | None
    mean_points: float | None
    sent: int
    refused: int
    withdrawn: int


class RoundStatus(Model):
    """Where a round stands: the answer to the query `status` and to every update."""

    round: str
    version: int
    phase: Literal["drafting", "drafted", "released", "completed", "discarded"]
    next_step: Literal["draft", "release", "wait", "send", "finish", "withdraw", "end"]
    draft: int | None = None
    stale: bool = False
    waiting: int = 0
    pairs: int = 0
    unplaced: int = 0
    pending: int = 0
    sent: int = 0
    refused: int = 0
    taken_back: bool = False
    withdrawn: int = 0


class SetPair(Model):
    learner: str
    mentor: str


class Verification(Model):
    round: str
    draft: int
    pool: str
    same_pool: bool
    proven: bool
    same_pairs: bool
    says: str


class WhatIf(Model):
    """What it would mean if a learner had a certain mentor."""

    learner: str
    mentor: str
    possible: bool
    excluded: list[Exclusion]
    choice: Choice
    says: str
