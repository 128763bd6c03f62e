"""The dates that a journey asks of its mentor from now on."""

from domain.journey.events import AttendanceRecorded, JourneyPaused
from domain.journey.plan import ahead
from tests.domain.specification import given
from tests.domain.stories import KIT, S1, S2, S3, day, in_sessions, matching, started, wrapping_up


def test_there_are_none_before_a_pathway_is_chosen() -> None:
    assert ahead(KIT, given(*started).state, day(1)) is None


def test_before_the_match_they_are_those_of_a_match_made_now() -> None:
    plan = ahead(KIT, given(*matching).state, day(4))
    assert plan
    assert (plan.starts_at, plan.ends_at) == (day(4), day(32))
    assert plan.sessions == ((S1, day(7)), (S2, day(12)), (S3, day(19)))


def test_they_stay_where_they_are_and_what_was_called_off_is_gone() -> None:
    held = AttendanceRecorded(at=day(6), session=S1, attendance="attended")
    off = AttendanceRecorded(at=day(7), session=S2, attendance="cancelled_in_time")
    plan = ahead(KIT, given(*in_sessions, held, off).state, day(7))
    assert plan
    assert (plan.starts_at, plan.ends_at) == (day(7), day(31))
    assert plan.sessions == ((S1, day(6)), (S3, day(18)))


def test_in_a_pause_they_are_those_at_its_end() -> None:
    paused = JourneyPaused(at=day(10), reason="exams", until=day(20))
    plan = ahead(KIT, given(*in_sessions, paused).state, day(10))
    assert plan
    assert (plan.starts_at, plan.ends_at) == (day(20), day(41))
    assert plan.sessions == ((S1, day(6)), (S2, day(21)), (S3, day(28)))


def test_in_the_wrap_up_nothing_is_left_after_the_end() -> None:
    plan = ahead(KIT, given(*wrapping_up).state, day(40))
    assert plan
    assert plan.starts_at == plan.ends_at
