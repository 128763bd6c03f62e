"""The composition root: everything that runs in a process of Trellis is put together, started and stopped here.

    python -m worker [--roles journeys,programs,sequencer,projector,messages,webhooks,http]

A role that dies takes the process down, with a non-zero exit, so that whoever started it notices. On SIGTERM and SIGINT
every role ends what it has begun; a second signal ends the process at once.
"""

import argparse
import asyncio
import gc
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from typing import Any

import structlog
import uvloop
from prometheus_client import REGISTRY, disable_created_metrics
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

import settings as settings_module
from activities.bulk import BulkActions
from activities.capacity import CapacityReviews
from activities.cohorts import Cohorts
from activities.detecting import Detectors
from activities.journeys import Journeys
from activities.monthly_review import MonthlyReviews, ReviewLetters
from activities.notifications import Notifications
from activities.quality import QualityRounds
from activities.rounds import Rounds
from activities.silences import Measuring
from activities.surveys import Surveys
from activities.webhooks import Webhooks
from channels.channel import Channel
from channels.event_hooks import EventHooks, Resolver
from channels.public_addresses import Allowed
from client.journeys import JourneyClient
from interfaces.http.app import create_app
from interfaces.http.authentication import Access
from interfaces.http.limits import RequestLimits
from interfaces.http.server import HttpServer
from projections.registry import PROJECTIONS
from projections.runner import Runner
from queries.event_feed import EventFeed
from queries.live_events import LiveEvents
from queries.measures.metrics import MEASURED
from queries.monthly_review import draft
from queries.monthly_review_words import letter
from runtime import ending, logs
from runtime.activity_metrics import ActivityMetrics
from runtime.channel import open_channel, organizer
from runtime.concerns import needs_person
from runtime.connecting import connect_temporal, open_database, require_sessions
from runtime.courier import Courier
from runtime.embedded.errors import PortTakenError
from runtime.exits import Exit
from runtime.metrics import FIGURES, Metrics, ProcessCollector
from runtime.process import BackgroundService, Service, ServiceDiedError, serve, stop_on_signals
from runtime.restarts import RestartsCollector
from runtime.server_problems import ServerProblem, UnreachableError, exit_of, problem_of
from runtime.temporal_health import monitor_temporal
from runtime.temporal_sdk import temporal_runtime
from services.keys import Keyring
from services.ledger_following import LedgerFollowing
from services.own_pages import OwnPages
from services.places import Places
from services.readiness import building, checks, concerns
from services.reconciling import (
    BulkWorkflows,
    CohortWorkflows,
    JourneyWorkflows,
    NotificationWorkflows,
    QaRoundWorkflows,
    Reconciler,
    ReviewLetterWorkflows,
    RoundWorkflows,
    TakeBackWorkflows,
)
from services.report_refresh import ReportRefresh
from services.rounds import UrgentRounds
from services.schedules import Schedules
from services.survey_dispatch import SurveyDispatch
from services.survey_links import SurveyLinks
from services.webhook_dispatch import WebhookDispatch
from services.webhook_feed import WebhookFeed
from settings import Settings, SettingsError
from store.database import Pool
from store.pooling import TransactionPooled
from store.sequencer import Sequencer
from store.webhooks import MOST_WEBHOOKS
from workflows.bulk import Bulk
from workflows.capacity_review import CapacityReview
from workflows.cohort import Cohort
from workflows.contract import MESSAGE_TASK_QUEUE, PROGRAM_TASK_QUEUE, TASK_QUEUE, WEBHOOK_TASK_QUEUE
from workflows.detecting import Detecting
from workflows.learner_journey import LearnerJourney
from workflows.matching_round import MatchingRound, RoundTakeBack
from workflows.monthly_review import MonthlyReview
from workflows.monthly_review import ReviewLetters as ReviewLettersWorkflow
from workflows.notification import DeliverMessage
from workflows.notification_activities import SILENCE_OF_SENDER
from workflows.pinned_kits import with_kits
from workflows.pulses import Pulses
from workflows.quality_round import QaRound
from workflows.silences import Silences
from workflows.single_start import SingleStart
from workflows.survey import Survey
from workflows.webhook import DeliverToWebhook, TestWebhook
from workflows.webhook_activities import SILENCE_OF_PASS

log = structlog.get_logger("trellis.worker")

WORKFLOWS: Sequence[type] = [LearnerJourney]

