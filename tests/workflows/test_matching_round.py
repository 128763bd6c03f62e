"""Rounds of matching on the real Temporal server: drafted, settled, released, sent whatever happens, taken back."""

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from domain.ids import round_id, round_stream
from domain.round import ROUND, RoundState
from store.database import Pool
from store.transact import read
from tests.support.matching_rounds import MENTORS, Matching
from workflows.contract import RoundEnded

ASKS = {"asks": ["mentor"]}


@pytest.fixture
def matching(temporal: WorkflowEnvironment, pool: Pool, dsn: str) -> Matching:
    return Matching(temporal, pool, dsn)


async def state_of(matching: Matching, number: int = 1) -> RoundState:
    found = await read(matching.pool, round_stream(round_id(matching.program, number)), ROUND)
    assert found.state
    return found.state


async def test_a_round_from_the_draft_to_the_offers(matching: Matching) -> None:
    await matching.published(ASKS)
    await matching.mentors(*MENTORS)
    async with matching.workers():
        await matching.waiting(range(5))
        handle = await matching.begin()
        drafted = await matching.ask("drafted")
        assert (drafted.phase, drafted.draft, drafted.waiting, drafted.pairs) == ("drafted", 1, 5, 5)
        assert drafted.round == round_id(matching.program, 1)

        await matching.ask("pin", {"learner": "l-3", "mentor": "ben", "reason": "they have met", "by": "ops:eva"})
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await matching.ask("release")
        assert code_of(refused.value) == "draft_out_of_date"
        again = await matching.ask("again")
        assert (again.draft, again.stale) == (2, False)
        pairs = {str(one.learner): str(one.mentor) for one in (await state_of(matching)).pairs.values()}
        assert pairs["l-3"] == "ben"
        assert sorted(list(pairs.values()).count(one) for one in MENTORS) == [2, 3]

        await matching.ask("release", {"draft": 2, "by": "ops:eva"})
        ended = RoundEnded.model_validate(await handle.result())
        assert ended.status
        assert (ended.status.phase, ended.status.sent, ended.status.refused) == ("completed", 5, 0)
        for number in range(5):
            status = await matching.journeys.status(matching.journey(number))
            assert [one.duty for one in status.awaited] == ["offer", "match"] or "offer" in {
                one.duty for one in status.awaited
            }


def code_of(error: WorkflowUpdateFailedError) -> str:
    assert isinstance(error.cause, ApplicationError)
    code: str = error.cause.details[0]["code"]
    return code
