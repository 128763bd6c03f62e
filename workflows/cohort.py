"""A group as a durable workflow: after each change of its stream it tells the journeys of its members.

It decides nothing: what was recorded is in the stream, and what members have been told of it as well. So it may be
started at any time, and goes on from there. A signal names the version of the stream that it is to tell.
"""

from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from domain.ids import CohortId
    from domain.values import Frozen
    from workflows.cohort_activities import SILENCE_OF_TELLER, TELL_MEMBERS, MembersTold, TellMembers
    from workflows.contract import CATCH_UP, COHORT_WORKFLOW, VERSION

_TELLINGS_A_RUN = 50
_LONGEST = timedelta(hours=6)
"""As long as all journeys of the largest group may take, each of them slow."""
_PATIENCE = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1))


class Follow(Frozen):
    """What the workflow of a group is started with."""

    cohort: CohortId
    version: int = 0
    """Of the stream, as the run before knew it."""
    wanted: int = 0
    """The latest version that a signal has named."""


class CohortStatus(Frozen):
    """The answer to the query `status`."""

    cohort: CohortId
    version: int


@workflow.defn(name=COHORT_WORKFLOW)
class Cohort:
    @workflow.init
    def __init__(self, follow: Follow) -> None:
        self._cohort = follow.cohort
        self._version = follow.version
        self._wanted = follow.wanted

    @workflow.run
    async def run(self, _: Follow) -> CohortStatus:
        """Ends when the group is closed and everybody knows it."""
        tellings = 0
        while True:
            if self._version:
                await workflow.wait_condition(lambda: self._is_behind)
            wanted, told = self._wanted, await self._tell()
            if self._wanted == wanted:  # nothing was named meanwhile, and the stream has no more than was told
                self._wanted = told.version
            self._version = told.version
            workflow.upsert_search_attributes([VERSION.value_set(told.version)])
            if told.closed and not self._is_behind:
                return self.status()
            tellings += 1
            if tellings >= _TELLINGS_A_RUN or workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(Follow(cohort=self._cohort, version=self._version, wanted=self._wanted))

    @workflow.signal(name=CATCH_UP, description="Sent by Trellis itself: the stream of the group has this version.")
    def on_catch_up(self, wanted: Any = None) -> None:  # Any: what is no object is passed over
        version = wanted.get("version") if isinstance(wanted, dict) else None
        if isinstance(version, int):
            self._wanted = max(self._wanted, version)

    @workflow.query(description="The version of the group's stream up to which members have been told.")
    def status(self) -> CohortStatus:
        return CohortStatus(cohort=self._cohort, version=self._version)

    @property
    def _is_behind(self) -> bool:
        return self._wanted > self._version

    async def _tell(self) -> MembersTold:
        told: MembersTold = await workflow.execute_activity(
            TELL_MEMBERS,
            TellMembers(cohort=self._cohort),
            result_type=MembersTold,
            start_to_close_timeout=_LONGEST,
            heartbeat_timeout=SILENCE_OF_TELLER,
            retry_policy=_PATIENCE,
            summary="Tell the members",
        )
        return told
