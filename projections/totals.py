"""What a program delivered, added up over its journeys, from the view `delivered`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from domain.ids import KitDigest
from projections.reading import View
from projections.sql import query
from store.database import Pool


@dataclass(frozen=True, slots=True)
class Learners:
    """How many set out, and how they fared. Who set out twice counts twice."""

    begun: int
    mentored: int
    """For whom a mentor was ever matched."""
    under_way: int
    completed: int
    withdrawn: int
    ended_early: int
    declined: int
    days_median: float | None
    """From the start of the pathway to the end of the journey, of those who completed."""


@dataclass(frozen=True, slots=True)
class FulfillmentDelivered:
    """How many have what they were promised, by the rule of the kit. Who was declined was promised nothing."""

    fulfilled: int
    """Of those whose journey has ended, as the next three."""
    unfulfilled: int
    unknown: int
    """The rule asks for what nobody has recorded: an outcome, or the review of work that was handed in."""
    unsaid: int
    """Their kit does not say what fulfills the promise."""
    fulfilled_under_way: int
    """Have it already, and go on."""


@dataclass(frozen=True, slots=True)
class MilestonesDelivered:
    """Counted for each learner whose pathway began. The first six add up to `planned`."""

    planned: int
    passed: int
    failed: int
    waived: int
    unreviewed: int
    """Handed in, and not judged."""
    missed: int
    """The deadline has passed, and nothing was handed in since."""
    open: int
    """Nothing was handed in, and no deadline has passed; of a journey that has ended, so it stayed."""
    late: int
    """Handed in after a deadline had passed, whatever became of it."""
    passed_in_time: int
    """Of those that were passed, without any deadline missed."""


@dataclass(frozen=True, slots=True)
class SessionsDelivered:
    """Counted for each learner: one that six learners came to was held six times."""

    held: int
    missed_by_learner: int
    missed_by_mentor: int
    cancelled: int
    follow_ups_wanted: int
    follow_ups_sent: int
    follow_ups_in_time: int


@dataclass(frozen=True, slots=True)
class Time:
    """What the sessions that were held took of the mentors, by the lengths that the kit gives.

    A cohort session of one mentor at one time counts once, however many learners came (R20).
    """

    meetings: int
    live: timedelta
    asynchronous: timedelta
    """In sessions where nobody meets."""
    of_unknown_length: int
    """Meetings that are in neither."""


@dataclass(frozen=True, slots=True)
class OutcomeValue:
    value: str | None
    """None: another than the kit names."""
    learners: int
    """With whom it is the latest of its kind."""


@dataclass(frozen=True, slots=True)
class Outcome:
    kind: str
    recorded: int
    learners: int
    values: tuple[OutcomeValue, ...] = ()
    """By name where the kit names some; otherwise none."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What was delivered to those who began in some time, until now."""

    learners: Learners
    fulfillment: FulfillmentDelivered
    milestones: MilestonesDelivered
    sessions: SessionsDelivered
    time: Time
    mentors: int
    """That were ever matched."""
    outcomes: tuple[Outcome, ...]
    learners_with_outcome: int
    """Of any kind."""
    kits: Mapping[KitDigest, int]
    """How many learners began with which version."""


_DELIVERED = View(delivered=3)


async def totals(
    pool: Pool, program: str, since: date | None = None, until: date | None = None, promised: KitDigest | None = None
) -> Totals:
    """Of the journeys that began in [since, until), or ever; with `promised`, of those that began with this version."""
    those = (program, since, until, promised)
    *kinds, any_kind = await _DELIVERED.fetch(pool, query("delivered_outcomes"), *those)
    values = await _DELIVERED.fetch(pool, query("delivered_values"), *those)
    (mentors,) = await _only(pool, "delivered_mentors", those)
    return Totals(
        learners=Learners(*await _only(pool, "delivered_journeys", those)),
        fulfillment=FulfillmentDelivered(*await _only(pool, "delivered_fulfillment", those)),
        milestones=MilestonesDelivered(*await _only(pool, "delivered_milestones", those)),
        sessions=SessionsDelivered(*await _only(pool, "delivered_sessions", those)),
        time=Time(*await _only(pool, "delivered_time", those)),
        mentors=mentors,
        outcomes=tuple(Outcome(kind, recorded, learners, _of_kind(kind, values)) for kind, recorded, learners in kinds),
        learners_with_outcome=any_kind["learners"],
        kits={KitDigest(kit): many for kit, many in await _DELIVERED.fetch(pool, query("delivered_kits"), *those)},
    )


def _of_kind(kind: str, rows: Sequence[Any]) -> tuple[OutcomeValue, ...]:
    found = tuple(OutcomeValue(value, learners) for of, value, learners in rows if of == kind)
    return found if any(one.value is not None for one in found) else ()


async def _only(pool: Pool, name: str, those: tuple[object, ...]) -> tuple[Any, ...]:
    """The one row of a statement that has always one."""
    (row,) = await _DELIVERED.fetch(pool, query(name), *those)
    return tuple(row)
