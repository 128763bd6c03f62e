"""A match has a place with the mentor, on a real Temporal server and a real log."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import AsyncMock

import pytest

from client.journeys import Refused
from domain.ids import JourneyId, KitDigest, MentorId, journey_stream
from domain.kit import Capacity, Cohorts, Matching
from domain.mentor import MENTOR, MentorState, mentor_stream
from domain.mentor.state import Place
from services.ledger_following import LedgerFollowing
from store import ledger
from store.event_log import EventLog
from store.people import Person, upsert_many
from store.sequencer import drain
from store.transact import read
from tests.temporal import Running, own_id
from tests.workflows.kits import publish, small_with
from workflows.contract import Begin

ANA = MentorId("ana")
ONE = Capacity(learners_per_mentor=1, touchpoints=timedelta(minutes=15))
KIT = small_with(capacity=ONE)
GROUPS = small_with(capacity=ONE, cohorts=Cohorts(brings_mentor=True))
ASKING = small_with(capacity=ONE, matching=Matching(asks=("mentor",)))


async def waiting(running: Running, name: str, kit: KitDigest | None = None, **more: Any) -> JourneyId:
    """A journey that waits for a mentor."""
    journey = own_id(name)
    await running.client.begin(Begin(program="small", learner=name, kit=kit, **more), journey)
    await running.client.send(journey, "submit_intake", {"answers": {"goal": "job"}})
    await running.client.send(journey, "review_intake", {"verdict": "approve"})
    return journey


async def state(running: Running, mentor: MentorId = ANA) -> MentorState:
    return (await read(running.pool, mentor_stream(mentor), MENTOR)).state


async def place(running: Running, journey: JourneyId, mentor: MentorId = ANA) -> Place | None:
    return (await state(running, mentor)).places.get(journey_stream(journey))


async def followed(running: Running, dsn: str) -> None:
    """Everything that is recorded is in the ledgers."""
    await drain(dsn)
    await LedgerFollowing(dsn, running.pool, running.environment.client).catch_up()


async def test_the_second_learner_of_a_mentor_with_one_place_is_told_so(running: Running) -> None:
    await publish(running.pool, KIT)
    lea, tom = await waiting(running, "lea"), await waiting(running, "tom")
    await running.client.send(lea, "approve_match", {"mentor": "ana"})
    with pytest.raises(Refused, match="'ana' has 1 of 1 places taken in small") as refused:
        await running.client.send(tom, "approve_match", {"mentor": "ana"})
    assert refused.value.code == "mentor_full"
    assert {"places": 1, "taken": 1}.items() <= refused.value.data.items()
    assert (await running.client.status(tom)).stage == "matching"
    with pytest.raises(Refused, match="a reason is missing"):
        await running.client.send(tom, "approve_match", {"mentor": "ana", "past_capacity": True})
    insisted = {"mentor": "ana", "past_capacity": True, "reason": "speaks his language"}
    assert (await running.client.send(tom, "approve_match", insisted)).stage == "sessions"
    recorded = (await EventLog(running.pool).read_stream(mentor_stream(ANA)))[-1]
    assert (recorded.data["past_capacity"], recorded.data["reason"]) == (True, "speaks his language")


async def test_what_is_refused_for_another_reason_takes_no_place(running: Running) -> None:
    await publish(running.pool, KIT)
    journey = own_id("early")
    await running.client.begin(Begin(program="small", learner="l"), journey)
    with pytest.raises(Refused, match="belongs to the stage matching"):
        await running.client.send(journey, "approve_match", {"mentor": "ana"})
    assert await EventLog(running.pool).version(mentor_stream(ANA)) == 0


async def test_of_many_who_are_matched_at_once_one_gets_the_place(running: Running) -> None:
    await publish(running.pool, KIT)
    those = [await waiting(running, f"l-{nth}") for nth in range(6)]

    async def matched(journey: JourneyId) -> bool:
        try:
            await running.client.send(journey, "approve_match", {"mentor": "ana"})
        except Refused as refused:
            assert refused.code == "mentor_full"
            return False
        return True

    assert sorted(await asyncio.gather(*map(matched, those))) == [False] * 5 + [True]
    assert len((await state(running)).places) == 1


async def test_a_place_follows_its_journey(running: Running, dsn: str) -> None:
    await publish(running.pool, KIT)
    lea = await waiting(running, "lea")
    await running.client.send(lea, "approve_match", {"mentor": "ana"})
    kept = await place(running, lea)
    assert kept
    assert not kept.confirmed
    await followed(running, dsn)
    confirmed = await place(running, lea)
    assert confirmed
    assert confirmed.confirmed
    assert confirmed.demand == kept.demand
    assert sum(one.total for one in kept.demand.weeks) == 2 * 80 + 15 * len(kept.demand.weeks)

    until = datetime.now(UTC) + timedelta(days=21)
    await running.client.send(lea, "pause", {"reason": "exams", "until": until.isoformat()})
    await followed(running, dsn)
    moved = await place(running, lea)
    assert moved
    assert moved.demand.last_week
    assert kept.demand.last_week
    assert moved.demand.last_week > kept.demand.last_week

    await running.client.send(lea, "resume", {})
    await running.client.send(lea, "withdraw", {"reason": "a job"})
    await followed(running, dsn)
    assert await place(running, lea) is None
    begin = Begin(program="small", learner="lea")
    await running.client.begin_and_send(begin, "reopen", {"reason": "no job"}, lea)
    await followed(running, dsn)
    taken_back = await place(running, lea)
    assert taken_back
    assert taken_back.confirmed


async def test_another_mentor_takes_over_place_and_all(running: Running, dsn: str) -> None:
    await publish(running.pool, KIT)
    lea, ben = await waiting(running, "lea"), MentorId("ben")
    await running.client.send(lea, "approve_match", {"mentor": "ana"})
    await running.client.send(lea, "approve_match", {"mentor": "ben"})
    await followed(running, dsn)
    assert await place(running, lea) is None
    assert await place(running, lea, ben)
    assert [one.type for one in await EventLog(running.pool).read_stream(mentor_stream(ANA))] == [
        "mentor.place_reserved",
        "mentor.place_released",
    ]


async def test_a_declined_offer_frees_the_place_for_whoever_asks_next(running: Running) -> None:
    """Before the follower has seen it: what holds the place is looked at before anybody is refused."""
    await publish(running.pool, ASKING)
    lea, tom = await waiting(running, "lea"), await waiting(running, "tom")
    await running.client.send(lea, "offer_match", {"mentor": "ana"})
    with pytest.raises(Refused, match="1 of 1 places"):
        await running.client.send(tom, "offer_match", {"mentor": "ana"})
    decline = {"answer": "decline", "who": "mentor", "reason": "no time"}
    await running.client.send(lea, "answer_offer", decline)
    await running.client.send(tom, "offer_match", {"mentor": "ana"})
    await running.client.send(tom, "answer_offer", {"answer": "accept", "who": "mentor"})
    assert set((await state(running)).places) == {journey_stream(tom)}


async def test_journeys_matched_before_there_was_a_ledger_are_entered_even_beyond_it(
    running: Running, dsn: str
) -> None:
    await publish(running.pool, KIT)
    those = [await waiting(running, name) for name in ("lea", "tom")]
    with pytest.MonkeyPatch.context() as earlier:
        earlier.setattr(ledger, "reserve_for_journey", AsyncMock())
        for one in those:
            await running.client.send(one, "approve_match", {"mentor": "ana"})
    await running.pool.execute("update trellis.ledger set filled_to = 1")
    await followed(running, dsn)
    places = (await state(running)).places
    assert {holder: one.confirmed for holder, one in places.items()} == dict.fromkeys(map(journey_stream, those), True)
    third = await waiting(running, "mia")
    with pytest.raises(Refused, match="2 of 1 places"):
        await running.client.send(third, "approve_match", {"mentor": "ana"})


async def test_the_mentors_own_capacity_counts_where_people_are_kept(running: Running) -> None:
    await publish(running.pool)
    await upsert_many(running.pool, [Person("ana", "mentor", "Ana", attributes={"capacity": 1})])
    lea, tom = await waiting(running, "lea"), await waiting(running, "tom")
    await running.client.send(lea, "approve_match", {"mentor": "ana"})
    with pytest.raises(Refused, match="1 of 1 places taken in all programs together, by their own profile"):
        await running.client.send(tom, "approve_match", {"mentor": "ana"})


async def test_members_of_a_group_that_brings_its_mentor_take_no_places_of_their_own(
    running: Running, dsn: str
) -> None:
    """The group has one for all of them (tests/store/test_ledger.py)."""
    await publish(running.pool, GROUPS)
    for name in ("lea", "tom"):
        journey = await waiting(running, name)
        joined = {"cohort": "small.g1", "sessions": [], "since": datetime.now(UTC).isoformat(), "mentor": "ana"}
        await running.client.send(journey, "join_cohort", joined)
    await followed(running, dsn)
    places = (await state(running)).places.values()
    assert [(one.places, one.confirmed) for one in places] == [(0, True), (0, True)]
