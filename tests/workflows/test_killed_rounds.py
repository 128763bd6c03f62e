"""The process that sends a released round is killed in the middle, as the kernel does it: another one goes on."""

from pathlib import Path

from temporalio.testing import WorkflowEnvironment

from domain.ids import journey_stream, round_id, round_stream
from domain.journey.events import EVENTS, MatchOffered
from domain.round import ROUND, RoundState
from store.codec import Codec
from store.database import Pool
from store.event_log import EventLog
from store.transact import read
from tests.support.matching_rounds import Matching
from tests.support.role_process import role_process
from tests.support.sequencing import slow_append
from tests.support.workers import when
from tests.temporal import worker_on

LEARNERS = 72
MENTORS = [f"m-{one}" for one in range(8)]


async def test_a_release_survives_its_process_and_reaches_every_journey_once(
    temporal: WorkflowEnvironment, pool: Pool, dsn: str, tmp_path: Path
) -> None:
    matching, server = Matching(temporal, pool, dsn), temporal.client.service_client.config.target_host
    await matching.published({"asks": ["mentor"]}, capacity=LEARNERS)
    await matching.mentors(*MENTORS)

    async def state() -> RoundState:
        found = (await read(pool, round_stream(round_id(matching.program, 1)), ROUND)).state
        assert found
        return found

    async with worker_on(temporal, pool, matching.queue):
        await matching.waiting(range(LEARNERS))
        held_up = journey_stream(matching.journey(LEARNERS - 1))
        version = len(await EventLog(pool).read_stream(held_up))
        async with role_process("programs", server, dsn, tmp_path) as first:
            handle = await matching.begin()
            assert (await matching.ask("drafted")).pairs == LEARNERS
            async with slow_append(
                dsn, held_up, version
            ):  # one journey cannot record its offer, so that some are pending
                await matching.ask("release")
                await when(state, lambda one: bool(one.sent))
                first.kill()
                await first.wait()
        assert (await state()).pending, "it was killed in the middle"
        async with role_process("programs", server, dsn, tmp_path):
            await handle.result()
    done = await state()
    assert (len(done.sent), len(done.refused)) == (LEARNERS, 0)
    recorded = await EventLog(pool).read_streams(journey_stream(matching.journey(one)) for one in range(LEARNERS))
    offers = [
        sum(isinstance(event, MatchOffered) for event in Codec(EVENTS).decode_known(events))
        for events in recorded.values()
    ]
    assert offers == [1] * LEARNERS
