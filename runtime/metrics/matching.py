"""Mentors: their places, the reviews of capacity, rounds of matching, and how long learners waited for a match."""

from collections import defaultdict
from collections.abc import Sequence

from projections import capacity, figures
from projections.capacity import Latest
from projections.views import mentor_places, rounds
from runtime.metrics.declaring import Distribution, Family, Figures, Sample, samples_of
from store.database import Pool

_PROGRAM = ("program",)
_TAKEN = Family(
    "trellis_mentor_places_taken", "Places with mentors that learners have, by a match that holds.", _PROGRAM
)
_RESERVED = Family(
    "trellis_mentor_places_reserved", "Places with mentors that are kept for proposed matches.", _PROGRAM
)


async def _places(pool: Pool) -> Sequence[Sample]:
    rows = [(one.program, one.confirmed, one.reserved) for one in await mentor_places.taken(pool)]
    return samples_of(rows, 1, _TAKEN, _RESERVED)


PLACES = Figures("places", "Places with mentors", "From the view `mentor_places`.", (_TAKEN, _RESERVED), _places)

_REVIEWED_AT = Family(
    "trellis_capacity_reviewed_timestamp_seconds", "When the capacity of the program was last reviewed.", _PROGRAM
)
_UTILIZATION = Family(
    "trellis_capacity_utilization", "Mean utilization of the mentors of the program, from 0 to 1.", _PROGRAM
)
_MENTORS = Family("trellis_capacity_mentors", "Mentors of the program.", _PROGRAM)
_PLACES = Family("trellis_capacity_places", "Places that the mentors of the program offer.", _PROGRAM)
_PLACES_TAKEN = Family(
    "trellis_capacity_places_taken", "Places with the mentors of the program that are taken.", _PROGRAM
)
_OVER = Family("trellis_capacity_mentors_over_limit", "Mentors whose utilization is over their limit.", _PROGRAM)
_TARGET = Family(
    "trellis_capacity_mentors_at_target", "Mentors whose utilization is at the target and within the limit.", _PROGRAM
)
_UNDER = Family(
    "trellis_capacity_mentors_under_used", "Mentors whose utilization is less than half of the target.", _PROGRAM
)
_WANTING = Family("trellis_capacity_waiting", "Learners who wait for a mentor.", _PROGRAM)
_WITHOUT_DATE = Family(
    "trellis_capacity_waiting_without_date",
    "Learners who wait for a mentor and for whom no date of a free place is known.",
    _PROGRAM,
)
_EXPECTED = Family(
    "trellis_capacity_expected_wait_seconds",
    "Until the last learner who waits can expect a place with a mentor; missing if that is not known.",
    _PROGRAM,
)
_REVIEW = (
    *(_REVIEWED_AT, _UTILIZATION, _MENTORS, _PLACES, _PLACES_TAKEN, _OVER, _TARGET, _UNDER, _WANTING, _WITHOUT_DATE),
    _EXPECTED,
)


async def _reviews(pool: Pool) -> Sequence[Sample]:
    return samples_of(map(_review, await capacity.latest_reviews(pool)), 1, *_REVIEW)


def _review(one: Latest) -> Sequence[object]:
    return (
        *(one.program, one.at.timestamp(), one.utilization, one.mentors, one.places, one.taken, one.over_limit),
        *(one.at_target, one.under_used, one.waiting, one.without_date),
        None if one.expected_days is None else one.expected_days * 86_400,
    )


CAPACITY = Figures(
    "capacity",
    "Capacity",
    "As of the last review of each program ([capacity.md](capacity.md)). The figures change with the next.",
    _REVIEW,
    _reviews,
)

_OPEN = Family("trellis_rounds_open", "Rounds of matching that are not over.", _PROGRAM)
_RELEASED = Family("trellis_rounds_released", "Rounds of matching that were released.", _PROGRAM, "counter")
_IN_DRAFT = Family("trellis_round_waiting", "Learners in the latest draft of a round of matching.", _PROGRAM)
_PAIRS = Family("trellis_round_pairs", "Learners in the latest draft of a round who get a mentor.", _PROGRAM)
_POINTS = Family(
    "trellis_round_mean_points", "Mean fit of the pairs in the latest draft of a round, of 100 points.", _PROGRAM
)


async def _rounds(pool: Pool) -> Sequence[Sample]:
    rows = [
        (one.program, one.open, one.released, one.waiting, one.pairs, one.mean_points)
        for one in await rounds.figures(pool)
    ]
    return samples_of(rows, 1, _OPEN, _RELEASED, _IN_DRAFT, _PAIRS, _POINTS)


ROUNDS = Figures(
    "rounds",
    "Rounds of matching",
    "From the view `rounds`. An open round is usually a draft that waits for a person.",
    (_OPEN, _RELEASED, _IN_DRAFT, _PAIRS, _POINTS),
    _rounds,
)

_WAIT = Family(
    "trellis_matching_wait_seconds",
    "How long learners who have been matched had waited, from the approval of their intake to their first mentor.",
    _PROGRAM,
    "histogram",
)


async def _waits(pool: Pool) -> Sequence[Sample]:
    counted: defaultdict[str, dict[int, int]] = defaultdict(dict)
    seconds: defaultdict[str, float] = defaultdict(float)
    for program, bucket, many, total in await figures.matching_waits(pool):
        counted[program][bucket] = many
        seconds[program] += total
    return [Sample(_WAIT, (one,), _distribution(counted[one], seconds[one])) for one in counted]


def _distribution(counted: dict[int, int], total: float) -> Distribution:
    bounds = [*(f"{one * 86_400:.1f}" for one in figures.MATCHED_WITHIN_DAYS), "+Inf"]
    buckets, so_far = [], 0
    for place, bound in enumerate(bounds):
        so_far += counted.get(place, 0)
        buckets.append((bound, float(so_far)))
    return Distribution(buckets, total)


WAITS = Figures(
    "matching waits",
    "Waiting for a mentor",
    'From the views `funnel` and `mentor_load`. Those who wait now are in `trellis_waiting{duty="match"}`.',
    (_WAIT,),
    _waits,
    every_seconds=30.0,
    patience_seconds=20.0,
)
