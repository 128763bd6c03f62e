"""A mentor's day: whom they see when on their clock, what to prepare, what they owe, and what of it is late."""

from datetime import date, timedelta

import pytest

from domain.ids import CohortId, JourneyId, LearnerId, MentorId
from domain.journey import events as e
from domain.journey.cohort import CohortJoined, Meeting
from domain.mentor import mentor_stream
from domain.mentor.checks import RecordCheck
from domain.mentor.leave import PlanLeave
from domain.mentor.office_hours import OfficeHoursOffered, SeatBooked
from domain.mentor.profile import ProfileChanges, UpdateProfile
from projections.runner import catch_up
from queries.mentor_day import mentor_day, together
from services.mentors import change
from store import people, sequencer
from store.codec import encode
from store.database import Pool
from store.event_log import EventLog
from store.people import Person
from tests.commands import Trellis
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


async def test_a_group_is_met_at_once(journeys: str, pool: Pool) -> None:
    meetings = (Meeting(session=S1, starts_at=day(6)),)
    for learner in ("uma", "vic"):
        joined = CohortJoined(at=day(4), cohort=CohortId("g-1"), since=day(4), meetings=meetings)
        await told.tell(pool, KIT, (*in_sessions, joined), learner)
    await show(journeys)
    found = await mentor_day(pool, ANA, day(7, 2), date(2026, 3, 8))
    met = [[one.learner for one in those] for those in together(found.sees)]
    assert met == [["lea"], ["max"], ["noa"], ["uma", "vic"]]
    assert {one.learner: one.cohort for one in found.owes if one.cohort} == {"uma": "g-1", "vic": "g-1"}


async def test_office_hours_are_part_of_the_day(pool: Pool, dsn: str) -> None:
    await people.upsert_many(pool, [Person("ana", "mentor", "Ana Ruiz"), Person("lea", "learner", "Lea Brandt")])
    name, program = "o-1", KIT.program_id
    offered = OfficeHoursOffered(
        at=day(1), office_hours=name, program=program, starts_at=day(6), ends_at=day(6, 1), seats=3, purpose="CVs"
    )
    journey = JourneyId("first-steps.lea")
    booked = SeatBooked(at=day(2), office_hours=name, journey=journey, learner=LearnerId("lea"))
    await EventLog(pool).append(mentor_stream(ANA), 0, "hours", encode([offered, booked], "hours"))
    await show(dsn)
    (hours,) = (await mentor_day(pool, ANA, day(6, 2))).office_hours
    assert (hours.purpose, hours.names, hours.seats) == ("CVs", ("Lea Brandt",), 3)
    assert (await mentor_day(pool, ANA, day(7, 2))).office_hours == ()


async def test_leave_checks_and_the_time_zone_of_the_profile_count(journeys: str, pool: Pool) -> None:
    commands = (
        UpdateProfile(mentor=ANA, changes=ProfileChanges(time_zone="Europe/Berlin")),
        PlanLeave(mentor=ANA, starts_at=day(5), ends_at=day(6)),
        RecordCheck(mentor=ANA, check="background", valid_until=date(2026, 4, 8)),
        RecordCheck(mentor=ANA, check="references"),
    )
    await change(pool, commands, day(1))
    await show(journeys)
    found = await mentor_day(pool, ANA, day(6, 2))
    assert found.time_zone == "Europe/Berlin"
    assert found.leave
    later = await mentor_day(pool, ANA, day(8))
    assert (later.leave, [one.check for one in later.checks]) == (None, ["background"])
    assert found.checks == (), "it counts for more than 30 days"


async def test_as_it_is_typed(trellis: Trellis, journeys: str, pool: Pool) -> None:
    for learner in ("uma", "vic"):
        meetings = (Meeting(session=S1, starts_at=day(6)),)
        joined = CohortJoined(at=day(4), cohort=CohortId("g-1"), since=day(4), meetings=meetings)
        await told.tell(pool, KIT, (*in_sessions, joined), learner)
    await show(journeys)
    said = (await trellis("mentor", "day", "ana", "--date", "2026-03-08")).out
    for line in (
        "Ana Ruiz (ana), Sunday, 08 March 2026, Asia/Tokyo: 5 learners",
        "21:00-22:00  Lea Brandt: Goals, hybrid  [first-steps.lea]",
        "21:00-22:00  max: Goals, hybrid (attended)  [first-steps.max]",
        "21:00-22:00  Group of 2 learners: Goals, hybrid  [g-1]",
        "Group of 2 learners: attendance of session Goals  [g-1]",
        "noa: review of milestone CV  [first-steps.noa]",
        "ole: answer to the offered match  [first-steps.ole]",
    ):
        assert line in said, said
    ahead = (await trellis("mentor", "day", "ana", "--date", "2026-03-12")).out
    for line in ("Sessions: none", "Fri 13 Mar 21:00-22:00  max: Review", "own goal: Lead with results"):
        assert line in ahead, ahead
    assert "last time: You will ask two people" in ahead
    found = (await trellis("mentor", "day", "ana", "--json")).json
    assert found["learners"] == 5
