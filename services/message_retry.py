"""What people and mail systems do about a message that has been sent, or that has not."""

from datetime import UTC, datetime

from temporalio.client import Client

from domain.ids import MessageId
from domain.notification.events import MessageBounced
from domain.notification.ports import Deliver
from domain.notification.state import Code
from domain.refusal import Rejected
from runtime.courier import begin_message
from store.codec import encode
from store.database import Pool
from store.event_log import EventLog
from store.messages import Kept, find
from workflows.contract import MESSAGE_TASK_QUEUE


class NoSuchMessage(Exception):
    """The log knows no message of this id."""

    def __init__(self, message: str) -> None:
        super().__init__(f"there is no message {message!r}; `trellis messages` lists them")


async def retry(pool: Pool, temporal: Client, message: str, by: str, task_queue: str = MESSAGE_TASK_QUEUE) -> None:
    """Begins another attempt. That somebody asked for it is recorded.

    Raises:
        NoSuchMessage: when there is none of this id.
        Rejected: when it was sent, or is being sent: whoever gets it would get it twice.
    """
    state = (await _read(pool, message)).state
    if state.status == "sent":
        raise Rejected(
            Code.SENT, f"message {message} was sent at {state.since:%Y-%m-%d %H:%M} UTC; nobody is told twice"
        )
    if state.under_way(datetime.now(UTC)):
        raise Rejected(Code.BEING_SENT, f"message {message} is being sent just now; look again in a few minutes")
    deliver = Deliver.model_validate(
        {"journey": state.journey, "version": state.version, "to": state.to, "retried_by": by}
    )
    await begin_message(temporal, deliver, task_queue)


async def report_bounce(pool: Pool, message: str, because: str) -> bool:
    """Records that a message came back after it had been sent. Returns False when that is known already.

    Raises:
        NoSuchMessage: when there is none of this id.
        Rejected: when it was never handed to a channel.
    """
    kept = await _read(pool, message)
    state = kept.state
    if state.status == "bounced":
        return False
    if not state.attempts:
        raise Rejected(Code.NEVER_SENT, f"message {message} was never sent: it is {state.status.replace('_', ' ')}")
    append_id = f"{kept.stream}:{kept.version}:bounce reported"
    bounced = MessageBounced(at=datetime.now(UTC), because=because)
    await EventLog(pool).append(kept.stream, None, append_id, encode([bounced], append_id))
    return True


async def _read(pool: Pool, message: str) -> Kept:
    kept = await find(EventLog(pool), MessageId(message))
    if kept is None:
        raise NoSuchMessage(message)
    return kept