PROGRAM_WORKFLOWS: Sequence[type] = [
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
"""Those of the role `programs`. Their activities are listed in `_program_activities`."""


class Role(StrEnum):
    """What a process can do. Any number of processes may have any of them."""

    JOURNEYS = "journeys"
    """Runs workflows and activities, and keeps them in step with the log; one process leads in that."""
    PROGRAMS = "programs"
    """Runs what concerns many people of a program at once, and keeps its schedules; one process leads in that."""
    SEQUENCER = "sequencer"
    """Gives events their positions; one leads, others stand by."""
    PROJECTOR = "projector"
    """Keeps the views."""
    MESSAGES = "messages"
    """Writes to people, through the channel that TRELLIS_MESSAGES names, and sees to it that no message is lost."""
    WEBHOOKS = "webhooks"
    """Delivers events to the webhooks of other systems; one process leads in seeing what there is to deliver."""
    HTTP = "http"
    """Serves the board and the API. Health and metrics are served whatever the roles."""


def journeys_worker(client: Client, pool: Pool, settings: Settings) -> Worker:
    """The Temporal worker, with everything that is registered. The tests run the workflows in the SDK's sandbox; here
    they run without, for a fifth of the CPU (docs/adr/0008)."""
    journeys = Journeys(pool)
    return Worker(
        with_kits(client, journeys.kit),
        task_queue=TASK_QUEUE,
        workflows=WORKFLOWS,
        activities=journeys.all,
        workflow_runner=UnsandboxedWorkflowRunner(),
        build_id=_BUILD,
        # After a restart every journey replays: a few at a time, or the tasks time out while they wait for the CPU.
        max_concurrent_workflow_tasks=20,
        max_concurrent_activities=2 * settings.database_pool,
        max_concurrent_local_activities=2 * settings.database_pool,
        interceptors=[ActivityMetrics()],
        graceful_shutdown_timeout=timedelta(seconds=settings.shutdown_seconds),
        sticky_queue_schedule_to_start_timeout=_STICKY,
    )


def programs_worker(client: Client, pool: Pool, settings: Settings) -> Worker:
    """The same for whole programs, apart from the journeys: a long calculation keeps no learner waiting."""
    return Worker(
        client,
        task_queue=PROGRAM_TASK_QUEUE,
        workflows=PROGRAM_WORKFLOWS,
        activities=_program_activities(client, pool),
        workflow_runner=UnsandboxedWorkflowRunner(),
        build_id=_BUILD,
        max_concurrent_activities=_PROGRAM_ACTIVITIES,
        interceptors=[ActivityMetrics()],
        max_heartbeat_throttle_interval=timedelta(seconds=2),
        graceful_shutdown_timeout=timedelta(seconds=settings.shutdown_seconds),
        sticky_queue_schedule_to_start_timeout=_STICKY,
    )


def _program_activities(client: Client, pool: Pool) -> Sequence[Callable[..., Any]]:
    """An activity that calculates for more than some milliseconds does so in `asyncio.to_thread`: its process may have
    every other role too."""
    kinds = (
        *(
            Rounds(pool, client),
            Cohorts(pool, client),
            CapacityReviews(pool),
            Detectors(pool),
            BulkActions(pool, client),
        ),
        MonthlyReviews(pool, draft),
        QualityRounds(pool),
        Surveys(pool, client),
        Measuring(pool),
    )
    return [one for kind in kinds for one in kind.all]


def messages_worker(client: Client, pool: Pool, channel: Channel, settings: Settings) -> Worker:
    """The same for messages: only processes with their role know the channel and its secrets."""
    links, pages = SurveyLinks(pool, settings.service_url), OwnPages(pool, settings.service_url)
    return Worker(
        client,
        task_queue=MESSAGE_TASK_QUEUE,
        workflows=[DeliverMessage, ReviewLettersWorkflow],
        activities=[
            *Notifications(pool, channel, settings.ops_address, organizer(settings), link=links.link, pages=pages).all,
            *ReviewLetters(pool, channel, letter, settings.ops_address).all,
        ],
        workflow_runner=UnsandboxedWorkflowRunner(),
        build_id=_BUILD,
        max_concurrent_activities=2 * settings.database_pool,
        interceptors=[ActivityMetrics()],
        max_heartbeat_throttle_interval=SILENCE_OF_SENDER / 3,  # one lost heartbeat is no reason to give up a sender
        graceful_shutdown_timeout=timedelta(seconds=settings.shutdown_seconds),
        sticky_queue_schedule_to_start_timeout=_STICKY,
    )


def webhooks_worker(client: Client, pool: Pool, feed: EventFeed, settings: Settings) -> Worker:
    """The same for webhooks: each of them may have an activity at the same time as all others, so that a receiver that
    is slow keeps nobody waiting. This process connects to whatever others have named; it may be kept apart for that.
    """
    resolver = Resolver(Allowed.of(settings.private_networks), threads=MOST_WEBHOOKS)
    return Worker(
        client,
        task_queue=WEBHOOK_TASK_QUEUE,
        workflows=[DeliverToWebhook, TestWebhook],
        activities=Webhooks(pool, WebhookFeed(feed), EventHooks(resolver)).all,
        workflow_runner=UnsandboxedWorkflowRunner(),
        build_id=_BUILD,
        max_concurrent_activities=2 * MOST_WEBHOOKS,
        interceptors=[ActivityMetrics()],
        max_heartbeat_throttle_interval=SILENCE_OF_PASS / 3,
        graceful_shutdown_timeout=timedelta(seconds=settings.shutdown_seconds),
        sticky_queue_schedule_to_start_timeout=_STICKY,
    )


OWN_CONNECTIONS: Mapping[str, int] = {
    "reconciler of journeys": 1,
    "reconciler of messages": 1,
    "reconciler of cohorts": 1,
    "reconciler of bulks": 1,
    "reconciler of qa-rounds": 1,
    "places": 1,
    "ledger": 1,
    "schedules": 1,
    "survey dispatch": 1,
    "metrics": 1,
    "urgent rounds": 1,
    "reconciler of rounds": 1,
    "reconciler of take-backs": 1,
    "reconciler of letters": 1,
    "courier": 2,
    "events": 1,
    "reports": 1,
    "webhook dispatch": 2,
    Role.SEQUENCER: 1,
    Role.PROJECTOR: len(PROJECTIONS) + 2,
}
"""Connections to Postgres that a service holds for itself, for its lock or to be told of news, beside the pool that all
services of a process share. While a view is rebuilt, its builders have a few more."""


def most_connections(settings: Settings, services: Iterable[str]) -> int:
    """How many a process with these services has at most, but for rebuilds."""
    return settings.database_pool + sum(OWN_CONNECTIONS.get(one, 0) for one in services)


_PROGRAM_ACTIVITIES = 8
"""At once in one process; each may ask many journeys at the same time."""

_BUILD = f"trellis-{metadata.version('trellis-mentoring')}"
"""Without one of our own, the SDK reads the code of all modules at every start, which takes half a second."""
_STICKY = timedelta(seconds=3)
"""How long a workflow task waits for the worker that has the workflow cached: so much later does another take over from
one that was killed. The SDK's default is 10 s."""


async def run(settings: Settings, roles: Sequence[Role], restarts: Path | None = None) -> None:
    """Runs the roles until SIGTERM or SIGINT. `restarts` is where a supervisor counts, for the metrics.

    Raises ServerProblem, TransactionPooled, ServiceDiedError, PortTakenError.
    """
    if restarts:
        REGISTRY.register(RestartsCollector(restarts))
    stop = stop_on_signals()
    for remark in settings.database_remarks:
        log.warning("setting_without_effect", problem=remark)
    await require_sessions(settings, wait_seconds=settings.server_wait_seconds)
    pool = await open_database(settings, wait_seconds=settings.server_wait_seconds)
    try:
        client = await connect_temporal(
            settings,
            runtime=temporal_runtime(settings),
            wait_seconds=settings.server_wait_seconds,
            for_journeys=Role.JOURNEYS in roles,
        )
        services = build(settings, roles, client, pool)
        gc.freeze()  # what is there now stays: looking through it, time and again, held up every request for 0.2 s
        log.info(
            "started",
            roles=list(services),
            temporal=settings.temporal_target,
            http=settings.http_url,
            connections_at_most=most_connections(settings, services),
        )
        await serve(services, stop, settings.shutdown_seconds)
        log.info("stopped")
    finally:
        pool.terminate()


def build(settings: Settings, roles: Sequence[Role], client: Client, pool: Pool) -> dict[str, Service]:
    """Raises PortTakenError."""
    services: dict[str, Service] = {}
    if Role.JOURNEYS in roles:
        services[Role.JOURNEYS] = journeys_worker(client, pool, settings)
        journeys = JourneyWorkflows(pool, client)
        services["reconciler of journeys"] = BackgroundService(Reconciler(settings.dsn, pool, client, journeys).run)
        services["places"] = BackgroundService(Places(settings.dsn, pool, client).run)
        services["ledger"] = BackgroundService(LedgerFollowing(settings.dsn, pool, client).run)
    if Role.PROGRAMS in roles:
        services[Role.PROGRAMS] = programs_worker(client, pool, settings)
        services["schedules"] = BackgroundService(Schedules(settings.dsn, pool, client).run)
        services["survey dispatch"] = BackgroundService(SurveyDispatch(settings.dsn, pool, client).run)
        services["urgent rounds"] = BackgroundService(UrgentRounds(settings.dsn, pool, client).run)
        for kind in (RoundWorkflows, TakeBackWorkflows, CohortWorkflows, BulkWorkflows, QaRoundWorkflows):
            reconciler = Reconciler(settings.dsn, pool, client, kind(pool, client))
            services[f"reconciler of {kind.name}s"] = BackgroundService(reconciler.run)
    if Role.MESSAGES in roles and (channel := open_channel(settings)):
        services[Role.MESSAGES] = messages_worker(client, pool, channel, settings)
        services["courier"] = BackgroundService(Courier(settings.dsn, pool, client).run)
        messages = NotificationWorkflows(pool, client)
        services["reconciler of messages"] = BackgroundService(Reconciler(settings.dsn, pool, client, messages).run)
        letters = ReviewLetterWorkflows(pool, client)
        services["reconciler of letters"] = BackgroundService(Reconciler(settings.dsn, pool, client, letters).run)
    if Role.WEBHOOKS in roles:
        feed = EventFeed(pool)
        services[Role.WEBHOOKS] = webhooks_worker(client, pool, feed, settings)
        services["webhook dispatch"] = BackgroundService(WebhookDispatch(settings.dsn, pool, client, feed).run)
    if Role.SEQUENCER in roles:
        services[Role.SEQUENCER] = BackgroundService(Sequencer(settings.dsn).run)
    if Role.PROJECTOR in roles:
        services[Role.PROJECTOR] = BackgroundService(Runner(settings.dsn).run)
    if settings.http_port:
        waiting = concerns(pool)
        metrics = Metrics(pool, (*FIGURES, MEASURED, needs_person(waiting)))
        disable_created_metrics()  # type: ignore[no-untyped-call]
        REGISTRY.register(metrics)
        REGISTRY.register(ProcessCollector(pool))
        services["metrics"] = BackgroundService(lambda: metrics.run(settings.dsn))
        services["watch of Temporal"] = BackgroundService(lambda: monitor_temporal(client))
        live = LiveEvents(pool, settings.dsn)
        services["events"] = BackgroundService(live.run)
        if Role.HTTP in roles:
            services["reports"] = BackgroundService(ReportRefresh(settings.dsn, pool).run)
        app = create_app(
            pool,
            JourneyClient(client),
            checks(pool, client, with_views=Role.HTTP in roles),
            access=Access(Keyring(pool), open_metrics=settings.open_metrics),
            limits=RequestLimits(per_second=settings.http_rate),
            concerns=waiting,
            building=lambda: building(pool),
            with_views=Role.HTTP in roles,
            host_names=settings.own_host_names,
            live=live,
            webhook_networks=Allowed.of(settings.private_networks),
            service_url=settings.service_url,
        )
        services[Role.HTTP] = HttpServer(
            app, settings.http_host, settings.http_port, drain_seconds=settings.shutdown_seconds
        )
    return services


def _roles(names: str) -> list[Role]:
    """Raises ValueError for what is no role."""
    unknown = [name for name in names.split(",") if name not in set(Role)]
    if unknown:
        raise ValueError(f"no such role: {', '.join(unknown)}; the roles are {', '.join(Role)}")
    return [Role(name) for name in names.split(",")]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m worker", description="Runs roles of Trellis until asked to stop.")
    parser.add_argument("--roles", default=",".join(Role), help="comma-separated; all of them unless given")
    parser.add_argument("--restarts", type=Path, metavar="FILE", help="where a supervisor counts its restarts")
    arguments = parser.parse_args()
    try:
        settings = settings_module.load()
        roles = _roles(arguments.roles)
    except (SettingsError, ValueError) as error:
        print(error, file=sys.stderr)  # noqa: T201 - logging is not set up yet
        return Exit.BAD_INPUT
    logs.configure(log_format=settings.log_format, level=settings.log_level)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(run(settings, roles, arguments.restarts))
    except ServerProblem as error:
        return _ended_by(error)
    except TransactionPooled as error:
        log.error("sessions_shared", problem=str(error), setting="DATABASE_URL")
        return Exit.BAD_INPUT
    except PortTakenError as error:
        log.error("port_taken", problem=str(error), setting=settings_module.setting_of_port(settings, error.port))
        return Exit.FAILED
    except ServiceDiedError as error:
        if error.__cause__ and (problem := problem_of(error.__cause__, settings)):
            log.error("role_died", problem=str(error))
            return _ended_by(problem)
        log.exception("role_died", problem=str(error))
        return Exit.FAILED
    return Exit.OK


def _ended_by(problem: ServerProblem) -> Exit:
    event = "server_unreachable" if isinstance(problem, UnreachableError) else "server_refuses"
    log.error(event, server=problem.server, problem=str(problem))
    return exit_of(problem)


if __name__ == "__main__":
    ending.leave(main())
