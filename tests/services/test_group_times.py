"""When groups meet is booked with whoever leads them."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.cohort import Context, cohort
from domain.cohort.commands import CloseCohort, FormCohort, MoveSession, ReplaceMentor
from domain.cohort.events import Entrant, PlannedSession
from domain.cohort.slots import Slot
from domain.ids import CohortId, JourneyId, LearnerId, MentorId, PathwayId, SessionId, cohort_stream, journey_stream
from domain.journey.events import JourneyStarted
from domain.mentor import MENTOR, mentor_stream
from domain.mentor.profile import ProfileChanges, UpdateProfile
from domain.scheduling.week import read_window
from queries.cohorts import NoSuchCohort
from queries.common_times import common_times, of_cohort
from services.group_times import follow
from store import people
from store.codec import encode
from store.database import Pool
from store.event_log import EventLog
from store.people import Person
from store.transact import read, transact
from tests.domain.groups import GROUPS
from tests.domain.stories import day
from tests.workflows.kits import publish

ANA, BEN, GROUP = MentorId("ana"), MentorId("ben"), CohortId("circle-1")
FIRST = datetime.now(UTC).replace(microsecond=0) + timedelta(days=5)
DAY = timedelta(days=1)


async def starts(pool: Pool, mentor: MentorId) -> dict[str, datetime]:
    state = (await read(pool, mentor_stream(mentor), MENTOR)).state
    return {one.session: one.starts_at for one in state.booked.values()}


def form(sessions: tuple[PlannedSession, ...], learners: tuple[str, ...]) -> FormCohort:
    members = tuple(Entrant(learner=LearnerId(one), journey=JourneyId(f"first-steps.{one}")) for one in learners)
    return FormCohort(
        program=GROUPS.program_id,
        kit=GROUPS.digest,
        pathway=PathwayId("fast"),
        number=1,
        mentors=(ANA,),
        sessions=sessions,
        members=members,
    )


async def test_the_times_of_a_group_are_kept_moved_handed_on_and_freed(pool: Pool) -> None:
    await publish(pool, GROUPS)
    decider, stream, at = cohort(Context(GROUP, GROUPS)), cohort_stream(GROUP), datetime.now(UTC)
    sessions = (
        PlannedSession(session=SessionId("s1"), starts_at=FIRST),
        PlannedSession(session=SessionId("s2"), starts_at=FIRST + 7 * DAY),
    )
    await transact(pool, stream, decider, form(sessions, ("ida", "jon")), at)
    for _ in range(2):
        await follow(pool, stream)
        assert await starts(pool, ANA) == {"s1": FIRST, "s2": FIRST + 7 * DAY}

    move = MoveSession(session=SessionId("s2"), starts_at=FIRST + 8 * DAY)
    await transact(pool, stream, decider, move, at)
    await follow(pool, stream)
    assert (await starts(pool, ANA))["s2"] == FIRST + 8 * DAY

    await transact(pool, stream, decider, ReplaceMentor(mentor=ANA, replacement=BEN, reason="moved away"), at)
    await follow(pool, stream)
    assert await starts(pool, ANA) == {}
    assert await starts(pool, BEN) == {"s1": FIRST, "s2": FIRST + 8 * DAY}

    await transact(pool, stream, decider, CloseCohort(reason="over"), at)
    await follow(pool, stream)
    assert await starts(pool, BEN) == {}


async def test_the_common_time_of_a_group_is_not_kept_away_by_its_own_meetings(pool: Pool) -> None:
    await publish(pool, GROUPS)
    for learner in ("ida", "jon"):
        started = JourneyStarted(
            at=day(0),
            program=GROUPS.program_id,
            learner=LearnerId(learner),
            kit=GROUPS.digest,
            intake_due_at=day(14),
        )
        stream = journey_stream(JourneyId(f"first-steps.{learner}"))
        await EventLog(pool).append(stream, 0, f"{stream}:1", encode([started], f"{stream}:1", {"by": "ops"}))
    hours = UpdateProfile(mentor=ANA, changes=ProfileChanges(availability=(read_window("mon 17:00-18:00"),)))
    await transact(pool, mentor_stream(ANA), MENTOR, hours, datetime.now(UTC))
    await people.upsert_many(pool, [Person("jon", "learner", "Jon", time_zone="Asia/Tokyo")])
    mondays = Slot(day="mon", start=17 * 60, zone="UTC")
    sessions = (PlannedSession(session=SessionId("s1"), starts_at=mondays.first(FIRST)),)
    group = form(sessions, ("ida", "jon"))
    await transact(pool, cohort_stream(GROUP), cohort(Context(GROUP, GROUPS)), group, datetime.now(UTC))
    await follow(pool, cohort_stream(GROUP))
    assert await starts(pool, ANA) == {"s1": mondays.first(FIRST)}

    found = await common_times(pool, await of_cohort(pool, GROUP), weeks=4, many=1)
    (best,) = found.times
    assert (best.day, best.time, best.suits, best.members) == ("mon", "17:00", 3, 3)
    assert found.said_nothing == ["ida", "jon"]
    with pytest.raises(NoSuchCohort, match="there is no group 'other'"):
        await of_cohort(pool, "other")
