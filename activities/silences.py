"""The activity that measures how long learners have been quiet."""

from collections.abc import Callable, Sequence
from typing import Any

import structlog
from temporalio import activity

from activities.clock import Clock, machine_time
from domain.silences import SILENCES, RecordSilences, measured, silences_stream
from projections.silences import silences
from store.database import Pool
from store.transact import given, transact
from workflows.silences_activities import MEASURE_SILENCES, MeasureSilences, SilencesFound

log = structlog.get_logger()


class Measuring:
    """Can be repeated at any time: what is recorded under a name stays. Contract: workflows/silences_activities.py."""

    def __init__(self, pool: Pool, clock: Clock = machine_time) -> None:
        self._pool = pool
        self._now = clock

    @property
    def all(self) -> Sequence[Callable[..., Any]]:
        return (self.measure_silences,)

    @activity.defn(name=MEASURE_SILENCES)
    async def measure_silences(self, asked: MeasureSilences) -> SilencesFound:
        at = self._now()
        found = await silences(self._pool, asked.program, at)
        command = RecordSilences(measurement=asked.measurement, pathways=measured(found))
        await transact(self._pool, silences_stream(asked.program), SILENCES, command, at, meta=given(command))
        log.info("silences_measured", program=asked.program, learners=len(found), pathways=len(command.pathways))
        return SilencesFound(learners=len(found), pathways=len(command.pathways))
