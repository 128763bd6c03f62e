"""The state of a notification."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal, assert_never

from pydantic import AwareDatetime

from domain.ids import JourneyId, ProgramId, SessionId, SurveyRequestId
from domain.kit import NoticeReason, Role
from domain.notification import events as m
from domain.notification.events import NotificationEvent
from domain.values import Frozen, changed

Status = Literal["wanted", "handed_over", "sent", "not_taken", "bounced", "uncertain", "skipped"]


class NotificationState(Frozen):
    journey: JourneyId
    program: ProgramId
    version: int
    """Of the event that it is about, in the journey's stream."""
    when: NoticeReason
    to: Role
    recipient: str
    session: SessionId | None = None
    """That it invites to. None: it is no invitation."""
    survey: SurveyRequestId | None = None
    """That it asks the person to answer. None: it is about the event."""
    reminder: int | None = None
    """Of a survey: which reminder. None: it is no reminder."""
    status: Status
    since: AwareDatetime
    """Since when it has this status."""
    attempts: int = 0
    channel: str | None = None
    because: str | None = None

    @property
    def open(self) -> bool:
        """True while it can be sent: it has no final result, and no attempt is under way."""
        return self.status in ("wanted", "not_taken")

    def under_way(self, now: datetime) -> bool:
        """True while a channel may be sending it. After the longest attempt, its sender is gone."""
        return self.status == "handed_over" and now - self.since < _LONGEST_ATTEMPT


_LONGEST_ATTEMPT = timedelta(minutes=5)


def evolve(state: NotificationState | None, event: NotificationEvent) -> NotificationState:
    """Raises ValueError for a first event other than the request."""
    if isinstance(event, m.NotificationRequested):
        return NotificationState(
            journey=event.journey,
            program=event.program,
            version=event.version,
            when=event.when,
            to=event.to,
            recipient=event.recipient,
            session=event.session,
            survey=event.survey,
            reminder=event.reminder,
            status="wanted",
            since=event.at,
        )
    if state is None:
        raise ValueError(f"a message begins with being wanted, and not with {event.type}")
    match event:
        case m.NotificationHandedOver():
            handed = {"attempts": event.attempt, "channel": event.channel}
            return _to(state, event, "handed_over", None, **handed)
        case m.NotificationSent():
            return _to(state, event, "sent", None)
        case m.NotificationNotTaken():
            return _to(state, event, "not_taken", event.because)
        case m.NotificationBounced():
            return _to(state, event, "bounced", event.because)
        case m.NotificationUncertain():
            return _to(state, event, "uncertain", event.because)
        case m.NotificationSkipped():
            return _to(state, event, "skipped", event.because)
        case m.NotificationRetried():
            return _to(state, event, "wanted", None)
        case _:
            assert_never(event)


def _to(
    state: NotificationState, event: NotificationEvent, status: Status, because: str | None, **more: object
) -> NotificationState:
    return changed(state, {"status": status, "since": event.at, "because": because, **more})


def fold(events: Iterable[NotificationEvent]) -> NotificationState | None:
    state: NotificationState | None = None
    for event in events:
        state = evolve(state, event)
    return state
