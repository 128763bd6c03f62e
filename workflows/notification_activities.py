"""The contracts of a notification's activities. activities/notifications.py implements them."""

from datetime import timedelta

from pydantic import AwareDatetime

from domain.ids import JourneyId
from domain.kit import Role
from domain.notification.state import Status
from domain.values import Actor, Frozen


class Delivery(Frozen):
    """Notify this role of the event at this version of a journey's stream."""

    journey: JourneyId
    version: int
    to: Role
    retried_by: Actor | None = None
    """Who asked for another attempt. None: it is the first."""


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
