"""The delivery of a notification to one person: waits until the quiet hours are over, and retries until it is sent."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from workflows.contract import MESSAGE_WORKFLOW
    from workflows.notification_activities import (
        PLAN_MESSAGE,
        SEND_MESSAGE,
        SILENCE_OF_SENDER,
        Delivery,
        DeliveryPlan,
        DeliveryResult,
    )

_ATTEMPT = timedelta(minutes=3)
"""Longer than any channel tries."""
_PATIENCE = timedelta(days=1)
_PLANNING = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1))
# For a sender that was killed, or could not reach Postgres. After a channel's refusal the activity says when to retry.
_SENDING = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(hours=1))


@workflow.defn(name=MESSAGE_WORKFLOW)
class DeliverMessage:
    @workflow.run
    async def run(self, delivery: Delivery) -> DeliveryResult:
        """Ends when nothing more is to be done. The log has the result."""
        plan: DeliveryPlan = await workflow.execute_activity(
            PLAN_MESSAGE,
            delivery,
            result_type=DeliveryPlan,
            start_to_close_timeout=timedelta(seconds=30),
            retry_policy=_PLANNING,
            summary=f"Plan the notification of the {delivery.to}",
        )
        if plan.send_at and plan.send_at > workflow.now():
            await workflow.sleep(plan.send_at - workflow.now(), summary="Wait until the quiet hours are over")
        try:
            result: DeliveryResult = await workflow.execute_activity(
                SEND_MESSAGE,
                delivery,
                result_type=DeliveryResult,
                start_to_close_timeout=_ATTEMPT,
                heartbeat_timeout=SILENCE_OF_SENDER,
                schedule_to_close_timeout=_PATIENCE,
                retry_policy=_SENDING,
                summary=f"Send it to the {delivery.to}",
            )
        except ActivityError:
            return DeliveryResult(status="not_taken")  # for a whole day; a person may ask for another attempt
        return result
