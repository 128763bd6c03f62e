"""Commands about a notification, and the events that they bring about.

Whatever is cut off in between, nobody is sent the same message twice: only one attempt can claim it (docs/adr/0009).
"""

from datetime import datetime
from typing import Literal, assert_never

from domain.decider import Decider
from domain.ids import JourneyId, NotificationId, ProgramId, SessionId, SurveyRequestId
from domain.kit import NoticeReason, Role
from domain.notification import events as m
from domain.notification.events import EVENTS, NotificationEvent
from domain.notification.state import NotificationState, evolve
from domain.refusal import RefusalCode, Rejected
from domain.values import Frozen


class RequestNotification(Frozen):
    """An event of a journey calls for a message."""

    journey: JourneyId
    program: ProgramId
    version: int
    when: NoticeReason
    to: Role
    recipient: str
    session: SessionId | None = None
    survey: SurveyRequestId | None = None
    reminder: int | None = None


class ClaimNotification(Frozen):
    """Take the message to hand it over to a channel. Only one claim of an attempt succeeds."""

    channel: str
    message: str
    attempt: int


class RecordResult(Frozen):
    """What became of an attempt. It is a fact, whatever else happened to the message meanwhile."""

    status: Literal["sent", "not_taken", "bounced", "uncertain"]
    because: str = ""


class SkipNotification(Frozen):
    because: str


class RetryNotification(Frozen):
    """Ask for another attempt."""

    message: NotificationId
    asked_by: str


class ReportBounce(Frozen):
    """The message came back after it had been sent."""

    message: NotificationId
    because: str


NotificationCommand = (
    RequestNotification | ClaimNotification | RecordResult | SkipNotification | RetryNotification | ReportBounce
)


class Code(RefusalCode):
    """Why a message cannot be sent again, or reported as bounced."""

    SENT = "message_sent"
    BEING_SENT = "message_being_sent"
    NEVER_SENT = "message_never_sent"


def decide(state: NotificationState | None, command: NotificationCommand, at: datetime) -> list[NotificationEvent]:
    """Returns no events for a command that changes nothing, such as a claim for which another was faster.

    Raises:
        Rejected: when the message cannot be sent again, or reported as bounced.
        ValueError: for any other first command than a request.
    """
    if isinstance(command, RequestNotification):
        return [] if state else [m.NotificationRequested(at=at, **dict(command))]
    if state is None:
        raise ValueError(f"a message begins with its request, and not with {type(command).__name__}")
    match command:
        case ClaimNotification():
            free = state.open or state.status == "handed_over"  # for channels that recognize what they had before
            if not free or command.attempt != state.attempts + 1:
                return []
            return [m.NotificationHandedOver(at=at, **dict(command))]
        case RecordResult():
            return [_result(command, at)]
        case SkipNotification():
            return [m.NotificationSkipped(at=at, because=command.because)]
        case RetryNotification():
            _require_retryable(state, command.message, at)
            return [m.NotificationRetried(at=at, by=command.asked_by)]
        case ReportBounce():
            return _bounced(state, command, at)
        case _:
            assert_never(command)


def _result(command: RecordResult, at: datetime) -> NotificationEvent:
    match command.status:
        case "sent":
            return m.NotificationSent(at=at)
        case "not_taken":
            return m.NotificationNotTaken(at=at, because=command.because)
        case "bounced":
            return m.NotificationBounced(at=at, because=command.because)
        case "uncertain":
            return m.NotificationUncertain(at=at, because=command.because)


def _require_retryable(state: NotificationState, message: NotificationId, at: datetime) -> None:
    """Whoever has the message, or may have it in a moment, would get it twice."""
    if state.status == "sent":
        raise Rejected(
            Code.SENT, f"message {message} was sent at {state.since:%Y-%m-%d %H:%M} UTC; nobody is told twice"
        )
    if state.under_way(at):
        raise Rejected(Code.BEING_SENT, f"message {message} is being sent just now; look again in a few minutes")


def _bounced(state: NotificationState, command: ReportBounce, at: datetime) -> list[NotificationEvent]:
    if state.status == "bounced":
        return []
    if not state.attempts:
        standing = state.status.replace("_", " ")
        raise Rejected(Code.NEVER_SENT, f"message {command.message} was never sent: it is {standing}")
    return [m.NotificationBounced(at=at, because=command.because)]


NOTIFICATION: Decider[NotificationCommand, NotificationState | None, NotificationEvent] = Decider(
    EVENTS, None, decide, evolve
)
