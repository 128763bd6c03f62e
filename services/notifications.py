"""What people and mail systems do about a message: try again to send it, report that it bounced."""

from datetime import UTC, datetime

from temporalio.client import Client

from domain.ids import NotificationId, notification_stream
from domain.notification import NOTIFICATION, NotificationState
from domain.notification.decide import ReportBounce, RetryNotification
from domain.refusal import NotFound
from runtime.courier import delivery_of, start_notification
from store.database import Pool
from store.transact import read, transact
from workflows.contract import MESSAGE_TASK_QUEUE


async def program_of(pool: Pool, message: str) -> str:
    """Of the journey that a message is about. Raises NoSuchNotification."""
    return (await _require_known(pool, message)).program


class NoSuchNotification(NotFound):
    """The log has no message with this id."""

    def __init__(self, message: str) -> None:
        super().__init__(f"there is no message {message!r}; `trellis messages` lists them")


async def retry(pool: Pool, temporal: Client, message: str, by: str, task_queue: str = MESSAGE_TASK_QUEUE) -> None:
    """Starts another attempt, whose first step records who asked for it.

    Raises:
        NoSuchNotification: when there is none of this id.
        Rejected: when it was sent, or is being sent: the recipient would get it twice.
    """
    state = await _require_known(pool, message)
    NOTIFICATION.decide(state, RetryNotification(message=NotificationId(message), asked_by=by), datetime.now(UTC))
    await start_notification(temporal, delivery_of(state, retried_by=by), task_queue)


async def report_bounce(pool: Pool, message: str, because: str) -> bool:
    """Records that a message came back after it had been sent. Returns False when that is known already.

    Raises:
        NoSuchNotification: when there is none of this id.
        Rejected: when it was never handed to a channel.
    """
    await _require_known(pool, message)
    report = ReportBounce(message=NotificationId(message), because=because)
    done = await transact(pool, notification_stream(report.message), NOTIFICATION, report, datetime.now(UTC))
    return bool(done.events)


async def _require_known(pool: Pool, message: str) -> NotificationState:
    """Raises NoSuchNotification."""
    state = (await read(pool, notification_stream(NotificationId(message)), NOTIFICATION)).state
    if state is None:
        raise NoSuchNotification(message)
    return state
