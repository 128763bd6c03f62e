"""The contracts of the activities of webhooks. activities/webhooks.py implements them."""

from datetime import timedelta

from pydantic import AwareDatetime

from domain.values import Frozen
from domain.webhook import Outcome


class FollowWebhook(Frozen):
    """What the workflow of a webhook is started with, and each of its passes."""

    webhook: str


class Passed(Frozen):
    """Where a webhook stands after a pass."""

    enabled: bool
    """False: it was disabled or removed, so there is nothing more to do."""
    more: bool = False
    """Whether there is more to deliver at once."""
    next_at: AwareDatetime | None = None
    """When something is to be tried again. None: nothing waits."""


class SendTestEvent(Frozen):
    webhook: str
    event: str
    """The id of the test event."""


class WebhookTestResult(Frozen):
    """What came of it."""

    outcome: Outcome
    because: str
    status: int | None
    milliseconds: int


DELIVER_TO_WEBHOOK = "deliver_to_webhook"
SEND_TEST_EVENT = "send_test_event"
"""The names of the activities. They are stored in histories and never change."""

SILENCE_OF_PASS = timedelta(seconds=15)
"""A worker that reports no heartbeat for so long is taken for dead, and another begins a pass."""
