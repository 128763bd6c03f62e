"""What the operations of `figures` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import date

from client.api.model import Model, made_by
from client.api.models.shared import Asked, Promise


class Cost(Model):
    """Mentor hours, by the session lengths in the kit. A cohort session counts once for all its learners."""

    mentors: int
    meetings: int
    live_hours: float
    live_hours_per_learner: float | None
    live_hours_per_completed: float | None
    live_hours_per_fulfilled: float | None
    asynchronous_hours: float
    meetings_of_unknown_length: int


class Count(Model):
    program: str
    stage: str
    journeys: int
    paused: int
    attention: int


class Delivered(Model):
    """What was delivered to a group of learners so far."""

    learners: Learners
    completion_rate: float | None
    fulfillment: FulfillmentDelivered
    fulfillment_at_least: float | None
    fulfillment_at_most: float | None
    milestones: MilestonesDelivered
    sessions: SessionsDelivered
    sessions_per_learner: float | None
    outcomes: list[Outcome]
    learners_with_outcome: int


class FulfillmentDelivered(Model):
    """How many have what they were promised, by the rule of the kit. Who was declined was promised nothing."""

    fulfilled: int
    unfulfilled: int
    unknown: int
    unsaid: int
    fulfilled_under_way: int


class Learners(Model):
    """How many set out, and how they fared. Who set out twice counts twice."""

    begun: int
    mentored: int
    under_way: int
    completed: int
    withdrawn: int
    ended_early: int
    declined: int
    days_median: float | None


class MilestonesDelivered(Model):
    """Counted for each learner whose pathway began. The first six add up to `planned`."""

    planned: int
    passed: int
    failed: int
    waived: int
    unreviewed: int
    missed: int
    open: int
    late: int
    passed_in_time: int


class Outcome(Model):
    kind: str
    recorded: int
    learners: int
    values: list[OutcomeValue] = made_by(list)


class OutcomeValue(Model):
    value: str | None
    learners: int


class Overview(Model):
    since: date
    until: date
    steps: list[Step]
    segments: list[SegmentCount]
    questions: list[Asked]


class Return(Model):
    program: str
    title: str
    since: date | None
    until: date | None
    versions: list[VersionReturn]
    delivered: Delivered
    cost: Cost


class SegmentCount(Model):
    program: str
    segment: str | None
    journeys: int
    open: int
    paused: int
    attention: int
    completed: int


class SessionsDelivered(Model):
    """Counted for each learner: one that six learners came to was held six times."""

    held: int
    missed_by_learner: int
    missed_by_mentor: int
    cancelled: int
    follow_ups_wanted: int
    follow_ups_sent: int
    follow_ups_in_time: int


class Step(Model):
    program: str
    pathway: str | None
    week: date
    stage: str
    entered: int
    left: int
    hours_median: float | None
    hours_p90: float | None


class VersionReturn(Model):
    """What one version promised, and what was delivered to those who started with it, even if they moved on later."""

    version: str
    digest: str
    promise: Promise
    fulfilled_by: str | None
    delivered: Delivered
