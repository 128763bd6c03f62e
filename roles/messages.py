"""The role `messages`: letters to people. Only processes with this role know the channel and its secrets."""

from collections.abc import Iterator, Sequence

from temporalio.worker import Worker

from activities.monthly_review import ReviewLetters
from activities.notifications import Notifications
from channels.channel import Channel
from queries.monthly_review_words import letter
from roles.part import Part, Process, reconcilers
from roles.role import Role
from roles.workers import temporal_worker
from runtime.channel import open_channel, organizer
from runtime.courier import Courier
from runtime.process import BackgroundService
from services.own_pages import OwnPages
from services.survey_links import SurveyLinks
from workflows import monthly_review
from workflows.contract import MESSAGE_TASK_QUEUE
from workflows.notification import DeliverMessage
from workflows.notification_activities import SILENCE_OF_SENDER

WORKFLOWS: Sequence[type] = [DeliverMessage, monthly_review.ReviewLetters]


def parts(process: Process) -> Iterator[Part]:
    """Nothing where no channel is set."""
    if channel := open_channel(process.settings):
        courier = Courier(process.settings.dsn, process.pool, process.client)
        yield Part(Role.MESSAGES, worker(process, channel))
        yield Part("courier", BackgroundService(courier.run), own_connections=2)
        yield from reconcilers(process, Role.MESSAGES)


def worker(process: Process, channel: Channel) -> Worker:
    settings, pool = process.settings, process.pool
    links, pages = SurveyLinks(pool, settings.service_url), OwnPages(pool, settings.service_url)
    return temporal_worker(
        process.client,
        settings,
        MESSAGE_TASK_QUEUE,
        WORKFLOWS,
        [
            *Notifications(pool, channel, settings.ops_address, organizer(settings), link=links.link, pages=pages).all,
            *ReviewLetters(pool, channel, letter, settings.ops_address).all,
        ],
        activities_at_once=2 * settings.database_pool,
        heartbeats_within=SILENCE_OF_SENDER / 3,  # one lost heartbeat is no reason to give up a sender
    )
