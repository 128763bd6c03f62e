"""A mentor's day: whom they see when on their clock, what to prepare, what they owe, and what of it is late."""

from datetime import date, timedelta

import pytest

from domain.ids import MentorId
from domain.journey import events as e
from domain.mentor.leave import PlanLeave
from domain.mentor.profile import ProfileChanges, UpdateProfile
from projections.runner import catch_up
from queries.mentor_day import mentor_day
from services.mentors import change
from store import people, sequencer
from store.database import Pool
from store.people import Person
from tests.domain.stories import ANA, BEN, KIT, S1, S2, day, handed_in, in_sessions, matching
from tests.queries import told

NOTES = (
    e.AttendanceRecorded(at=day(6, 1), session=S1, attendance="attended"),
    e.FollowUpSent(at=day(7), session=S1, summary="You will ask two people", items=()),
    e.SessionPrepared(at=day(10), session=S2, answers={}, goal="Lead with results", artifact="https://cv.example"),
)


@pytest.fixture
async def journeys(pool: Pool, dsn: str) -> str:
    """Ana sees Lea on day 6 and Max on day 11, has a milestone of Noa to review, and is asked to take Ole."""
    await people.upsert_many(
        pool, [Person("ana", "mentor", "Ana Ruiz", None, "Asia/Tokyo"), Person("lea", "learner", "Lea Brandt")]
    )
    await told.tell(pool, KIT, in_sessions, "lea")
    await told.tell(pool, KIT, (*in_sessions, *NOTES), "max")
    await told.tell(pool, KIT, handed_in, "noa")
    offered = e.MatchOffered(at=day(4), mentor=ANA, asks=("mentor", "learner"), expires_at=day(8))
    await told.tell(pool, KIT, (*matching, offered), "ole")
    bens = e.MatchOffered(at=day(4), mentor=BEN, asks=("mentor",), expires_at=day(8))
    await told.tell(pool, KIT, (*matching, bens), "pia")
    await told.tell(pool, KIT, (*in_sessions, e.JourneyClosed(at=day(4), ending="withdrawn", reason="moved")), "gone")
    await show(dsn)
    return dsn


async def show(dsn: str) -> None:
    await sequencer.drain(dsn)
    await catch_up(dsn)


@pytest.mark.usefixtures("journeys")
async def test_the_day_is_that_of_the_mentors_clock(pool: Pool) -> None:
    found = await mentor_day(pool, ANA, day(6, 2))
    assert (found.day, found.time_zone, found.learners, found.left_out) == (date(2026, 3, 8), "Asia/Tokyo", 3, 0)
    assert [(one.name, one.meeting.title, one.meeting.attendance) for one in found.sees] == [
        ("Lea Brandt", "Goals", None),
        ("max", "Goals", "attended"),
        ("noa", "Goals", None),
    ]
    (lea, *_) = found.sees
    assert f"{lea.meeting.starts_there:%H:%M %Z}" == "21:00 JST"
    assert lea.ends_at - lea.meeting.starts_at == timedelta(hours=1)
    late_in_tokyo = await mentor_day(pool, ANA, day(6, 3.5))
    assert (late_in_tokyo.day, late_in_tokyo.sees) == (date(2026, 3, 9), ())


@pytest.mark.usefixtures("journeys")
async def test_what_is_to_be_prepared_comes_with_the_session(pool: Pool) -> None:
    found = await mentor_day(pool, ANA, day(9), date(2026, 3, 12))
    assert found.sees == ()
    coming = {one.learner: one for one in found.coming}
    assert set(coming) == {"lea", "max", "noa"}
    of_max = coming["max"]
    assert (of_max.meeting.title, of_max.meeting.agenda.own_goal, of_max.before) == (
        "Review",
        "Lead with results",
        "You will ask two people",
    )
    assert of_max.meeting.agenda.brought == "https://cv.example"


@pytest.mark.usefixtures("journeys")
async def test_what_a_mentor_owes_is_there_with_what_is_late(pool: Pool) -> None:
    found = await mentor_day(pool, ANA, day(7, 2))
    assert {(one.learner, one.duty) for one in found.late} == {("lea", "attendance"), ("noa", "attendance")}
    owed = {(one.learner, one.duty): one for one in found.owes}
    assert set(owed) == {("lea", "attendance"), ("noa", "attendance"), ("noa", "milestone_review"), ("ole", "offer")}
    assert owed["noa", "milestone_review"].says == "review of milestone CV"
    assert [one.due_at for one in found.owes] == sorted(one.due_at for one in found.owes)


@pytest.mark.usefixtures("journeys")
async def test_an_offer_is_owed_by_the_mentor_who_is_asked(pool: Pool) -> None:
    found = await mentor_day(pool, BEN, day(5)) if await _known(pool, BEN) else None
    assert found
    assert [(one.learner, one.duty, one.late) for one in found.owes] == [("pia", "offer", False)]
    assert found.learners == 0


async def _known(pool: Pool, mentor: MentorId) -> bool:
    await people.upsert_many(pool, [Person(mentor, "mentor", mentor)])
    return True


async def test_leave_and_the_time_zone_of_the_profile_count(journeys: str, pool: Pool) -> None:
    commands = (
        UpdateProfile(mentor=ANA, changes=ProfileChanges(time_zone="Europe/Berlin")),
        PlanLeave(mentor=ANA, starts_at=day(5), ends_at=day(6)),
    )
    await change(pool, commands, day(1))
    await show(journeys)
    found = await mentor_day(pool, ANA, day(6, 2))
    assert found.time_zone == "Europe/Berlin"
    assert found.leave
    assert (await mentor_day(pool, ANA, day(8))).leave is None
