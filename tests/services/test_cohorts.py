"""What a group asks of those who lead it: times and minutes, once for all members, checked where they are kept."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from domain.cohort.commands import CloseCohort, FormCohort, MoveSession, ReplaceMentor
from domain.ids import CohortId, MentorId, StreamId, cohort_stream
from domain.kit import Kit
from domain.mentor import MENTOR, MentorState, mentor_stream
from domain.mentor.bookings import BookTime
from domain.mentor.hours import Surroundings
from domain.mentor.ledger import ReservePlace
from domain.refusal import Rejected
from domain.scheduling.slots import Terms
from projections.runner import catch_up
from queries.cohorts import snapshot
from services.group_times import sweep
from store import people
from store.database import Pool
from store.ledger import reserve
from store.people import Person
from store.sequencer import drain
from store.transact import read, transact
from tests.support.groups import ANA, S2, Groups, an_hour_before, form, groups_on, large_groups, members
from tests.temporal import Running

BEN, CHO = MentorId("ben"), MentorId("cho")
HOUR = timedelta(hours=1)
OTHER = StreamId("journey-other")


@pytest.fixture
def kit() -> Kit:
    plain = large_groups(f"steps-{uuid4()}").model_dump()
    limits = {"minutes_a_week": 200, "costs": {"cohort": {"preparation": "20 minutes", "follow_up": "10 minutes"}}}
    return Kit.model_validate(plain | {"capacity": limits, "cohorts": {"least": 2, "most": 200, "mentors": 2}})


@pytest.fixture
async def groups(running: Running, pool: Pool) -> AsyncIterator[Groups]:
    async with groups_on(running.environment.client, pool, running.task_queue) as groups:
        yield groups


async def state_of(pool: Pool, mentor: MentorId) -> MentorState:
    return (await read(pool, mentor_stream(mentor), MENTOR)).state


async def to_form(groups: Groups, kit: Kit) -> tuple[CohortId, FormCohort]:
    command = form(kit, await members(groups.pool, kit, 3))
    return CohortId(f"{kit.program}.1"), command.model_copy(update={"mentors": (ANA, BEN)})


async def busy(pool: Pool, mentor: MentorId, at: datetime, holder: StreamId = OTHER, version: int = 1) -> None:
    nothing = timedelta(0)
    booking = BookTime(
        mentor=mentor,
        holder=holder,
        session=S2,
        as_of=version,
        starts_at=at,
        terms=Terms(HOUR, nothing, timedelta(days=100), nothing, timedelta(minutes=5)),
        around=Surroundings(),
        others=(),
        only_taken=True,
    )
    await transact(pool, mentor_stream(mentor), MENTOR, booking, datetime.now(UTC))


async def test_both_mentors_keep_the_time_and_spend_the_minutes_once(groups: Groups, kit: Kit) -> None:
    group, command = await to_form(groups, kit)
    await groups.do(group, command, an_hour_before())
    await groups.told(group)
    for mentor in (ANA, BEN):
        state = await state_of(groups.pool, mentor)
        assert [(one.session, one.starts_at) for one in state.booked.values()] == [(S2, command.sessions[1].starts_at)]
        place = state.places[cohort_stream(group)]
        assert (place.places, place.confirmed) == (0, True)
        assert [one.total for one in place.demand.shared] == [90, 90], "however many members there are"


async def test_a_mentor_who_meets_somebody_else_then_cannot_lead_the_group(groups: Groups, kit: Kit) -> None:
    group, command = await to_form(groups, kit)
    await busy(groups.pool, BEN, command.sessions[1].starts_at + HOUR / 2)
    with pytest.raises(Rejected, match=r"ben: .* does not suit") as refused:
        await groups.do(group, command, an_hour_before())
    assert refused.value.code == "time_taken"
    assert not (await snapshot(groups.pool, group)).state.formed
    ana = await state_of(groups.pool, ANA)
    assert (ana.booked, ana.places) == ({}, {}), "nothing is kept for a group that was not formed"


async def test_a_mentor_without_minutes_cannot_lead_another_group(groups: Groups, kit: Kit) -> None:
    """Each takes 90 of the 200 minutes that there are in a week."""
    _, command = await to_form(groups, kit)
    others = [
        command.model_copy(
            update={
                "number": number + 1,
                "sessions": tuple(
                    one.model_copy(update={"starts_at": one.starts_at + 2 * number * HOUR}) for one in command.sessions
                ),
            }
        )
        for number in (0, 1, 2)
    ]
    for number, other in enumerate(others[:2], start=1):
        await groups.do(CohortId(f"{kit.program}.{number}"), other, an_hour_before())
    with pytest.raises(Rejected, match=r"ana: .* minutes") as refused:
        await groups.do(CohortId(f"{kit.program}.3"), others[2], an_hour_before())
    assert refused.value.code == "no_minutes_left"
    assert len((await state_of(groups.pool, ANA)).places) == 2


async def test_what_is_moved_replaced_and_closed_is_followed(groups: Groups, kit: Kit) -> None:
    group, command = await to_form(groups, kit)
    await groups.do(group, command, an_hour_before())
    moved_to = command.sessions[1].starts_at.replace(microsecond=0) + timedelta(days=1)
    await groups.do(group, MoveSession(session=S2, starts_at=moved_to))
    await groups.do(group, ReplaceMentor(mentor=BEN, replacement=CHO))
    await groups.told(group)
    ana, ben, cho = [await state_of(groups.pool, one) for one in (ANA, BEN, CHO)]
    for mentor in (ana, cho):
        assert [one.starts_at for one in mentor.booked.values()] == [moved_to]
        assert cohort_stream(group) in mentor.places
    assert (ben.booked, ben.places) == ({}, {})
    await groups.do(group, CloseCohort(reason="too few"))
    await groups.told(group)
    ana = await state_of(groups.pool, ANA)
    assert (ana.booked, ana.places) == ({}, {})


async def test_a_move_that_does_not_suit_a_mentor_changes_nothing(groups: Groups, kit: Kit) -> None:
    group, command = await to_form(groups, kit)
    await groups.do(group, command, an_hour_before())
    await groups.told(group)
    moved_to = command.sessions[1].starts_at + timedelta(days=1)
    await busy(groups.pool, BEN, moved_to)
    with pytest.raises(Rejected, match="ben: "):
        await groups.do(group, MoveSession(session=S2, starts_at=moved_to))
    for mentor in (ANA, BEN):
        state = await state_of(groups.pool, mentor)
        mine = [one.starts_at for one in state.booked.values() if one.holder == cohort_stream(group)]
        assert mine == [command.sessions[1].starts_at], "as before"


async def test_of_two_who_form_the_same_group_the_second_takes_nothing_from_it(
    groups: Groups, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was formed, and its mentors were told of it, between the look at the group and the attempt to record it."""
    group, command = await to_form(groups, kit)
    other = command.model_copy(update={"mentors": (ANA, CHO)})

    async def overtaken(pool: Pool, asked: ReservePlace, now: datetime) -> None:
        monkeypatch.setattr("services.cohorts.reserve", reserve)
        await groups.do(group, command, an_hour_before())
        await groups.told(group)
        await reserve(pool, asked, now)

    monkeypatch.setattr("services.cohorts.reserve", overtaken)
    with pytest.raises(Rejected) as refused:
        await groups.do(group, other, an_hour_before())
    assert refused.value.code == "cohort_exists"
    for mentor in (ANA, BEN):
        state = await state_of(groups.pool, mentor)
        assert [one.starts_at for one in state.booked.values()] == [command.sessions[1].starts_at]
        assert cohort_stream(group) in state.places
    cho = await state_of(groups.pool, CHO)
    assert (cho.booked, cho.places) == ({}, {})


