"""In breaks the clocks of inactivity rest, and everything else goes on."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.kit.breaks import Break, elapsed
from domain.kit.escalation import CONDITIONS

DAY = timedelta(days=1)
WINTER = Break(title="Winter", starts_on=date(2026, 12, 21), ends_on=date(2027, 1, 3))


def at(month: int, day: int, hour: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "days", "until"),
    [
        (at(12, 1), 7, at(12, 8)),
        (at(12, 14), 7, at(12, 21)),  # over when the break begins
        (at(12, 18), 7, at(1, 8, year=2027)),  # three days before it, four after
        (at(12, 25, 12), 7, at(1, 11, year=2027)),  # seen in the break: counts from its end
        (at(1, 5, year=2027), 7, at(1, 12, year=2027)),
    ],
)
def test_days_of_a_break_do_not_count(since: datetime, days: int, until: datetime) -> None:
    assert elapsed(since, days * DAY, [WINTER]) == until
    assert elapsed(since, days * DAY, []) == since + days * DAY


_DAYS = st.integers(min_value=0, max_value=400)


@given(
    since=st.integers(min_value=0, max_value=400 * 24),
    lasting=st.integers(min_value=1, max_value=60 * 24),
    breaks=st.lists(st.tuples(_DAYS, st.integers(min_value=0, max_value=40)), max_size=4),
)
def test_as_counted_hour_by_hour(since: int, lasting: int, breaks: list[tuple[int, int]]) -> None:
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    first = begin.date()
    made = [
        Break(title="b", starts_on=first + start * DAY, ends_on=first + (start + more) * DAY) for start, more in breaks
    ]
    resting = {
        day * 24 + hour for start, more in breaks for day in range(start, start + more + 1) for hour in range(24)
    }
    hour, left = since, lasting
    while left:
        left -= hour not in resting
        hour += 1
    hours = timedelta(hours=1)
    assert elapsed(begin + since * hours, lasting * hours, made) == begin + hour * hours


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"ends_on": date(2026, 12, 20)}, "before it starts"),
        ({"ends_on": date(2027, 6, 1)}, "more than 120 days"),
    ],
)
def test_what_is_no_break_is_refused(change: dict[str, date], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Break.model_validate({"title": "Winter", "starts_on": date(2026, 12, 21), "ends_on": date(2027, 1, 3)} | change)


def test_only_the_rules_of_silence_rest() -> None:
    assert {one.__name__ for one in CONDITIONS if one.rests_in_breaks} == {"NoActivity", "QuieterThan", "MentorSilent"}
