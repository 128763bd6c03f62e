"""The role `programs`: what concerns many people of a program at once.

It is apart from the journeys, so that no learner waits for a long calculation.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from temporalio.client import Client
from temporalio.worker import Worker

from activities.bulk import BulkActions
from activities.capacity import CapacityReviews
from activities.cohorts import Cohorts
from activities.detecting import Detectors
from activities.monthly_review import MonthlyReviews
from activities.quality import QualityRounds
from activities.rounds import Rounds
from activities.silences import Measuring
from activities.surveys import Surveys
from queries.monthly_review import draft
from roles.part import Part, Process, reconcilers
from roles.role import Role
from roles.workers import temporal_worker
from runtime.process import BackgroundService
from services.rounds import UrgentRounds
from services.schedules import Schedules
from services.survey_dispatch import SurveyDispatch
from store.database import Pool
from workflows.bulk import Bulk
from workflows.capacity_review import CapacityReview
from workflows.cohort import Cohort
from workflows.contract import PROGRAM_TASK_QUEUE
from workflows.detecting import Detecting
from workflows.matching_round import MatchingRound, RoundTakeBack
from workflows.monthly_review import MonthlyReview
from workflows.pulses import Pulses
from workflows.quality_round import QaRound
from workflows.silences import Silences
from workflows.single_start import SingleStart
from workflows.survey import Survey

WORKFLOWS: Sequence[type] = [
    SingleStart,
    MatchingRound,
    RoundTakeBack,
    Cohort,
    CapacityReview,
    Detecting,
    Bulk,
    MonthlyReview,
    QaRound,
    Survey,
    Pulses,
    Silences,
]

_ACTIVITIES = 8
"""At once in one process; each may ask many journeys at the same time."""


def parts(process: Process) -> Iterator[Part]:
    dsn, pool, client = process.settings.dsn, process.pool, process.client
    yield Part(Role.PROGRAMS, worker(process))
    yield from reconcilers(process, Role.PROGRAMS)
    yield Part("schedules", BackgroundService(Schedules(dsn, pool, client).run), own_connections=1)
    yield Part("survey dispatch", BackgroundService(SurveyDispatch(dsn, pool, client).run), own_connections=1)
    yield Part("urgent rounds", BackgroundService(UrgentRounds(dsn, pool, client).run), own_connections=1)


def worker(process: Process) -> Worker:
    return temporal_worker(
        process.client,
        process.settings,
        PROGRAM_TASK_QUEUE,
        WORKFLOWS,
        _activities(process.client, process.pool),
        activities_at_once=_ACTIVITIES,
        heartbeats_within=timedelta(seconds=2),
    )


def _activities(client: Client, pool: Pool) -> Sequence[Callable[..., Any]]:
    """An activity that calculates for more than some milliseconds does so in `asyncio.to_thread`: its process may have
    every other role too."""
    return [
        *Rounds(pool, client).all,
        *Cohorts(pool, client).all,
        *CapacityReviews(pool).all,
        *Detectors(pool).all,
        *BulkActions(pool, client).all,
        *MonthlyReviews(pool, draft).all,
        *QualityRounds(pool).all,
        *Surveys(pool, client).all,
        *Measuring(pool).all,
    ]
