"""The metrics of the whole installation: journeys, events, lag. Counters of one process are defined where they count.

Prometheus calls `collect`, which must not block: it shows the latest snapshot, which a task refreshes.
"""

import asyncio
import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import structlog
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from projections import capacity
from projections.capacity import Latest
from projections.reading import BeingRebuilt
from projections.status import ProjectionStatus, statuses
from projections.views import board, mentor_places
from projections.views import rounds as rounds_view
from projections.views.board import Count
from projections.views.mentor_places import Taken
from projections.views.messages import Tally, not_sent
from projections.views.rounds import RoundFigures
from store import courier, sequencer
from store.availability import POSTGRES, in_short
from store.courier import CourierState
from store.database import Pool
from store.reconciliations import Reconciliation, reconciliations
from store.sequencer import SequencerState

log = structlog.get_logger(__name__)
_EVERY_SECONDS = 5.0
_REFRESH_SECONDS = 4.0
"""The most that taking a snapshot may take."""
_STALE_SECONDS = 3 * _EVERY_SECONDS
"""The age at which a snapshot counts as missing."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    taken_at: float
    """Seconds since the epoch."""
    journeys: list[Count]
    log: SequencerState
    projections: list[ProjectionStatus]
    messages: list[Tally]
    courier: CourierState
    reconciliations: list[Reconciliation]
    places: Sequence[Taken]
    reviews: list[Latest]
    rounds: Sequence[RoundFigures]


class Metrics(Collector):
    """Register it once. Shows figures only while they are fresh: when the database could not be read, or not in time,
    `trellis_snapshot_up` is 0 and nothing else is shown, since old figures would look healthy.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._snapshot: Snapshot | None = None
        self._failing = False

    async def run(self) -> None:
        """Takes snapshots until cancelled."""
        while True:
            refreshing = asyncio.ensure_future(self.refresh())
            try:
                done, _ = await asyncio.wait({refreshing}, timeout=_REFRESH_SECONDS)
                if not done:
                    self._failed(f"no answer in {_REFRESH_SECONDS:g} s")
                    refreshing.cancel()
                    await asyncio.wait({refreshing})
                elif error := refreshing.exception():
                    self._failed(in_short(error))
            finally:
                refreshing.cancel()
            await asyncio.sleep(_EVERY_SECONDS)

    async def refresh(self) -> None:
        """Raises what the database raises."""
        with POSTGRES.call("metrics"):
            async with self._pool.acquire() as connection:
                state = await sequencer.state(connection)
            places, reviews, rounds = await asyncio.gather(
                _places_taken(self._pool), capacity.latest_reviews(self._pool), _rounds_so_far(self._pool)
            )
            journeys, projections, messages, of_courier, reconciled = await asyncio.gather(
                board.counts(self._pool),
                statuses(self._pool),
                not_sent(self._pool),
                courier.state(self._pool),
                reconciliations(self._pool),
            )
        self._snapshot = Snapshot(
            time.time(), journeys, state, projections, messages, of_courier, reconciled, places, reviews, rounds
        )
        if self._failing:
            log.warning("metrics_fresh_again")
        self._failing = False

    def _failed(self, because: str) -> None:
        if not self._failing:
            log.warning("metrics_stale", because=because, shown="trellis_snapshot_up 0, and no figures")
        self._failing = True

    def collect(self) -> Iterable[Metric]:
        snapshot = self._snapshot
        age = time.time() - snapshot.taken_at if snapshot else math.inf
        fresh = not self._failing and age < _STALE_SECONDS
        yield GaugeMetricFamily(
            "trellis_snapshot_up", "1: the figures of journeys, log, views and messages could be read just now.", fresh
        )
        if snapshot is None:
            return
        yield GaugeMetricFamily(
            "trellis_snapshot_timestamp_seconds", "When these figures were last read.", snapshot.taken_at
        )
        if not fresh:
            return
        yield from _journeys(snapshot.journeys)
        yield from _log(snapshot.log)
        yield from _projections([one for one in snapshot.projections if one.status == "live"])
        yield _messages(snapshot.messages)
        yield from _courier(snapshot.courier)
        yield from _reconciliations(snapshot.reconciliations)
        yield from _places(snapshot.places)
        yield from _reviews(snapshot.reviews)
        yield from _rounds(snapshot.rounds)


