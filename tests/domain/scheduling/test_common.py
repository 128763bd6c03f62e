"""The time of the week for a group."""

import random
from datetime import UTC, date, datetime, timedelta
from time import process_time
from zoneinfo import ZoneInfo

import pytest

from domain.scheduling.common import MOST_MEMBERS, Member, Term, common_slots
from domain.scheduling.free import Calendar
from domain.scheduling.intervals import Interval
from domain.scheduling.week import read_window
from tests.domain.scheduling.people import MINUTE, a_week, can_meet, zones

BERLIN, PHOENIX, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/Phoenix"), ZoneInfo("America/New_York")
TERM = Term(BERLIN, date(2026, 2, 2), weeks=16, length=timedelta(hours=1), step=timedelta(minutes=30))


def member(name: str, zone: ZoneInfo, hours: str | None, **more: object) -> Member:
    week = (read_window(hours),) if hours else ()
    leads = bool(more.pop("leads", False))
    return Member(name, Calendar(zone, week, **more), leads)  # type: ignore[arg-type]


MENTOR = member("mentor", BERLIN, "mon-thu 17:00-20:00", leads=True)


def test_a_time_that_suits_all_of_them() -> None:
    (slot,) = common_slots([MENTOR, member("ada", NEW_YORK, "wed 11:00-13:00"), member("bo", BERLIN, None)], TERM)
    assert (slot.day, slot.minute, slot.unsuited) == ("wed", 17 * 60, [])
    assert len(slot.meetings) == 16
    assert {one.astimezone(BERLIN).hour for one in slot.meetings} == {17}
    assert slot.meetings[0] == datetime(2026, 2, 4, 16, tzinfo=UTC)


def test_a_time_that_suits_in_winter_and_not_in_summer_says_from_when() -> None:
    """Phoenix never changes its clocks: 17:00 in Berlin is 9:00 there in winter and 8:00 in summer."""
    only = member("mentor", BERLIN, "tue 17:00-18:00", leads=True)
    (slot,) = common_slots([only, member("phil", PHOENIX, "daily 09:00-12:00")], TERM)
    (unsuited,) = slot.unsuited
    assert (unsuited.member, unsuited.since, unsuited.until) == ("phil", datetime(2026, 3, 31, 15, tzinfo=UTC), None)
    assert unsuited.reasons == {"hours": len(unsuited.misses)}


def test_a_time_that_suits_only_later_says_until_when_it_does_not() -> None:
    away = member(
        "bo", BERLIN, None, leave=(Interval(datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 2, 12, tzinfo=UTC)),)
    )
    (slot,) = common_slots([MENTOR, away], TERM)
    (unsuited,) = slot.unsuited
    assert slot.day == "thu"  # a day on which only one meeting falls into the leave
    assert (len(unsuited.misses), unsuited.since, unsuited.until) == (1, None, slot.meetings[1])
    assert unsuited.reasons == {"leave": 1}


def test_whoever_leads_goes_first_and_then_it_suits_as_many_as_possible() -> None:
    three = [member(f"l-{nth}", BERLIN, "fri 09:00-12:00") for nth in range(3)]
    two = [member(f"m-{nth}", BERLIN, "tue 18:00-20:00") for nth in range(2)]
    (slot,) = common_slots([MENTOR, *three, *two], TERM)
    assert (slot.day, slot.minute) == ("tue", 18 * 60)
    assert [one.member for one in slot.unsuited] == ["l-0", "l-1", "l-2"]
    (without_mentor,) = common_slots([*three, *two], TERM)
    assert (without_mentor.day, [one.member for one in without_mentor.unsuited]) == ("fri", ["m-0", "m-1"])


def test_holidays_of_whoever_leads_are_told_as_theirs() -> None:
    mentor = member("mentor", BERLIN, "fri 17:00-18:00", leads=True, holidays=frozenset({date(2026, 4, 3)}))
    (slot,) = common_slots([mentor], TERM)
    (unsuited,) = slot.unsuited
    assert (unsuited.leads, unsuited.reasons) == (True, {"holiday": 1})


def test_the_order_of_members_does_not_matter_and_there_are_as_many_as_asked_for() -> None:
    group = [MENTOR, member("ada", NEW_YORK, "wed 11:00-14:00"), member("bo", BERLIN, "mon-wed 18:00-20:00")]
    assert common_slots(group, TERM, 4) == common_slots(group[::-1], TERM, 4)
    assert len(common_slots(group, TERM, 4)) == 4


@pytest.mark.parametrize("seed", range(6))
def test_what_is_said_of_each_member_is_so_by_their_own_clocks(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
    names = zones()
    group = [Member(f"l-{nth}", Calendar(ZoneInfo(chance.choice(names)), a_week(chance))) for nth in range(5)]
    term = Term(ZoneInfo(chance.choice(names)), date(2027, 2, 8), 12, timedelta(minutes=45), timedelta(minutes=15))
    for slot in common_slots(group, term, 3):
        misses = {one.member: list(one.misses) for one in slot.unsuited}
        for one in group:
            suits = [all(can_meet(one.calendar, at + nth * MINUTE) for nth in range(45)) for at in slot.meetings]
            missed = [at for at, fine in zip(slot.meetings, suits, strict=True) if not fine]
            assert misses.get(one.member, []) == missed


def test_two_hundred_members_over_half_a_year_take_a_moment() -> None:
    chance = random.Random(3)  # noqa: S311 - to be repeated, not to be secret
    names = zones()
    group = [Member(f"l-{nth:03}", Calendar(ZoneInfo(chance.choice(names)), a_week(chance))) for nth in range(200)]
    began = process_time()
    (slot,) = common_slots(group, Term(BERLIN, date(2026, 2, 2), 26, timedelta(hours=1), timedelta(minutes=30)))
    assert slot.unsuited
    assert process_time() - began < 10, "seconds of a processor, however busy the machine is"


def test_more_than_can_be_compared_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 250 members"):
        common_slots([MENTOR] * (MOST_MEMBERS + 1), TERM)
