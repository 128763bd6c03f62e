"""The heat map of mentors, the calendar of groups and the reasons of a match, from what queries answer."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from domain.ids import CohortId, JourneyId, KitDigest, LearnerId, MentorId, PathwayId, ProgramId, RoundId, SessionId
from domain.matching.explanation import Choice, Exclusion, Explanation
from domain.mentor.utilization import Utilization
from interfaces.http.pages.cohorts.calendar import calendar, first_day, span
from interfaces.http.pages.matching.explanation import explanation_page
from interfaces.http.pages.mentors import load
from interfaces.http.pages.mentors.load import cell
from projections.capacity import Capacity, MentorCapacity
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


def of_mentors(number: int) -> Capacity:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    found = [
        MentorCapacity(
            *(MentorId(f"m-{nth:02}"), f"Mentor {nth % 7}", None),
            Utilization(2, 1, 0, None, (0,), nth % 5 / 10, "at_target"),
            *(nth % 3, None, (False,)),
        )
        for nth in range(number)
    ]
    return Capacity(ProgramId("p"), "1", KitDigest("d"), now, 0.8, 1.0, ("2026-W10",), found, (), (), 0)


@pytest.mark.parametrize("sort", load.SORTS)
def test_pages_of_mentors_go_on_where_they_ended(sort: load.Sort, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "PAGE", 4)
    found = of_mentors(23)
    names = {str(one.mentor): one.name or "" for one in found.mentors}
    wanted = load.Wanted(sort=sort)
    whole = [one.mentor for one in load.chosen(found, wanted, names)]
    seen: list[str] = []
    while rest := load.behind(load.chosen(found, wanted, names), wanted, names):
        shown = rest[: load.PAGE]
        seen += [one.mentor for one in shown]
        cursor = load.CURSORS.written(load.place_of(shown[-1]))
        wanted = load.Wanted(sort=sort, after=load.CURSORS.read(cursor))
        fewer = [one for one in found.mentors if one.mentor != seen[-2]] if len(seen) < 5 else found.mentors
        found = replace(found, mentors=fewer)
    assert seen == whole, "although one of those that were shown has gone"


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
    titles = Titles("P", False, "Circle", {}, {"fast": {"s1": "Kickoff"}, "slow": {"s1": "Welcome"}}, {}, {}, {})
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
