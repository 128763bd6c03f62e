"""What a message's workflow asks of the world outside: when it may be sent, and to send it."""

from pydantic import AwareDatetime

from domain.ids import JourneyId
from domain.kit import Role
from domain.notification.state import Status
from domain.values import Actor, Frozen


class Deliver(Frozen):
    """Tell this role of the event in this place of a journey's stream."""

    journey: JourneyId
    version: int
    to: Role
    retried_by: Actor | None = None
    """Who asked for another attempt at what was not sent; None: it is new."""


class Plan(Frozen):
    send_at: AwareDatetime | None
    """None: there is nothing left to send."""


class Outcome(Frozen):
    status: Status


PLAN_MESSAGE = "plan_message"
SEND_MESSAGE = "send_message"
"""The names under which activities answer."""
