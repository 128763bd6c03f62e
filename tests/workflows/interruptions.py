"""Workflow tasks that are run again, each at a point that the test chooses.

A task is lost after a number of appends: what they recorded is in the log, and nothing of it in the history. Or a
continue-as-new is refused by the server, because a signal came in after the task had begun.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from temporalio import workflow
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

from domain.journey import JourneyEvent
from workflows.journey_activities import Cause
from workflows.learner_journey import LearnerJourney
from workflows.recorded_journey import RecordedJourney
from workflows.run_input import RunInput

_PATIENCE_SECONDS = 30.0


@dataclass
class Interruption:
    """Happens once to a journey. Runs in the thread of its workflow, which it may hold up."""

    after_appends: int
    interrupt: Callable[[str], None]
    appends: int = 0
    happened: bool = False

    def append_done(self, journey: str) -> None:
        self.appends += 1
        if self.appends == self.after_appends and not self.happened:
            self.happened = True
            self.interrupt(journey)


@dataclass
class Interruptions:
    client: Client
    loop: asyncio.AbstractEventLoop
    after_append: dict[str, Interruption] = field(default_factory=dict)
    before_new_run: dict[str, Callable[[str], None]] = field(default_factory=dict)

    def fail_task(self, _journey: str) -> None:
        raise RuntimeError("the worker dies here, once")

    def let_task_time_out(self, journey: str) -> None:
        self.wait(self._timed_out(journey))

    def signal(self, name: str, payload: Any) -> Callable[[str], None]:
        def send(journey: str) -> None:
            self.wait(self.client.get_workflow_handle(journey).signal(name, payload))

        return send

    def wait(self, work: Awaitable[Any]) -> None:
        """From the thread of a workflow, for what happens in the test's own."""
        done = threading.Event()

        async def run() -> None:
            try:
                await work
            finally:
                done.set()

        asyncio.run_coroutine_threadsafe(run(), self.loop)
        assert done.wait(_PATIENCE_SECONDS)

    async def _timed_out(self, journey: str) -> None:
        handle = self.client.get_workflow_handle(journey)
        timed_out = EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT
        while not any([event.event_type == timed_out async for event in handle.fetch_history_events()]):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


@contextmanager
def interruptions(client: Client, monkeypatch: pytest.MonkeyPatch) -> Iterator[Interruptions]:
    """The worker must run workflows without the sandbox, and not in debug mode: that runs them in the test's thread."""
    made = Interruptions(client, asyncio.get_running_loop())
    record, input_of_next_run = RecordedJourney.record, LearnerJourney._input_of_next_run

    async def recording(self: RecordedJourney, cause: Cause, events: Sequence[JourneyEvent]) -> bool:
        in_place = await record(self, cause, events)
        journey = workflow.info().workflow_id
        if in_place and cause.order != "start" and journey in made.after_append:
            with workflow.unsafe.sandbox_unrestricted():
                made.after_append[journey].append_done(journey)
        return in_place

    def changing_runs(self: LearnerJourney) -> RunInput:
        journey = workflow.info().workflow_id
        if interrupt := made.before_new_run.pop(journey, None):
            interrupt(journey)
        return input_of_next_run(self)

    with monkeypatch.context() as patch:
        patch.setattr(RecordedJourney, "record", recording)
        patch.setattr(LearnerJourney, "_input_of_next_run", changing_runs)
        yield made
