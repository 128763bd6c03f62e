"""Rounds of matching on the real Temporal server: drafted, settled, released, sent whatever happens, taken back."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from activities.rounds import Known, Rounds
from client.journeys import JourneyClient
from domain.ids import JourneyId, LearnerId, MentorId, RoundId, journey_stream, round_id, round_stream
from domain.journey.events import EVENTS, MatchOffered
from domain.kit import Kit
from domain.refusal import Rejected
from domain.round import ROUND, EnterProposals, PinPair, ReleaseRound, RoundCommand, RoundState, TakeRoundBack
from services.reconciling import RoundWorkflows, reconcile
from services.rounds import UrgentRounds, take_back
from store import kits
from store.codec import Codec
from store.database import Pool
from store.errors import KitNotReadable
from store.event_log import EventLog
from store.kits import PublishedKit
from store.transact import read
from tests.support.matching_rounds import MENTORS, Matching, small_kit
from tests.support.workers import when
from tests.temporal import worker_on
from tests.workflows.kits import publish
from workflows.contract import Answer, RoundEnded, matching_workflow

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
            assert "offer" in {one.duty for one in status.awaited}


def code_of(error: WorkflowUpdateFailedError) -> str:
    assert isinstance(error.cause, ApplicationError)
    code: str = error.cause.details[0]["code"]
    return code


async def test_there_is_one_round_at_a_time_and_none_where_nobody_waits(matching: Matching) -> None:
    await matching.published()
    await matching.mentors(*MENTORS)
    async with matching.workers():
        await matching.shown()
        nobody = await matching.begin()
        assert RoundEnded.model_validate(await nobody.result()).status is None
        with pytest.raises(Rejected, match="no round of"):
            await matching.rounds.ask(matching.program, "release", {})

        await matching.waiting(range(2))
        both = await asyncio.gather(
            *(matching.rounds.begin(matching.program) for _ in range(2)), return_exceptions=True
        )
        (refused,) = [one for one in both if isinstance(one, Rejected)]
        assert (refused.code, len(both)) == ("round_open", 2)
        with pytest.raises(Rejected, match="is not among those who wait"):
            await matching.rounds.ask(matching.program, "pin", {"learner": "l-99", "mentor": "ana"})
        with pytest.raises(Rejected, match="is not among the mentors"):
            await matching.rounds.ask(matching.program, "forbid", {"learner": "l-1", "mentor": "zoe"})
        with pytest.raises(Rejected, match="learner: Field required"):
            await matching.rounds.ask(matching.program, "pin", {"mentor": "ana"})

        await matching.rounds.ask(matching.program, "discard", {"reason": "a test", "by": "ops:eva"})
        second = await matching.rounds.begin(matching.program)
        assert second.round == round_id(matching.program, 2)
        await matching.rounds.ask(matching.program, "release", {"by": "ops:eva"})
        state = await when(lambda: state_of(matching, 2), lambda one: not one.is_open)
        assert set(state.sent.values()) == {"matched"}
        assert (await matching.journeys.status(matching.journey(0))).stage == "sessions"


async def test_an_offer_that_ends_leaves_the_learner_to_the_next_round_and_another_mentor(matching: Matching) -> None:
    declines = {"no-time": {"title": "No time", "rests": "2 weeks"}}
    await matching.published({**ASKS, "declines": declines})
    await matching.mentors(*MENTORS)
    async with matching.workers():
        await matching.waiting(range(1))
        await matching.rounds.begin(matching.program)
        await matching.rounds.ask(matching.program, "release", {})
        first = await when(lambda: state_of(matching, 1), lambda one: not one.is_open)
        (pair,) = first.pairs.values()
        decline = {"by": f"mentor:{pair.mentor}", "answer": "decline", "code": "no-time"}
        await matching.journeys.send(pair.journey, "answer_offer", decline)
        await matching.waiting([7])
        await matching.rounds.begin(matching.program)
        second = await state_of(matching, 2)
        (other,) = {one.mentor for one in second.pairs.values()}
        assert (len(second.pairs), other != pair.mentor) == (2, True), "the mentor who has declined rests"


async def test_the_kit_may_let_rounds_go_out_by_themselves(matching: Matching) -> None:
    await matching.published({"rounds": {"every": "7 days", "released_by": "schedule"}})
    await matching.mentors(*MENTORS)
    async with matching.workers():
        await matching.waiting(range(3))
        ended = RoundEnded.model_validate(await (await matching.begin(cause="schedule")).result())
        assert ended.status
        assert (ended.status.phase, ended.status.sent) == ("completed", 3)


async def test_a_pin_in_the_moment_before_the_release_makes_for_another_draft(matching: Matching) -> None:
    """Nobody has released it: it goes out by itself, with what the pin asks for."""
    await matching.published({"rounds": {"every": "7 days", "released_by": "schedule"}})
    await matching.mentors(*MENTORS)

    class Overtaken(Rounds):
        async def _decide(self, round_: RoundId, command: RoundCommand, known: Known | None = None) -> Known:
            if isinstance(command, ReleaseRound) and known and known.state and known.state.settings == 0:
                await super()._decide(round_, PinPair(learner=LearnerId("l-1"), mentor=MentorId("ben")))
            return await super()._decide(round_, command, known)

    async with matching.workers(Overtaken):
        await matching.waiting(range(2))
        ended = RoundEnded.model_validate(await (await matching.begin(cause="schedule")).result())
    assert ended.status
    assert (ended.status.phase, ended.status.draft, ended.status.sent) == ("completed", 2, 2)
    assert (await state_of(matching)).pairs[matching.journey(1)].mentor == "ben"


async def test_a_round_in_many_runs_is_the_same_round(matching: Matching) -> None:
    await matching.published()
    await matching.mentors(*MENTORS)
    async with matching.workers():
        await matching.waiting(range(1))
        handle = await matching.begin(continue_after=1)
        for mentor in ("ana", "ben", "ana"):
            await matching.rounds.ask(matching.program, "pin", {"learner": "l-0", "mentor": mentor})
        again = await matching.rounds.ask(matching.program, "again", {})
        assert (again.round, again.stale) == (round_id(matching.program, 1), False)
        await matching.rounds.ask(matching.program, "discard", {})
        await handle.result()
        await when(lambda: _count(matching, handle.id), lambda number: number >= 2)


async def _count(matching: Matching, workflow: str) -> int:
    return (await matching.temporal.client.count_workflows(f"WorkflowId = '{workflow}'")).count


# Whatever happens in the middle


class Dying(Rounds):
    """Its process is killed when so many proposals have reached their journeys: nothing more is entered anywhere."""

    proposals = 3

    def __init__(self, pool: Pool, temporal: Client) -> None:
        super().__init__(pool, temporal)
        self.dead = asyncio.Event()
        journeys, sent = self._journeys, 0

        class Killed(JourneyClient):
            async def send(
                self,
                journey: JourneyId,
                command: str,
                payload: Mapping[str, Any],
                *,
                command_id: str | None = None,
                if_version: int | None = None,
            ) -> Answer:
                nonlocal sent
                if sent >= Dying.proposals:
                    dying.dead.set()
                    await asyncio.Event().wait()
                sent += 1
                return await journeys.send(journey, command, payload, command_id=command_id, if_version=if_version)

        dying = self
        self._journeys = Killed(temporal)


async def test_a_release_goes_on_where_a_killed_worker_left_it_and_proposes_nobody_twice(
    matching: Matching, monkeypatch: pytest.MonkeyPatch
) -> None:
    await matching.published(ASKS, capacity=20)
    await matching.mentors(*MENTORS)
    monkeypatch.setattr("activities.rounds._CHUNK", 4)
    monkeypatch.setattr("workflows.matching_round.SILENCE", timedelta(seconds=2))
    async with worker_on(matching.temporal, matching.pool, matching.queue):
        await matching.waiting(range(10))
        dying: list[Dying] = []

        def rounds(pool: Pool, temporal: Client) -> Rounds:
            dying.append(Dying(pool, temporal))
            return dying[-1]

        async with matching.programs(rounds):
            handle = await matching.begin()
            await matching.ask("drafted")
            await matching.ask("release")
            await dying[0].dead.wait()
        assert (await state_of(matching)).is_open
        async with matching.programs():
            ended = RoundEnded.model_validate(await handle.result())
    assert ended.status
    assert (ended.status.sent, ended.status.refused) == (10, 0)
    for number in range(10):
        offers = await offers_of(matching, number)
        assert [one.round for one in offers] == [round_id(matching.program, 1)]


async def offers_of(matching: Matching, number: int) -> list[MatchOffered]:
    recorded = await EventLog(matching.pool).read_stream(journey_stream(matching.journey(number)))
    return [one for one in Codec(EVENTS).decode_known(recorded) if isinstance(one, MatchOffered)]


async def test_a_round_whose_workflow_is_lost_goes_on_from_the_log(matching: Matching, dsn: str) -> None:
    await matching.published(ASKS)
    await matching.mentors(*MENTORS)
    async with matching.workers():
        await matching.waiting(range(3))
        handle = await matching.begin()
        await matching.ask("drafted")
        await handle.terminate("as if Temporal had lost it")
        await matching.shown()
        kind = RoundWorkflows(matching.pool, matching.temporal.client)
        found = await when(
            lambda: reconcile(kind, matching.pool, matching.temporal.client), lambda report: bool(report.started)
        )
        assert found.missing == [matching_workflow(matching.program)]
        status = await matching.rounds.ask(matching.program, "release", {})
        assert status.round == round_id(matching.program, 1)
        state = await when(lambda: state_of(matching), lambda one: not one.is_open)
        assert len(state.sent) == 3
        await matching.shown()
        assert not (await reconcile(kind, matching.pool, matching.temporal.client)).missing


async def test_a_released_round_is_taken_back_as_far_as_nobody_has_accepted(matching: Matching) -> None:
    await matching.published(ASKS)
    await matching.mentors(*MENTORS)
    async with matching.workers():
        await matching.waiting(range(3))
        begun = await matching.rounds.begin(matching.program)
        with pytest.raises(Rejected, match="was not released"):
            await take_back(matching.pool, matching.rounds, begun.round, TakeRoundBack())
        await matching.rounds.ask(matching.program, "release", {})
        state = await when(lambda: state_of(matching), lambda one: not one.is_open)
        mentor = state.pairs[matching.journey(1)].mentor
        await matching.journeys.send(
            matching.journey(1), "answer_offer", {"answer": "accept", "by": f"mentor:{mentor}"}
        )
        back = await take_back(matching.pool, matching.rounds, begun.round, TakeRoundBack(reason="the wrong list"))
        assert (back.withdrawn, back.next_step) == (2, "end")
        state = await state_of(matching)
        assert state.kept.keys() == {matching.journey(1)}
        again = await take_back(matching.pool, matching.rounds, begun.round, TakeRoundBack())
        assert again.withdrawn == 2
        await matching.shown()
        assert (await matching.rounds.begin(matching.program)).waiting == 2


async def test_a_round_that_is_taken_back_while_it_is_sent_stops(
    matching: Matching, monkeypatch: pytest.MonkeyPatch
) -> None:
    await matching.published(ASKS)
    await matching.mentors(*MENTORS)
    monkeypatch.setattr("activities.rounds._CHUNK", 1)
    sent, taken_back = asyncio.Event(), asyncio.Event()

    class Held(Rounds):
        """Waits with the second proposal until the round is taken back."""

        async def _decide(self, round_: RoundId, command: RoundCommand, known: Known | None = None) -> Known:
            if isinstance(command, EnterProposals):
                sent.set()
                await taken_back.wait()
            return await super()._decide(round_, command, known)

    async with matching.workers(Held):
        await matching.waiting(range(4))
        begun = await matching.rounds.begin(matching.program)
        await matching.rounds.ask(matching.program, "release", {})
        await asyncio.wait_for(sent.wait(), 30)
        taking = asyncio.create_task(take_back(matching.pool, matching.rounds, begun.round, TakeRoundBack()))
        await when(lambda: state_of(matching), lambda one: one.taken_back_at is not None)
        taken_back.set()
        assert (await taking).withdrawn == 1
    state = await state_of(matching)
    assert (len(state.sent), len(state.pending), state.phase) == (1, 3, "completed")


async def test_an_urgent_learner_gets_a_round_at_once_and_one_only(matching: Matching, dsn: str) -> None:
    rounds = {"every": "7 days", "urgent": {"goal": ["job"]}}
    await matching.published({**ASKS, "rounds": rounds})
    await matching.mentors(*MENTORS)
    urgent = UrgentRounds(dsn, matching.pool, matching.temporal.client)
    async with matching.workers():
        await matching.shown()
        assert await urgent.look() == []
        await matching.waiting([1])
        assert await urgent.look() == [matching.program]
        assert (await matching.ask("drafted")).pairs == 1
        await matching.waiting([2])
        assert await urgent.look() == [], "a round is open"
        await matching.rounds.ask(matching.program, "release", {})
        await when(lambda: state_of(matching), lambda one: not one.is_open)
        await matching.shown()
        assert await urgent.look() == [matching.program], "the second came after the draft"
        await matching.ask("drafted")
        await matching.rounds.ask(matching.program, "discard", {})
        await when(lambda: state_of(matching, 2), lambda one: not one.is_open)
        await matching.shown()
        assert await urgent.look() == [], "they were in a draft already"


async def test_a_program_whose_kit_cannot_be_read_keeps_no_other_from_its_urgent_rounds(
    matching: Matching, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await matching.published({**ASKS, "rounds": {"every": "7 days", "urgent": {"goal": ["job"]}}})
    await matching.mentors(*MENTORS)
    other = small_kit("another")
    await publish(matching.pool, other)
    read_kit = kits.read

    def fails_for_another(published: PublishedKit) -> Kit:
        if published.program == other.program:
            raise KitNotReadable("it is no JSON", published.program, published.version)
        return read_kit(published)

    monkeypatch.setattr("services.rounds.kits.read", fails_for_another)
    urgent = UrgentRounds(dsn, matching.pool, matching.temporal.client)
    async with matching.workers():
        await matching.waiting([1])
        assert await urgent.look() == [matching.program]
        await matching.ask("drafted")
        await matching.rounds.ask(matching.program, "discard", {})
