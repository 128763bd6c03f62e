"""The heat map of mentors, the calendar of groups and the reasons of a match, from what queries answer."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from domain.ids import CohortId, JourneyId, LearnerId, MentorId, PathwayId, ProgramId, RoundId, SessionId
from domain.matching.explanation import Choice, Exclusion, Explanation
from interfaces.http.pages.cohorts.calendar import calendar, first_day, span
from interfaces.http.pages.matching.explanation import explanation_page
from interfaces.http.pages.mentors.load import cell
from projections.views.cohorts import GroupMeeting
from queries.matching import Explained
from queries.titles import Titles

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
        *(CohortId("p.1"), ProgramId("p"), PathwayId("fast"), 1, SessionId("s1"), at),
        settled=False,
        called_off=False,
        mentors=[MentorId("ana")],
    )
    first = first_day(None, datetime(2026, 3, 4, 12, tzinfo=UTC), BERLIN)
    assert first == date(2026, 3, 2)
    assert span(first, BERLIN)[0] == datetime(2026, 3, 1, 23, tzinfo=UTC)
    now = datetime(2026, 3, 4, 12, tzinfo=UTC)
    titles = Titles("P", False, "Circle", {}, {"fast": {"s1": "Kickoff"}, "slow": {"s1": "Welcome"}}, {})
    shown = calendar([met], first, now, BERLIN, titles={"p": titles}, names={"ana": "Ana"})
    tuesday = shown.weeks[0].days[1]
    assert [(one.at, one.group, one.title, one.mentors, one.standing) for one in tuesday.meetings] == [
        ("00:30", "Circle 1", "Kickoff", "Ana", "attendance to be recorded")
    ]
    assert [day.label for day in shown.weeks[0].days if day.today] == ["04 Mar"]
    assert (shown.before, shown.after) == ("2026-02-02", "2026-03-30")


def test_an_explanation_has_names_and_one_line_for_each_mentor_who_is_not_possible() -> None:
    nothing = Choice(mentor=None, points=None, price=158.0, moves=(), says="No mentor for l-1 would cost 158 points.")
    told = Explanation(
        journey=JourneyId("p.l-1"),
        learner=LearnerId("l-1"),
        mentor=MentorId("m-2"),
        points=100.0,
        pinned=False,
        says="m-2 fits with 100 points; m-20 does not.",
        why=None,
        waited_days=1,
        unmatched_price=60.0,
        least_points=40.0,
        contributions=(),
        choices=(nothing,),
        excluded=tuple(
            Exclusion(mentor=MentorId("m-3"), rule="rule", says=says) for says in ("has no place", "is on leave")
        ),
        preferring=(),
        rank_from_below=None,
    )
    names = {"l-1": "Lea", "m-2": "Joel", "m-3": "Mei"}
    found = Explained(RoundId("p-1"), 1, told, names)
    page = explanation_page("p", 1, found, None, acts=True)
    assert page.says == "Joel fits with 100 points; m-20 does not."
    assert [one.says for one in page.choices] == ["No mentor for Lea would cost 158 points."]
    assert [(one.name, one.because) for one in page.excluded] == [("Mei", "has no place; is on leave")]
