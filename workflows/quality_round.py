"""A round of reviews: draws a sample of sessions, waits while people review them, and closes it.

Begun by a Schedule at the interval that the kit sets, or by hand. What was sampled and reviewed stands in the stream of
the round, so a round whose workflow is lost goes on from the log.
"""

from datetime import timedelta

from pydantic import BaseModel
from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from workflows.contract import QA_ROUND
    from workflows.quality_activities import (
        BEGIN_REVIEWS,
        CLOSE_REVIEWS,
        BeginReviews,
        CloseReviews,
        HoldReviews,
        Reviews,
    )

_PATIENT = RetryPolicy(initial_interval=timedelta(seconds=2), maximum_interval=timedelta(minutes=2))


@workflow.defn(name=QA_ROUND)
class QaRound:
    @workflow.init
    def __init__(self, wanted: HoldReviews) -> None:
        self._program = wanted.program
        self._found: Reviews | None = None
        self._settled = False

    @workflow.run
    async def run(self, _wanted: HoldReviews) -> Reviews:
        run = workflow.info().run_id
        found = await _ask(BEGIN_REVIEWS, BeginReviews(program=self._program, run=run, at=workflow.now()))
        self._found = found
        while found.is_open and found.round and found.closes_at:
            left = max(found.closes_at - workflow.now(), timedelta(0))
            await self._settled_within(left)
            found = await _ask(CLOSE_REVIEWS, CloseReviews(round=found.round, at=workflow.now()))
        await workflow.wait_condition(workflow.all_handlers_finished)
        return found

    @workflow.update(description="Waits for the sample, and says which round it is.")
    async def begun(self) -> Reviews:
        await workflow.wait_condition(lambda: self._found is not None)
        assert self._found
        return self._found

    @workflow.signal(description="Every item of the round is settled.")
    def settled(self) -> None:
        self._settled = True

    async def _settled_within(self, left: timedelta) -> None:
        try:
            await workflow.wait_condition(lambda: self._settled, timeout=left)
        except TimeoutError:
            return
        self._settled = False


async def _ask(activity: str, question: BaseModel) -> Reviews:
    """Waits while a view is being rebuilt, or Postgres is away."""
    found: Reviews = await workflow.execute_activity(
        activity,
        question,
        result_type=Reviews,
        start_to_close_timeout=timedelta(minutes=5),
        retry_policy=_PATIENT,
    )
    return found