async def _places_taken(pool: Pool) -> Sequence[Taken]:
    """None while the view is built for the first time."""
    try:
        return await mentor_places.taken(pool)
    except BeingRebuilt:
        return ()


async def _rounds_so_far(pool: Pool) -> Sequence[RoundFigures]:
    """None while the view is built for the first time."""
    try:
        return await rounds_view.figures(pool)
    except BeingRebuilt:
        return ()


def _journeys(counts: Iterable[Count]) -> Iterator[Metric]:
    labels = ("program", "stage")
    journeys = GaugeMetricFamily("trellis_journeys", "Journeys that stand here, paused ones included.", labels=labels)
    paused = GaugeMetricFamily("trellis_journeys_paused", "Those of them that are paused.", labels=labels)
    attention = GaugeMetricFamily("trellis_journeys_attention", "Those with an open case.", labels=labels)
    for one in counts:
        where = (one.program, one.stage)
        journeys.add_metric(where, one.journeys)
        paused.add_metric(where, one.paused)
        attention.add_metric(where, one.attention)
    yield from (journeys, paused, attention)


def _log(state: SequencerState) -> Iterator[Metric]:
    yield CounterMetricFamily("trellis_events_recorded", "Events in the log that have their position.", state.position)
    yield GaugeMetricFamily("trellis_events_unsequenced", "Events that wait for their position.", state.waiting)
    yield GaugeMetricFamily("trellis_log_open_gaps", "Numbers passed over that may yet be filled.", state.open_gaps)
    yield GaugeMetricFamily(
        "trellis_log_oldest_gap_seconds", "How long the oldest of them has been open.", state.oldest_gap_seconds
    )
    yield CounterMetricFamily(
        "trellis_log_stragglers", "Events that got their position after a later one had.", state.stragglers
    )


def _projections(live: Iterable[ProjectionStatus]) -> Iterator[Metric]:
    labels = ("projection",)
    events = GaugeMetricFamily("trellis_projection_lag_events", "Events not applied yet.", labels=labels)
    seconds = GaugeMetricFamily(
        "trellis_projection_lag_seconds", "Age of the oldest event that is not applied; 0 without one.", labels=labels
    )
    stopped = GaugeMetricFamily("trellis_projection_stopped", "1: it waits for a person to decide.", labels=labels)
    aside = GaugeMetricFamily("trellis_projection_set_aside", "Events that a person left out.", labels=labels)
    for one in live:
        events.add_metric((one.name,), one.behind_events)
        seconds.add_metric((one.name,), one.behind_seconds)
        stopped.add_metric((one.name,), float(one.stopped_at is not None))
        aside.add_metric((one.name,), one.set_aside)
    yield from (events, seconds, stopped, aside)


def _messages(tallies: Iterable[Tally]) -> Metric:
    says = "Messages that are neither sent nor left out: on their way, or not taken, bounced, uncertain."
    family = GaugeMetricFamily("trellis_messages", says, labels=("program", "status"))
    for one in tallies:
        family.add_metric((one.program, one.status), one.messages)
    return family


def _courier(state: CourierState) -> Iterator[Metric]:
    yield GaugeMetricFamily(
        "trellis_courier_lag_events", "Events not read yet for what calls for a message.", state.behind_events
    )
    yield GaugeMetricFamily(
        "trellis_courier_lag_seconds", "Age of the oldest of them; 0 without one.", state.behind_seconds
    )
    yield GaugeMetricFamily(
        "trellis_courier_stopped", "1: it waits for a person to decide.", float(state.stopped_at is not None)
    )
    yield GaugeMetricFamily("trellis_courier_set_aside", "Events that a person left out.", state.parked + state.skipped)


