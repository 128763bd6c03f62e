"""Times of sessions and seats in office hours: booked once, whoever competes, and in step with the journey."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from client.journeys import JourneyClient
from domain.ids import JourneyId, LearnerId, MentorId, ProgramId, SessionId
from domain.kit import Kit
from domain.mentor import MENTOR, MentorState, mentor_stream
from domain.mentor.hours import Surroundings
from domain.mentor.office_hours import BookSeat, OfferOfficeHours
from domain.mentor.profile import ProfileChanges, UpdateProfile
from domain.refusal import Rejected
from domain.scheduling.slots import Terms
from domain.scheduling.week import read_window
from projections.runner import catch_up
from queries.availability import appointment
from services.booking import book, follow, reserve, sweep
from services.ledger_following import LedgerFollowing
from store import people, sequencer
from store.database import Pool
from store.event_log import EventLog
from store.people import Person
from store.transact import read, transact
from tests.temporal import Running, own_id
from tests.workflows.kits import SMALL, publish
from workflows.contract import Begin

ANA, KICKOFF, REVIEW = MentorId("ana"), SessionId("kickoff"), SessionId("review")
BERLIN = ZoneInfo("Europe/Berlin")
KIT = Kit.model_validate(
    SMALL.model_dump(exclude_unset=True)
    | {
        "intake": {
            "questions": [{"id": "hours", "ask": "When?", "tells": "availability"}],
        },
        "meeting": {"notice": "0 minutes", "buffer": "10 minutes", "step": "30 minutes", "horizon": "21 days"},
    }
)
TOMORROW = (datetime.now(BERLIN) + timedelta(days=2)).replace(hour=17, minute=0, second=0, microsecond=0)
AT_FIVE = TOMORROW.astimezone(UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
async def program(running: Running, dsn: str) -> Running:
    await publish(running.pool, KIT)
    await people.upsert_many(
        running.pool,
        [Person("ana", "mentor", "Ana Lee", time_zone="Europe/Berlin"), Person("bo", "mentor", "Bo", None, "UTC")],
    )
    hours = ProfileChanges(availability=(read_window("daily 15:00-20:00"),), time_zone="Europe/Berlin")
    await transact(
        running.pool, mentor_stream(ANA), MENTOR, UpdateProfile(mentor=ANA, changes=hours), datetime.now(UTC)
    )
    await show(dsn)
    return running


async def show(dsn: str) -> None:
    await sequencer.drain(dsn)
    await catch_up(dsn)


async def matched(running: Running, learner: str, hours: str = "daily 12:00-20:00") -> JourneyId:
    client, journey = running.client, own_id(learner)
    await people.upsert_many(running.pool, [Person(learner, "learner", learner, time_zone="Europe/Berlin")])
    await client.begin(Begin(program="small", learner=learner), journey)
    await client.send(journey, "submit_intake", {"answers": {"hours": hours}})
    await client.send(journey, "review_intake", {"verdict": "approve"})
    await client.send(journey, "approve_match", {"mentor": "ana"})
    return journey


async def state_of(pool: Pool, mentor: MentorId = ANA) -> MentorState:
    return (await read(pool, mentor_stream(mentor), MENTOR)).state


async def starts_of(pool: Pool) -> dict[str, datetime]:
    return {one.session: one.starts_at for one in (await state_of(pool)).booked.values()}


async def types(pool: Pool) -> list[str]:
    events = await EventLog(pool).read_stream(mentor_stream(ANA))
    return [name for one in events if "book" in (name := one.type.removeprefix("mentor."))]


async def session_of(running: Running, journey: JourneyId, session: SessionId = KICKOFF) -> datetime:
    wanted = await appointment(running.pool, journey, session)
    return wanted.session.starts_at


async def test_a_booked_time_is_that_of_the_session_and_booking_it_again_changes_nothing(program: Running) -> None:
    journey = await matched(program, "l-1")
    done = await book(program.pool, program.client, journey, KICKOFF, AT_FIVE, by="learner:l-1")
    assert (done.mentor, done.starts_at, done.new) == (ANA, AT_FIVE, True)
    assert await session_of(program, journey) == AT_FIVE
    again = await book(program.pool, program.client, journey, KICKOFF, AT_FIVE)
    assert not again.new
    await follow(program.pool, journey)
    assert await types(program.pool) == ["time_booked"]
    moved = await book(program.pool, program.client, journey, KICKOFF, AT_FIVE + HOUR)
    assert moved.new
    assert await session_of(program, journey) == AT_FIVE + HOUR
    assert await types(program.pool) == ["time_booked", "booking_moved"]


async def test_what_does_not_suit_is_refused_and_nothing_is_booked(program: Running) -> None:
    journey = await matched(program, "l-2", "daily 12:00-17:30")
    with pytest.raises(Rejected, match="outside the hours of the learner") as refused:
        await book(program.pool, program.client, journey, KICKOFF, AT_FIVE)
    assert refused.value.data == {"rules": ["learner.hours"]}
    assert await types(program.pool) == []


async def test_of_many_who_want_a_time_at_once_one_gets_it(program: Running) -> None:
    """Without the check inside the append, as for a booking that was checked before, several would get it."""
    journeys = [await matched(program, f"l-{nth}") for nth in range(3, 9)]
    wanted = [await appointment(program.pool, one, KICKOFF) for one in journeys]
    assert all(AT_FIVE not in starts for starts in [await starts_of(program.pool)])
    attempts = [reserve(program.pool, one, AT_FIVE, "ops") for one in wanted]
    results = await asyncio.gather(*attempts, return_exceptions=True)
    refusals = [one for one in results if isinstance(one, Rejected)]
    assert len(refusals) == 5
    assert {one.code for one in refusals} == {"time_taken"}
    assert await types(program.pool) == ["time_booked"]


async def test_of_many_who_want_the_last_seats_no_more_get_one_than_there_are(pool: Pool) -> None:
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=3)
    terms = Terms(HOUR, HOUR, timedelta(days=21), timedelta(0), timedelta(minutes=30))
    offer = OfferOfficeHours(ANA, ProgramId("small"), (start,), 3, terms, Surroundings())
    offered = await transact(pool, mentor_stream(ANA), MENTOR, offer, datetime.now(UTC))
    (office_hours,) = offered.after.state.office_hours

    async def seat(nth: int) -> None:
        journey, learner = JourneyId(f"small.l-{nth}"), LearnerId(f"l-{nth}")
        command = BookSeat(
            mentor=ANA, office_hours=office_hours, program=ProgramId("small"), journey=journey, learner=learner
        )
        await transact(pool, mentor_stream(ANA), MENTOR, command, datetime.now(UTC))

    results = await asyncio.gather(*(seat(nth) for nth in range(12)), return_exceptions=True)
    refused = [one.code for one in results if isinstance(one, Rejected)]
    assert refused == ["no_seat_left"] * 9
    assert (await state_of(pool)).office_hours[office_hours].left == 0


async def test_where_the_journey_refuses_the_booking_is_released(
    program: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The journey is paused between the look at it and the command."""
    journey = await matched(program, "l-10")
    send = JourneyClient.send

    async def pause_first(self: JourneyClient, *arguments: object, **more: object) -> object:
        await send(self, journey, "pause", {"reason": "ill"})
        return await send(self, *arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(JourneyClient, "send", pause_first)
    with pytest.raises(Rejected) as refused:
        await book(program.pool, program.client, journey, KICKOFF, AT_FIVE)
    assert refused.value.code == "journey_paused"
    assert await types(program.pool) == ["time_booked", "booking_released"]
    assert (await state_of(program.pool)).booked == {}


async def test_a_booking_that_was_cut_short_is_completed_by_booking_it_again(program: Running) -> None:
    journey = await matched(program, "l-11")
    await reserve(program.pool, await appointment(program.pool, journey, KICKOFF), AT_FIVE, "ops")
    await follow(program.pool, journey)  # leaves it alone
    done = await book(program.pool, program.client, journey, KICKOFF, AT_FIVE)
    assert not done.new
    assert await session_of(program, journey) == AT_FIVE
    assert await types(program.pool) == ["time_booked"]


async def test_a_booking_that_was_cut_short_is_completed_by_the_sweep(program: Running, dsn: str) -> None:
    journey = await matched(program, "l-12")
    await reserve(program.pool, await appointment(program.pool, journey, KICKOFF), AT_FIVE, "ops")
    await show(dsn)
    assert await sweep(program.pool, program.client) == 0  # whoever books it may still be at it
    assert await sweep(program.pool, program.client, timedelta(0)) == 1
    assert await session_of(program, journey) == AT_FIVE
    assert await sweep(program.pool, program.client, timedelta(0)) == 0


async def test_the_sweep_releases_what_the_journey_refuses(program: Running, dsn: str) -> None:
    journey = await matched(program, "l-13")
    wanted = await appointment(program.pool, journey, KICKOFF)
    late = replace(wanted, terms=replace(wanted.terms, ends_by=None))
    beyond = AT_FIVE + timedelta(days=40)  # after the end of the pathway, which the journey refuses
    await reserve(program.pool, late, beyond, "ops")
    await show(dsn)
    assert await sweep(program.pool, program.client, timedelta(0)) == 1
    assert await types(program.pool) == ["time_booked", "booking_released"]


async def test_a_session_that_is_moved_without_a_booking_is_followed(program: Running) -> None:
    journey = await matched(program, "l-14")
    elsewhere = AT_FIVE + timedelta(days=1, hours=6)  # outside the mentor's hours: ops may
    await program.client.send(journey, "reschedule_session", {"session": KICKOFF, "starts_at": elsewhere.isoformat()})
    await follow(program.pool, journey)
    assert await starts_of(program.pool) == {KICKOFF: elsewhere}
    await book(program.pool, program.client, journey, KICKOFF, AT_FIVE)
    other = elsewhere + HOUR
    await program.client.send(journey, "reschedule_session", {"session": KICKOFF, "starts_at": other.isoformat()})
    await follow(program.pool, journey)
    await follow(program.pool, journey)
    assert await starts_of(program.pool) == {KICKOFF: other}
    assert await types(program.pool) == ["time_booked", "booking_moved", "booking_moved"]


async def test_whoever_follows_journeys_follows_their_times(program: Running, dsn: str) -> None:
    journey = await matched(program, "l-18")
    await program.client.send(journey, "reschedule_session", {"session": KICKOFF, "starts_at": AT_FIVE.isoformat()})
    await reserve(program.pool, await appointment(program.pool, journey, REVIEW), AT_FIVE + 2 * HOUR, "ops")
    await show(dsn)
    following = LedgerFollowing(dsn, program.pool, program.environment.client)
    await following.catch_up()
    assert (await starts_of(program.pool))[KICKOFF] == AT_FIVE
    await program.client.send(journey, "withdraw", {"reason": "no time"})
    await show(dsn)
    await following.catch_up()
    assert (await state_of(program.pool)).booked == {}


async def test_booking_first_enters_what_the_journey_says(program: Running) -> None:
    """Ops moved the session away, and it is booked back before anybody followed that."""
    journey = await matched(program, "l-15")
    await book(program.pool, program.client, journey, KICKOFF, AT_FIVE)
    away = AT_FIVE + 2 * HOUR
    await program.client.send(journey, "reschedule_session", {"session": KICKOFF, "starts_at": away.isoformat()})
    back = await book(program.pool, program.client, journey, KICKOFF, AT_FIVE)
    assert back.new
    assert await session_of(program, journey) == AT_FIVE


@pytest.mark.parametrize(
    ("command", "payload", "reason"),
    [
        ("pause", {"reason": "ill"}, "paused"),
        ("reset_pathway", {"reason": "anew"}, "planned_anew"),
        ("release_mentor", {"reason": "moved away"}, "mentor_left"),
        ("withdraw", {"reason": "no time"}, "closed"),
        ("record_attendance", {"session": KICKOFF, "attendance": "cancelled_in_time"}, "session_over"),
    ],
)
async def test_times_that_are_no_longer_needed_are_free(
    program: Running, command: str, payload: dict[str, str], reason: str
) -> None:
    journey = await matched(program, "l-16")
    await book(program.pool, program.client, journey, KICKOFF, AT_FIVE)
    await program.client.send(journey, command, payload)
    await follow(program.pool, journey)
    assert (await state_of(program.pool)).booked == {}
    events = await EventLog(program.pool).read_stream(mentor_stream(ANA))
    assert events[-1].data["reason"] == reason
