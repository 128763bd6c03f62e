"""Public holidays by place, and places that nobody knows."""

from datetime import date
from pathlib import Path

import pytest

from kits.public_holidays import free_days, problem_with
from tests.support.small_kit import SMALL, problems


def test_holidays_are_those_of_all_places_in_all_years() -> None:
    days = free_days(("DE-BY", "US"), date(2026, 12, 1), date(2027, 2, 1))
    assert {date(2026, 1, 6), date(2026, 7, 4), date(2027, 1, 6)} <= days
    assert date(2026, 1, 6) not in free_days(("DE",), date(2026, 1, 1), date(2026, 1, 1))
    assert free_days((), date(2026, 1, 1), date(2026, 1, 1)) == frozenset()
    assert free_days(("XX",), date(2026, 1, 1), date(2026, 1, 1)) == frozenset()


@pytest.mark.parametrize(
    ("place", "remedy"),
    [
        ("de", "did you mean 'DE'?"),
        ("US-CAL", "did you mean 'US-CA'?"),
        ("Germany", "write a country such as DE or US, or a part of one such as DE-BY"),
        ("DE-", None),
        ("DE-BY", None),
    ],
)
def test_an_unknown_place_is_told_with_the_nearest(place: str, remedy: str | None) -> None:
    found = problem_with(place)
    assert (found[1] if found else None) == remedy


def test_the_check_of_a_program_tells_the_line(tmp_path: Path) -> None:
    said = problems(tmp_path, SMALL + "meeting:\n  holidays: [DE, US-CAL]\n")
    (found,) = [one for one in said if "holidays" in one]
    assert found.startswith(":24: meeting.holidays.1: no public holidays are known for 'US-CAL'")
    assert "did you mean 'US-CA'?" in found


@pytest.mark.parametrize(
    ("meeting", "says"),
    [
        ("step: 1 minute", "offers cannot begin every 1 minute"),
        ("{notice: 3 weeks, horizon: 2 weeks}", "no time is ever offered"),
        ("horizon: 40 weeks", "times are looked for at most 26 weeks ahead"),
    ],
)
def test_rules_by_which_nothing_could_be_offered_are_refused(tmp_path: Path, meeting: str, says: str) -> None:
    text = f"meeting: {meeting}\n" if meeting.startswith("{") else f"meeting:\n  {meeting}\n"
    assert any(says in one for one in problems(tmp_path, SMALL + text))
