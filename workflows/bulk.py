"""A bulk action as a durable workflow: it goes through the journeys at a set rate, and waits while it is paused.

It decides nothing: what people want stands in the stream of the action, and what came of each journey beside it. So it
may be started at any time, and goes on from there. A signal names the version of the stream that it is to look at.
"""

from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from workflows.bulk_activities import CARRY_OUT_BULK, SILENCE_OF_BULK, BulkProgress, CarryOut
    from workflows.contract import BULK_WORKFLOW, CATCH_UP, VERSION, RunBulk

_STEPS_A_RUN = 50
_LONGEST = timedelta(hours=1)
_PATIENCE = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=20))


@workflow.defn(name=BULK_WORKFLOW)
class Bulk:
    @workflow.init
    def __init__(self, begin: RunBulk) -> None:
        self._bulk = begin.bulk
        self._version = begin.version
        self._wanted = begin.wanted
        self._progress: BulkProgress | None = None

    @workflow.run
    async def run(self, _: RunBulk) -> BulkProgress:
        """Ends when every journey has an outcome, or somebody has stopped it."""
        workflow.upsert_search_attributes([VERSION.value_set(self._version)])
        steps = 0
        while True:
            progress = await self._carry_out()
            self._see(progress)
            if progress.status in ("stopped", "finished"):
                return progress
            if progress.status != "running":
                await workflow.wait_condition(lambda: self._wanted > self._version)
            steps += 1
            if steps >= _STEPS_A_RUN or workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(RunBulk(bulk=self._bulk, version=self._version, wanted=self._wanted))

    @workflow.signal(name=CATCH_UP, description="Sent by Trellis itself: the stream of the action has this version.")
    def on_catch_up(self, wanted: Any = None) -> None:  # Any: what is no object is passed over
        version = wanted.get("version") if isinstance(wanted, dict) else None
        if isinstance(version, int):
            self._wanted = max(self._wanted, version)

    @workflow.query(description="How far the action has come.")
    def status(self) -> dict[str, Any]:
        told = self._progress.model_dump() if self._progress else {}
        return {"bulk": self._bulk, **told, "version": self._version}

    async def _carry_out(self) -> BulkProgress:
        progress: BulkProgress = await workflow.execute_activity(
            CARRY_OUT_BULK,
            CarryOut(bulk=self._bulk),
            result_type=BulkProgress,
            start_to_close_timeout=_LONGEST,
            heartbeat_timeout=SILENCE_OF_BULK,
            retry_policy=_PATIENCE,
            summary="Go through the journeys",
        )
        return progress

    def _see(self, progress: BulkProgress) -> None:
        self._progress, self._version = progress, progress.version
        workflow.upsert_search_attributes([VERSION.value_set(progress.version)])
        workflow.set_current_details(details(progress))


def details(progress: BulkProgress) -> str:
    """Where the action stands, in Markdown, without personal data."""
    came = progress.outcomes
    return (
        f"**{progress.status.capitalize()}**: {came.done} done, {came.unchanged} unchanged, {came.refused} refused, "
        f"{came.unanswered} unanswered, {progress.left} left"
    )
