"""Wall time and instants, where clocks are changed."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.scheduling.clocks import WHOLE_DAY, instant, on_the_clock, shown_once
from domain.scheduling.free import Calendar, Quiet, free, hours
from domain.scheduling.intervals import Interval, common, fits, merged, without
from domain.scheduling.week import read_window
from tests.domain.scheduling.people import SAMPLE, assert_all_changes_are_found

BERLIN, LORD_HOWE, APIA = ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Pacific/Apia")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


def utc(*those: int) -> datetime:
    return datetime(*those, tzinfo=UTC)  # type: ignore[misc,arg-type]


def day_of(zone: ZoneInfo, day: date) -> tuple[datetime, datetime]:
    begin = datetime.combine(day, time(), zone)
    return begin.astimezone(UTC), datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def test_a_time_that_clocks_skip_is_no_instant() -> None:
    assert instant(BERLIN, SPRING, 2 * 60 + 30) is None
    assert instant(BERLIN, SPRING, 3 * 60) == utc(2026, 3, 29, 1)


def test_a_time_that_is_shown_twice_is_the_first_of_the_two() -> None:
    assert instant(BERLIN, AUTUMN, 2 * 60 + 30) == utc(2026, 10, 25, 0, 30)
    assert shown_once(BERLIN, *day_of(BERLIN, AUTUMN)) == [
        Interval(utc(2026, 10, 24, 22), utc(2026, 10, 25, 1)),
        Interval(utc(2026, 10, 25, 2), utc(2026, 10, 25, 23)),
    ]


def test_hours_in_a_gap_are_shorter_and_in_a_repeated_hour_not_longer() -> None:
    night = Calendar(BERLIN, (read_window("daily 01:00-04:00"),))
    assert free(night, *day_of(BERLIN, SPRING)) == [Interval(utc(2026, 3, 29, 0), utc(2026, 3, 29, 2))]
    assert free(night, *day_of(BERLIN, AUTUMN)) == [
        Interval(utc(2026, 10, 24, 23), utc(2026, 10, 25, 1)),
        Interval(utc(2026, 10, 25, 2), utc(2026, 10, 25, 3)),
    ]


def test_lord_howe_changes_its_clocks_by_half_an_hour() -> None:
    afternoon = Calendar(LORD_HOWE, (read_window("sat,sun 13:15-15:15"),))
    found = free(afternoon, utc(2026, 4, 3), utc(2026, 4, 6))
    assert found == [
        Interval(utc(2026, 4, 4, 2, 15), utc(2026, 4, 4, 4, 15)),  # at +11:00
        Interval(utc(2026, 4, 5, 2, 45), utc(2026, 4, 5, 4, 45)),  # at +10:30
    ]
    assert shown_once(LORD_HOWE, utc(2026, 4, 4, 14), utc(2026, 4, 4, 16)) == [
        Interval(utc(2026, 4, 4, 14), utc(2026, 4, 4, 15)),
        Interval(utc(2026, 4, 4, 15, 30), utc(2026, 4, 4, 16)),
    ]


def test_a_day_that_a_zone_skipped_has_no_hours() -> None:
    """Samoa went from the 29th of December 2011 to the 31st."""
    noon = Calendar(APIA, (read_window("daily 12:00-13:00"),))
    days = [one.start.astimezone(APIA).day for one in free(noon, utc(2011, 12, 28), utc(2012, 1, 2))]
    assert days == [28, 29, 31, 1, 2]
    assert instant(APIA, date(2011, 12, 30), 12 * 60) is None


def test_a_day_that_a_zone_had_twice_counts_once() -> None:
    """Kwajalein set its clocks back by 23 hours on 30 September 1969."""
    kwajalein = ZoneInfo("Pacific/Kwajalein")
    noon = Calendar(kwajalein, (read_window("daily 12:00-13:00"),))
    found = free(noon, utc(1969, 9, 28), utc(1969, 10, 3))
    local = [one.start.astimezone(kwajalein) for one in found]
    assert len({one.date() for one in local}) == len(local)
    assert all(one.fold == 0 for one in local)


def test_quiet_hours_may_span_midnight_and_holidays_are_days_of_the_person() -> None:
    calm = Calendar(BERLIN, quiet=Quiet.between(time(21), time(8)), holidays=frozenset({date(2026, 5, 1)}))
    assert free(calm, utc(2026, 4, 30, 12), utc(2026, 5, 2, 12)) == [
        Interval(utc(2026, 4, 30, 12), utc(2026, 4, 30, 19)),
        Interval(utc(2026, 5, 2, 6), utc(2026, 5, 2, 12)),
    ]


@pytest.mark.parametrize("zone", SAMPLE)
def test_every_change_of_clocks_is_found(zone: str) -> None:
    assert_all_changes_are_found(zone, timedelta(hours=6))


def test_intervals() -> None:
    a, b, c, d = (utc(2026, 1, 1, hour) for hour in (1, 2, 3, 4))
    assert merged([Interval(c, d), Interval(a, b), Interval(b, c), Interval(d, d)]) == [Interval(a, d)]
    assert without([Interval(b, c)], a, d) == [Interval(a, b), Interval(c, d)]
    assert without([Interval(a, d)], b, c) == []
    assert without([], a, b) == [Interval(a, b)]
    assert without([Interval(c, d)], a, b) == [Interval(a, b)]
    assert common([Interval(a, c)], [Interval(b, d)]) == [Interval(b, c)]
    assert fits([Interval(a, c)], Interval(a, c))
    assert not fits([Interval(a, b)], Interval(a, c))
    assert not fits([], Interval(a, b))


def test_a_whole_day_is_a_whole_day() -> None:
    assert on_the_clock(BERLIN, utc(2026, 1, 1), utc(2026, 12, 31), lambda _: WHOLE_DAY) == [
        Interval(utc(2026, 1, 1), utc(2026, 12, 31))
    ]
    assert hours((), BERLIN, utc(2026, 1, 1), utc(2026, 1, 3)) == []
