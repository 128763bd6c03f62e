"""Offers for a pair: none at a time that either side excluded, and all others."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.scheduling.free import Calendar, Quiet
from domain.scheduling.intervals import Interval
from domain.scheduling.slots import Terms, offers, problems, spread
from domain.scheduling.week import read_window
from tests.domain.scheduling.fuzz import check, sampled
from tests.domain.scheduling.people import changes_of, zones

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
NOW = datetime(2026, 3, 2, 7, 10, tzinfo=UTC)
TERMS = Terms(
    length=timedelta(hours=1),
    notice=timedelta(hours=24),
    horizon=timedelta(days=21),
    buffer=timedelta(minutes=10),
    step=timedelta(minutes=30),
)


def utc(*those: int) -> datetime:
    return datetime(2026, *those, tzinfo=UTC)  # type: ignore[misc,arg-type]


def berlin(hours: str = "mon-fri 16:00-20:00", **more: object) -> Calendar:
    return Calendar(BERLIN, (read_window(hours),), **more)  # type: ignore[arg-type]


def new_york(hours: str = "mon-fri 09:00-13:00", **more: object) -> Calendar:
    return Calendar(NEW_YORK, (read_window(hours),), **more)  # type: ignore[arg-type]


def test_both_sides_hours_count_each_on_their_own_clocks_across_changes_of_clocks() -> None:
    """From 8 to 29 March New York is one hour nearer to Berlin than in the rest of the year."""
    found = offers(berlin(), new_york(), TERMS, NOW)
    assert found.starts[0] == utc(3, 3, 15)  # 16:00 in Berlin, 10:00 in New York
    assert max(one for one in found.starts if one.date() == utc(3, 3).date()) == utc(3, 3, 17)
    assert max(one for one in found.starts if one.date() == utc(3, 9).date()) == utc(3, 9, 16)  # 12:00 in New York
    assert all(one.minute in (0, 30) for one in found.starts)


def test_why_there_are_none_is_told_by_rule() -> None:
    found = offers(berlin("mon-fri 08:00-10:00"), new_york(), TERMS, NOW)
    assert not found.starts
    lost = {(one.side, one.rule): (one.taken, one.without_it) for one in found.lost}
    assert lost["mentor", "hours"][1] > 0
    assert lost["learner", "hours"][1] > 0
    assert lost["program", "notice"][1] == 0


def test_what_is_booked_keeps_its_distance_from_the_mentor_only() -> None:
    taken = Interval(utc(3, 3, 16), utc(3, 3, 17))
    of_mentor = offers(berlin(booked=(taken,)), new_york(), TERMS, NOW).starts
    of_learner = offers(berlin(), new_york(booked=(taken,)), TERMS, NOW).starts
    day = utc(3, 3).date()
    assert [one for one in of_mentor if one.date() == day] == []
    assert [one for one in of_learner if one.date() == day] == [utc(3, 3, 15), utc(3, 3, 17)]


def test_whoever_has_said_nothing_about_hours_can_meet_outside_their_quiet_hours() -> None:
    night = Quiet(21 * 60, 8 * 60)
    found = offers(berlin(), Calendar(NEW_YORK, quiet=night), TERMS, NOW)
    assert found.starts
    assert all(8 <= one.astimezone(NEW_YORK).hour < 20 for one in found.starts)


def test_a_time_that_does_not_suit_is_refused_with_its_rules_and_one_that_does_is_not() -> None:
    assert problems(berlin(), new_york(), TERMS, NOW, utc(3, 3, 15)) == []
    assert problems(berlin(), new_york(), TERMS, NOW, utc(3, 3, 12)) == [("mentor", "hours"), ("learner", "hours")]
    assert problems(berlin(), new_york(), TERMS, NOW, utc(3, 2, 15)) == [("program", "notice")]
    assert problems(berlin(), new_york(), TERMS, NOW, utc(3, 2, 6)) == [
        ("program", "notice"),
        ("mentor", "hours"),
        ("learner", "hours"),
    ]
    away = berlin(leave=(Interval(utc(3, 1), utc(3, 8)),))
    assert problems(away, new_york(), TERMS, NOW, utc(3, 3, 15)) == [("mentor", "leave")]


def test_nothing_is_offered_that_would_end_too_late() -> None:
    terms = Terms(TERMS.length, TERMS.notice, TERMS.horizon, TERMS.buffer, TERMS.step, ends_by=utc(3, 3, 16, 30))
    found = offers(berlin(), new_york(), terms, NOW)
    assert list(found.starts) == [utc(3, 3, 15), utc(3, 3, 15, 30)]
    assert ("program", "ends_by") in {(one.side, one.rule) for one in found.lost}


def test_offers_are_spread_over_days_the_soonest_of_each_first() -> None:
    found = offers(berlin(), new_york(), TERMS, NOW).starts
    assert spread(found, 3, berlin()) == [utc(3, 3, 15), utc(3, 4, 15), utc(3, 5, 15)]
    one_day = [one for one in found if one.date() == utc(3, 3).date()]
    assert spread(one_day, 2, berlin()) == [one_day[0], one_day[-1]]
    assert spread(one_day, 50, berlin()) == one_day
    assert spread([], 5, berlin()) == []


def test_a_seeded_sample_of_all_changes_of_clocks() -> None:
    """`make fuzz-times` checks all of them."""
    assert sampled(seed=11, many=120) == []


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(zones()), st.sampled_from(zones()), st.integers(0, 2**32))
def test_around_a_change_of_clocks_offers_are_exactly_what_suits(zone: str, other: str, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
    at = chance.choice([one.at for one in changes_of(zone)] or [NOW])
    assert check(chance, zone, other, at) is None


@pytest.mark.parametrize("step", [timedelta(0), timedelta(minutes=1)])
def test_steps_are_never_finer_than_five_minutes(step: timedelta) -> None:
    terms = Terms(TERMS.length, TERMS.notice, timedelta(days=2), TERMS.buffer, step)
    assert offers(berlin(), new_york(), terms, NOW).considered <= 2 * 288 + 1
