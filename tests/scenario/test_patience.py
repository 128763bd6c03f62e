"""The sample waits for a worker that is slow."""

from datetime import timedelta

import pytest

from client.failing_tasks import FailingTask
from client.journeys import NobodyAnswers, NotAnswering, TaskFailing
from domain.ids import JourneyId
from scenarios.patience import patiently

MINE = JourneyId("p.l")


class Slow:
    """Does not answer the first times."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = [*errors]
        self.asked = 0

    async def ask(self) -> str:
        self.asked += 1
        if self.errors:
            raise self.errors.pop(0)
        return "here"


async def test_it_is_asked_again_until_it_answers() -> None:
    slow = Slow(NobodyAnswers(MINE), NobodyAnswers(MINE))
    assert (await patiently(slow.ask), slow.asked) == ("here", 3)


async def test_patience_ends_and_a_task_that_fails_is_not_waited_for() -> None:
    with pytest.raises(NotAnswering):
        await patiently(Slow(NobodyAnswers(MINE)).ask, patience=timedelta(0))
    failing = Slow(TaskFailing(MINE, FailingTask(MINE, 3, "made up", "")))
    with pytest.raises(TaskFailing):
        await patiently(failing.ask)
    assert failing.asked == 1
