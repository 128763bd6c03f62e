"""A message on its way to one person, as a durable workflow: it waits for a decent hour, and tries until it arrives."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from domain.notification.ports import PLAN_MESSAGE, SEND_MESSAGE, Deliver, Outcome, Plan
    from workflows.contract import MESSAGE_WORKFLOW

_ATTEMPT = timedelta(minutes=3)
"""A channel gives up after one: when an attempt runs into this, whoever made it is gone."""
_PATIENCE = timedelta(days=1)
_PLANNING = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1))
# A receiver that says how long it wants to be left alone is: the activity then sets the delay before its next attempt.
_SENDING = RetryPolicy(
    initial_interval=timedelta(minutes=1), backoff_coefficient=2, maximum_interval=timedelta(hours=1)
)


@workflow.defn(name=MESSAGE_WORKFLOW)
class DeliverMessage:
    @workflow.run
    async def run(self, deliver: Deliver) -> Outcome:
        """Ends when nothing more is to be done; what became of the message is in the log."""
        plan: Plan = await workflow.execute_activity(
            PLAN_MESSAGE,
            deliver,
            result_type=Plan,
            start_to_close_timeout=timedelta(seconds=30),
            retry_policy=_PLANNING,
            summary=f"plan a message to {deliver.to}",
        )
        if plan.send_at and plan.send_at > workflow.now():
            await workflow.sleep(plan.send_at - workflow.now(), summary="quiet hours")
        try:
            outcome: Outcome = await workflow.execute_activity(
                SEND_MESSAGE,
                deliver,
                result_type=Outcome,
                start_to_close_timeout=_ATTEMPT,
                schedule_to_close_timeout=_PATIENCE,
                retry_policy=_SENDING,
                summary=f"send it to {deliver.to}",
            )
        except ActivityError:
            return Outcome(status="not_taken")  # for a day; a person may try again
        return outcome
