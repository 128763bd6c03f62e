"""When groups meet is booked with whoever leads them."""

from datetime import UTC, datetime, timedelta

from domain.cohort import Context, cohort
from domain.cohort.commands import CloseCohort, FormCohort, MoveSession, ReplaceMentor
from domain.cohort.events import Entrant, PlannedSession
from domain.ids import CohortId, JourneyId, LearnerId, MentorId, PathwayId, SessionId, cohort_stream
from domain.mentor import MENTOR, mentor_stream
from services.group_times import follow
from store.database import Pool
from store.transact import read, transact
from tests.domain.groups import GROUPS
from tests.workflows.kits import publish

ANA, BEN, GROUP = MentorId("ana"), MentorId("ben"), CohortId("circle-1")
FIRST = datetime.now(UTC).replace(microsecond=0) + timedelta(days=5)
DAY = timedelta(days=1)


async def starts(pool: Pool, mentor: MentorId) -> dict[str, datetime]:
    state = (await read(pool, mentor_stream(mentor), MENTOR)).state
    return {one.session: one.starts_at for one in state.booked.values()}


async def test_the_times_of_a_group_are_kept_moved_handed_on_and_freed(pool: Pool) -> None:
    await publish(pool, GROUPS)
    decider, stream, at = cohort(Context(GROUP, GROUPS)), cohort_stream(GROUP), datetime.now(UTC)
    sessions = (
        PlannedSession(session=SessionId("s1"), starts_at=FIRST),
        PlannedSession(session=SessionId("s2"), starts_at=FIRST + 7 * DAY),
    )
    members = tuple(Entrant(learner=LearnerId(one), journey=JourneyId(f"first-steps.{one}")) for one in ("ida", "jon"))
    form = FormCohort(
        program=GROUPS.program_id,
        kit=GROUPS.digest,
        pathway=PathwayId("fast"),
        number=1,
        mentors=(ANA,),
        sessions=sessions,
        members=members,
    )
    await transact(pool, stream, decider, form, at)
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