async def test_what_was_booked_for_a_group_by_a_killed_process_is_freed(groups: Groups, kit: Kit, dsn: str) -> None:
    """For one that was never formed, and for a move that was never recorded."""
    group, command = await to_form(groups, kit)
    await groups.do(group, command, an_hour_before())
    await groups.told(group)
    planned = command.sessions[1].starts_at
    for stream in (cohort_stream(group), cohort_stream(CohortId(f"{kit.program}.2"))):
        away = planned + timedelta(days=1 if stream == cohort_stream(group) else 2)
        await busy(groups.pool, ANA, away, stream, version=9)
    await drain(dsn)
    await catch_up(dsn)
    assert await sweep(groups.pool) == 0, "whoever books it may still be at it"
    assert await sweep(groups.pool, timedelta(0)) == 2
    ana = await state_of(groups.pool, ANA)
    assert [(one.holder, one.starts_at) for one in ana.booked.values()] == [(cohort_stream(group), planned)]
    await drain(dsn)
    await catch_up(dsn)
    assert await sweep(groups.pool, timedelta(0)) == 0


async def test_nobody_leads_a_group_who_is_no_mentor(groups: Groups, kit: Kit) -> None:
    group, command = await to_form(groups, kit)
    await people.upsert_many(groups.pool, [Person("ana", "mentor", "Ana Ruiz")])
    with pytest.raises(Rejected, match="no mentor 'ben' is known"):
        await groups.do(group, command, an_hour_before())
