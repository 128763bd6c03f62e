"""The deliveries of one webhook, pass after pass: each delivers what there is, and says when there will be more.

What is to be delivered, and how far that has come, is in Postgres alone. So the workflow may be started at any time,
and a signal that is lost, or one too many, changes nothing.
"""

from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from workflows.contract import NEWS, WEBHOOK_TEST, WEBHOOK_WORKFLOW
    from workflows.webhook_activities import (
        DELIVER_TO_WEBHOOK,
        SEND_TEST_EVENT,
        SILENCE_OF_PASS,
        FollowWebhook,
        Passed,
        SendTestEvent,
        WebhookTestResult,
    )

_PASSES_A_RUN = 200
_LONGEST_PASS = timedelta(minutes=5)
_PATIENCE = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1))
_A_MOMENT = timedelta(milliseconds=100)


@workflow.defn(name=WEBHOOK_WORKFLOW)
class DeliverToWebhook:
    @workflow.init
    def __init__(self, _: FollowWebhook) -> None:
        self._news = 0

    @workflow.run
    async def run(self, follow: FollowWebhook) -> Passed:
        """Ends when the webhook is disabled or removed."""
        passes = 0
        while True:
            known = self._news
            passed = await self._pass(follow)
            if not passed.enabled and self._news == known:
                return passed
            passes += 1
            if passes >= _PASSES_A_RUN or workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(follow)
            if not passed.more:
                await self._until_news(known, passed)

    @workflow.signal(name=NEWS, description="Sent by Trellis itself: there is something to deliver.")
    def on_news(self, _: Any = None) -> None:
        self._news += 1

    async def _pass(self, follow: FollowWebhook) -> Passed:
        passed: Passed = await workflow.execute_activity(
            DELIVER_TO_WEBHOOK,
            follow,
            result_type=Passed,
            start_to_close_timeout=_LONGEST_PASS,
            heartbeat_timeout=SILENCE_OF_PASS,
            retry_policy=_PATIENCE,
            summary=f"Deliver events to {follow.webhook}",
        )
        return passed

    async def _until_news(self, known: int, passed: Passed) -> None:
        wait = max(passed.next_at - workflow.now(), _A_MOMENT) if passed.next_at else None
        try:
            await workflow.wait_condition(
                lambda: self._news > known, timeout=wait, timeout_summary="Wait until something is tried again"
            )
        except TimeoutError:
            return


@workflow.defn(name=WEBHOOK_TEST)
class TestWebhook:
    __test__ = False  # no test, whatever pytest makes of its name

    @workflow.run
    async def run(self, send: SendTestEvent) -> WebhookTestResult:
        """Sends one test event, once, from where events are delivered."""
        made: WebhookTestResult = await workflow.execute_activity(
            SEND_TEST_EVENT,
            send,
            result_type=WebhookTestResult,
            schedule_to_close_timeout=timedelta(seconds=40),
            retry_policy=RetryPolicy(maximum_attempts=1),
            summary=f"Send a test event to {send.webhook}",
        )
        return made
