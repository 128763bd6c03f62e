"""The contracts of a notification's activities. activities/notifications.py implements them."""

from datetime import timedelta

from pydantic import AwareDatetime

from domain.ids import JourneyId, NotificationId, SessionId, SurveyRequestId, journey_stream
from domain.kit import Role
from domain.notification.notices import notification_id, survey_notification_id
from domain.notification.state import Status
from domain.values import Actor, Frozen


class Delivery(Frozen):
    """Notify this role of the event at this version of a journey's stream."""

    journey: JourneyId
    version: int
    to: Role
    session: SessionId | None = None
    """That it invites to: an event can call for an invitation to each session. None: it is no invitation."""
    person: str | None = None
    """Who is invited: an event can change the mentor, and call for invitations of both; or who is asked in a survey; of
    ops, the program. None: it is neither."""
    survey: SurveyRequestId | None = None
    """That it asks the person to answer. None: it is about the event."""
    reminder: int = 0
    """Of a survey: which reminder. 0: the first letter."""
    retried_by: Actor | None = None
    """Who asked for another attempt. None: it is the first."""


def id_of(delivery: Delivery) -> NotificationId:
    if delivery.survey:
        return survey_notification_id(delivery.survey, delivery.reminder)
    stream = journey_stream(delivery.journey)
    return notification_id(stream, delivery.version, delivery.to, delivery.session, delivery.person)


class DeliveryPlan(Frozen):
    send_at: AwareDatetime | None
    """None: nothing is to be sent any more."""


class DeliveryResult(Frozen):
    status: Status


PLAN_MESSAGE = "plan_message"
SEND_MESSAGE = "send_message"
"""The names of the activities. They are stored in histories and never change."""

SILENCE_OF_SENDER = timedelta(seconds=15)
"""A sender that reports no heartbeat for so long is taken for dead, and another makes the next attempt."""
