"""What mentors can take on, the coming weeks, who waits, and the reviews of it: on a real log and its views."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from activities.capacity import CapacityReviews
from domain.ids import JourneyId, KitDigest, LearnerId, MentorId, ProgramId, StreamId, journey_stream
from domain.journey import COMMANDS, JourneyState, StartJourney, decide, fold
from domain.journey.events import MatchOffered
from domain.kit import Capacity, Costs
from domain.mentor import MENTOR, MentorCommand, mentor_stream
from domain.mentor.demand import Demand, WeekDemand, week_after, week_of
from domain.mentor.leave import PlanLeave
from domain.mentor.ledger import FollowHolder, ReservePlace
from projections.capacity import capacity
from projections.runner import catch_up
from projections.views import mentor_places
from projections.views.mentor_places import Taken
from queries import capacity as queries
from runtime.exits import Exit
from services.ledger_following import LedgerFollowing
from store import ledger, people, sequencer
from store.codec import encode
from store.database import Pool
from store.errors import MissingKit
from store.event_log import EventLog
from store.people import Person
from store.transact import transact
from tests.commands import Trellis
from tests.workflows.kits import publish, small_with
from workflows.capacity_activities import RecordCapacity

NOW = datetime.now(UTC)
WEEK = week_of(NOW)
P = ProgramId("small")
KIT = small_with(
    capacity=Capacity(
        learners_per_mentor=2,
        minutes_a_week=100,
        target_utilization=0.5,
        costs={"hybrid": Costs(preparation=timedelta(0), follow_up=timedelta(0))},
    )
)
Told = Callable[..., Awaitable[None]]


@pytest.fixture
async def told(pool: Pool, dsn: str) -> Told:
    """Ana and Ben, with these commands to their ledgers; and all views up to date."""
    await publish(pool, KIT)
    await people.upsert_many(
        pool,
        [Person("ana", "mentor", "Ana Ruiz", attributes={"mentor_type": "engineer"}), Person("ben", "mentor", "Ben")],
    )

    async def tell(*commands: MentorCommand) -> None:
        for one in commands:
            await transact(pool, mentor_stream(one.mentor), MENTOR, one, NOW)
        await sequencer.drain(dsn)
        await catch_up(dsn)

    return tell


def taken(mentor: str, learner: str, *minutes: int, confirmed: bool = True, first: str = WEEK) -> FollowHolder:
    weeks = tuple(WeekDemand(week=week_after(first, nth), live=one) for nth, one in enumerate(minutes))
    return FollowHolder(
        mentor=MentorId(mentor),
        holder=StreamId(f"journey-small.{learner}"),
        as_of=5,
        program=P,
        standing="confirmed" if confirmed else "held",
        demand=Demand(weeks=weeks),
        since=NOW,
        until=NOW + timedelta(hours=1),
    )


async def waiting(pool: Pool, learner: str, since: datetime, offered: str | None = None) -> None:
    """A journey that waits for a mentor, or for the answer of one who is offered."""
    state: JourneyState | None = None
    told: list[Any] = []
    commands = [
        StartJourney(program=P, learner=LearnerId(learner), kit=KitDigest(KIT.digest)),
        COMMANDS["submit_intake"].model_validate({"answers": {"goal": "job"}}),
        COMMANDS["review_intake"].model_validate({"verdict": "approve"}),
    ]
    for command in commands:
        told += (events := decide(KIT, state, command, since))
        state = fold(events, state)
    if offered:
        expires_at = since + timedelta(days=90)
        told.append(MatchOffered(at=since, mentor=MentorId(offered), asks=("mentor",), expires_at=expires_at))
    stream = journey_stream(JourneyId(f"small.{learner}"))
    await EventLog(pool).append(stream, 0, f"{learner}", encode(told, learner))


async def test_places_and_minutes_of_each_mentor(pool: Pool, told: Told) -> None:
    await told(
        taken("ana", "a", 60, 60),
        taken("ana", "b", 60, confirmed=False),
        PlanLeave(mentor=MentorId("ben"), starts_at=NOW - timedelta(days=1), ends_at=NOW + timedelta(days=20)),
    )
    found = await capacity(pool, P, NOW)
    ana, ben = found.mentors
    assert (ana.name, ana.mentor_type, ana.free) == ("Ana Ruiz", "engineer", 0)
    use = ana.utilization
    assert (use.places, use.taken, use.reserved, use.minutes, use.planned[:3]) == (2, 2, 1, 100, (120, 60, 0))
    assert (use.share, use.use) == (1.2, "over_limit")
    assert (ben.free, ben.utilization.use, ben.on_leave_until) == (0, "under_used", NOW + timedelta(days=20))
    assert [one.planned for one in found.forecast][:3] == [120, 60, 0]
    assert found.forecast[1].available == 100, "Ben is away all of that week"
    assert "Over the limit: 1; at the target of 50%: 0; under-used: 1." in queries.headline(found)
    assert await mentor_places.taken(pool) == [Taken("small", 1, 1, 1)]


async def test_those_who_wait_learn_when_there_will_be_a_place(pool: Pool, told: Told) -> None:
    for learner, days in (("first", 9), ("second", 5), ("third", 1)):
        await waiting(pool, learner, NOW - timedelta(days=days))
    await told(taken("ana", "a", 0, 10), taken("ben", "b", 0, 10), taken("ben", "c", 0, 10))
    found = await capacity(pool, P, NOW)
    assert [one.learner for one in found.waiting] == ["first", "second", "third"]
    ends = date.fromisocalendar(int(WEEK[:4]), int(WEEK[6:]), 1) + timedelta(weeks=2)
    assert [one.expected_from for one in found.waiting] == [NOW.date(), ends, ends]
    days = (ends - NOW.date()).days
    assert queries.waiting_in_words(found) == (
        f"3 learners waiting for a mentor, the first for 9 days. The last of them can expect a place in {days} days."
    )
    assert found.forecast[0].waiting + found.forecast[1].waiting + found.forecast[2].waiting == 3 * 2 * 60


async def test_whoever_has_an_open_offer_does_not_wait_for_a_place(pool: Pool, told: Told) -> None:
    await waiting(pool, "first", NOW - timedelta(days=9), offered="ben")
    await waiting(pool, "second", NOW - timedelta(days=2))
    await told()
    assert [one.learner for one in (await capacity(pool, P, NOW)).waiting] == ["second"]


async def test_a_view_of_places_follows_the_ledger_in_batches_of_any_size(pool: Pool, dsn: str, told: Told) -> None:
    one = taken("ana", "a", 60, 60)
    gone = one.model_copy(update={"standing": None, "as_of": 9})
    again = one.model_copy(update={"as_of": 11, "demand": Demand(weeks=(WeekDemand(week=WEEK, live=5),))})
    await told(one)
    await told(gone, again)
    await told(taken("ana", "b", 1), taken("ana", "b", 2).model_copy(update={"as_of": 8}))
    rows = await pool.fetch("select holder, week, live from views.mentor_minutes order by holder, week")
    assert [tuple(row) for row in rows] == [("journey-small.a", WEEK, 5), ("journey-small.b", WEEK, 2)]
    await told(taken("ana", "b", 2).model_copy(update={"as_of": 12, "places": 0}))
    rows = await pool.fetch("select holder, confirmed, places from views.mentor_places order by holder")
    assert [tuple(row) for row in rows] == [("journey-small.a", True, 1), ("journey-small.b", True, 0)]


async def test_a_place_for_which_nothing_was_recorded_is_swept(
    pool: Pool, dsn: str, told: Told, temporal: WorkflowEnvironment
) -> None:
    await waiting(pool, "slow", NOW)
    kept = ReservePlace(
        mentor=MentorId("ana"),
        holder=StreamId("journey-small.slow"),
        as_of=3,
        program=P,
        policy=KIT.capacity,
        until=NOW - timedelta(minutes=1),
        first_meeting=NOW,
    )
    await told(kept)
    assert await mentor_places.overdue(pool) == ["ana"]
    await LedgerFollowing(dsn, pool, temporal.client).sweep()
    await told()
    assert await mentor_places.taken(pool) == []


async def test_a_mentor_whose_holders_cannot_be_read_keeps_no_other_from_being_swept(
    pool: Pool, dsn: str, told: Told, temporal: WorkflowEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = [
        ReservePlace(
            mentor=MentorId(mentor),
            holder=StreamId(f"journey-small.{mentor}"),
            as_of=3,
            program=P,
            policy=KIT.capacity,
            until=NOW - timedelta(minutes=1),
            first_meeting=NOW,
        )
        for mentor in ("ana", "ben")
    ]
    for one in kept:
        await waiting(pool, one.mentor, NOW)
    await told(*kept)
    catch_up = ledger.catch_up

    async def fails_for_ana(pool: Pool, mentor: MentorId) -> bool:
        if mentor == "ana":
            raise MissingKit("0" * 64)
        return await catch_up(pool, mentor)

    monkeypatch.setattr(ledger, "catch_up", fails_for_ana)
    await LedgerFollowing(dsn, pool, temporal.client).sweep()
    await told()
    assert await mentor_places.overdue(pool) == ["ana"]


async def test_a_review_is_recorded_once_and_shown(pool: Pool, trellis: Trellis, told: Told) -> None:
    await waiting(pool, "first", NOW - timedelta(days=9))
    await told(taken("ana", "a", 150), taken("ben", "b", 0))
    asked = RecordCapacity(program=P, review="review-1")
    first, again = [await CapacityReviews(pool).record_capacity(asked) for _ in range(2)]
    assert first == again
    assert (first.mentors_over_limit, first.waiting, first.version) == (1, 1, 1)
    (review,) = await queries.reviews(pool, P)
    assert (review.figures.over_limit, review.figures.wait.learners) == (("ana",), 1)
    shown = await trellis("capacity", "small", "--reviews")
    assert (shown.exit, "1: Ana Ruiz" in shown.out) == (Exit.OK, True)
    assert (await trellis("capacity", "small", "--reviews", "--json")).json[0]["review"] == "review-1"


async def test_the_command(trellis: Trellis, told: Told) -> None:
    await told(taken("ana", "a", 60))
    shown = await trellis("capacity", "small", "--weeks", "3")
    assert shown.exit == Exit.OK
    for words in ("Ana Ruiz (ana)", "1 of 2", "Nobody waits for a mentor.", "The coming weeks"):
        assert words in shown.out
    found = (await trellis("capacity", "small", "--weeks", "3", "--json")).json
    assert [one["mentor"] for one in found["mentors"]] == ["ana", "ben"]
    assert len(found["forecast"]) == 3
    unknown = await trellis("capacity", "smal")
    assert (unknown.exit, "no kit of the program 'smal' is published" in unknown.err) == (Exit.BAD_INPUT, True)