def _reconciliations(those: Iterable[Reconciliation]) -> Iterator[Metric]:
    """Only of kinds that have been compared at least once."""
    labels = ("kind",)
    behind = GaugeMetricFamily(
        "trellis_workflows_behind", "Workflows that had not taken in their stream, at the last look.", labels=labels
    )
    missing = GaugeMetricFamily(
        "trellis_workflows_missing", "Open in the log and not run by Temporal, at the last look.", labels=labels
    )
    failing = GaugeMetricFamily(
        "trellis_workflows_failing", "Workflows whose workflow task fails again and again.", labels=labels
    )
    looked = GaugeMetricFamily(
        "trellis_workflows_looked_timestamp_seconds", "When the reconciler last gave a sign of life.", labels=labels
    )
    compared = GaugeMetricFamily(
        "trellis_workflows_compared_timestamp_seconds",
        "When all workflows were last compared with the log; 0: never.",
        labels=labels,
    )
    woken = CounterMetricFamily("trellis_workflows_woken", "Workflows that were behind and woken.", labels=labels)
    started = CounterMetricFamily(
        "trellis_workflows_started_again", "Workflows that were missing and started from the log.", labels=labels
    )
    for one in those:
        behind.add_metric((one.kind,), one.behind)
        missing.add_metric((one.kind,), one.missing)
        failing.add_metric((one.kind,), one.failing)
        looked.add_metric((one.kind,), one.looked_at.timestamp())
        compared.add_metric((one.kind,), one.compared_at.timestamp() if one.compared_at else 0.0)
        woken.add_metric((one.kind,), one.woken)
        started.add_metric((one.kind,), one.started)
    yield from (behind, missing, failing, looked, compared, woken, started)


def _places(those: Iterable[Taken]) -> Iterator[Metric]:
    labels = ("program",)
    taken = GaugeMetricFamily(
        "trellis_mentor_places_taken", "Places with mentors that learners have, by a match that holds.", labels=labels
    )
    reserved = GaugeMetricFamily(
        "trellis_mentor_places_reserved", "Places with mentors that are kept for proposed matches.", labels=labels
    )
    for one in those:
        taken.add_metric((one.program,), one.confirmed)
        reserved.add_metric((one.program,), one.reserved)
    yield from (taken, reserved)


_REVIEWED: Mapping[str, tuple[str, Callable[[Latest], float | None]]] = {
    "reviewed_timestamp_seconds": (
        "When its capacity was last reviewed.",
        lambda one: one.at.timestamp(),
    ),
    "utilization": ("The mean utilization of its mentors, at the last review.", lambda one: one.utilization),
    "mentors_over_limit": ("Mentors over their limit, at the last review.", lambda one: one.over_limit),
    "mentors_at_target": ("Mentors at the target and within the limit, at the last review.", lambda one: one.at_target),
    "mentors_under_used": ("Mentors at less than half of the target, at the last review.", lambda one: one.under_used),
    "waiting": ("Learners who waited for a mentor, at the last review.", lambda one: one.waiting),
    "waiting_without_date": (
        "Those of them for whom no date of a free place was known, at the last review.",
        lambda one: one.without_date,
    ),
    "expected_wait_days": (
        "Until the last of them could expect a place; missing where that was not known.",
        lambda one: one.expected_days,
    ),
}


def _reviews(those: Sequence[Latest]) -> Iterator[Metric]:
    for name, (says, of) in _REVIEWED.items():
        family = GaugeMetricFamily(f"trellis_capacity_{name}", says, labels=("program",))
        for one in those:
            if (value := of(one)) is not None:
                family.add_metric((one.program,), value)
        yield family


def _rounds(those: Iterable[RoundFigures]) -> Iterator[Metric]:
    labels = ("program",)
    open_ = GaugeMetricFamily("trellis_rounds_open", "Rounds of matching that are not over.", labels=labels)
    released = CounterMetricFamily("trellis_rounds_released", "Rounds that were released.", labels=labels)
    waiting = GaugeMetricFamily("trellis_round_waiting", "Learners in the latest draft.", labels=labels)
    pairs = GaugeMetricFamily("trellis_round_pairs", "Pairs of the latest draft.", labels=labels)
    fit = GaugeMetricFamily("trellis_round_mean_points", "Their mean fit, of 100 points.", labels=labels)
    for one in those:
        open_.add_metric((one.program,), one.open)
        released.add_metric((one.program,), one.released)
        for family, value in ((waiting, one.waiting), (pairs, one.pairs), (fit, one.mean_points)):
            if value is not None:
                family.add_metric((one.program,), value)
    yield from (open_, released, waiting, pairs, fit)
