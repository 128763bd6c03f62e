"""The heat map of mentors and the calendar of groups, from what queries answer."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from domain.ids import CohortId, MentorId, PathwayId, ProgramId, SessionId
from interfaces.http.pages.cohorts.calendar import calendar, first_day, span
from interfaces.http.pages.mentors.load import cell
from projections.views.bookings import GroupMeeting

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("minutes", "most", "away", "step"),
    [
        (0, 100, False, "0"),
        (1, 100, False, "1"),
        (60, 100, False, "3"),
        (100, 100, False, "5"),
        (101, 100, False, "over"),
        (30, None, False, "1"),
        (0, None, True, "away"),
    ],
)
def test_a_week_has_a_color_and_words(minutes: int, most: int | None, away: bool, step: str) -> None:
    found = cell(minutes, most, 1.0, away=away)
    assert found.step == step
    assert found.says


def test_a_meeting_is_on_the_day_that_it_is_where_the_reader_is() -> None:
    at = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    met = GroupMeeting(
        *(CohortId("p.1"), ProgramId("p"), PathwayId("fast"), 1, SessionId("s1"), at, at, [MentorId("ana")])
    )
    first = first_day(None, datetime(2026, 3, 4, 12, tzinfo=UTC), BERLIN)
    assert first == date(2026, 3, 2)
    assert span(first, BERLIN)[0] == datetime(2026, 3, 1, 23, tzinfo=UTC)
    now = datetime(2026, 3, 4, 12, tzinfo=UTC)
    shown = calendar([met], first, now, BERLIN, titles={}, groups={"p": "Circle"}, names={"ana": "Ana"})
    tuesday = shown.weeks[0].days[1]
    assert [(one.at, one.group, one.title, one.mentors) for one in tuesday.meetings] == [
        ("00:30", "Circle 1", "s1", "Ana")
    ]
    assert [day.label for day in shown.weeks[0].days if day.today] == ["04 Mar"]
    assert (shown.before, shown.after) == ("2026-02-02", "2026-03-30")
