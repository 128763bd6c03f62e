"""The role `journeys`: learners' journeys, and what keeps them and the ledger of mentors in step with the log."""

from collections.abc import Iterator, Sequence

from temporalio.worker import Worker

from activities.journeys import Journeys
from roles.part import Part, Process, reconcilers
from roles.role import Role
from roles.workers import temporal_worker
from runtime.process import BackgroundService
from services.ledger_following import LedgerFollowing
from services.places import Places
from workflows.contract import TASK_QUEUE
from workflows.learner_journey import LearnerJourney
from workflows.pinned_kits import with_kits

WORKFLOWS: Sequence[type] = [LearnerJourney]

_WORKFLOW_TASKS = 20
"""After a restart every journey replays: a few at a time, or the tasks time out while they wait for the CPU."""


def parts(process: Process) -> Iterator[Part]:
    dsn, pool, client = process.settings.dsn, process.pool, process.client
    yield Part(Role.JOURNEYS, worker(process))
    yield from reconcilers(process, Role.JOURNEYS)
    yield Part("places", BackgroundService(Places(dsn, pool, client).run), own_connections=1)
    yield Part("ledger", BackgroundService(LedgerFollowing(dsn, pool, client).run), own_connections=1)


def worker(process: Process) -> Worker:
    journeys, at_once = Journeys(process.pool), 2 * process.settings.database_pool
    return temporal_worker(
        with_kits(process.client, journeys.kit),
        process.settings,
        TASK_QUEUE,
        WORKFLOWS,
        journeys.all,
        activities_at_once=at_once,
        local_activities_at_once=at_once,
        workflow_tasks_at_once=_WORKFLOW_TASKS,
    )
