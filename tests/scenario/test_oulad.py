"""The Open University data as scenarios: first an invented course of seven, then all that there is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.ids import LearnerId
from domain.journey import CommandRejected, JourneyState
from domain.journey.words import words_of
from scenarios.comparing import differences
from scenarios.format import ANSWERS
from scenarios.oulad.conversion import Conversion, convert
from scenarios.oulad.kit import starts_at
from scenarios.oulad.tables import OuladError, read_presentation
from tests.scenario import invented
from tests.scenario.told import assert_agrees, by_the_rules
from tests.scenario.trial_data import first, oulad_folder, records

PRESENTATIONS = (
    *("AAA/2013J", "AAA/2014J", "BBB/2013B", "BBB/2013J", "BBB/2014B", "BBB/2014J"),
    *("CCC/2014B", "CCC/2014J", "DDD/2013B", "DDD/2013J", "DDD/2014B", "DDD/2014J"),
)
DAY_0 = datetime(2013, 10, 1, tzinfo=UTC)
TOLD_IN_FULL = 25
"""Learners of each presentation whose whole story is gone through, with every timer."""


@pytest.fixture
def conversion(tmp_path: Path) -> Conversion:
    return convert(read_presentation(invented.write(tmp_path / "tables"), "AAA/2013J"))


def states(conversion: Conversion) -> dict[str, JourneyState]:
    return {learner: one.state for learner, one in by_the_rules(conversion.scenario).items()}


def test_a_presentation_becomes_a_kit(conversion: Conversion) -> None:
    kit = conversion.scenario.kit
    assert kit.program == "oulad-aaa-2013j"
    assert kit.starts_at == datetime(2013, 10, 1, tzinfo=UTC)
    assert [(one.id, one.due.days) for one in kit.pathways[0].milestones] == [
        ("tma-101", 11),
        ("tma-102", 31),
        ("tma-104", 60),
    ]
    assert kit.pathways[0].ends.days == 60


def test_every_learner_ends_as_the_tables_say(conversion: Conversion) -> None:
    found = {
        learner: (
            state.closing.ending if state.closing else None,
            {one.milestone: (one.status, one.score) for one in state.milestones if one.status != "open"},
            [one.value for one in state.outcomes],
        )
        for learner, state in states(conversion).items()
    }
    assert found == {
        "11": (
            "completed",
            {"tma-101": ("passed", 81.0), "tma-102": ("failed", 39.0), "tma-104": ("passed", 40.0)},
            ["Pass"],
        ),
        "12": ("withdrawn", {"tma-101": ("passed", 55.0)}, ["Withdrawn"]),
        "13": ("withdrawn", {}, ["Withdrawn"]),
        "14": ("completed", {"tma-101": ("submitted", None)}, ["Fail"]),
        "15": ("completed", {"tma-101": ("passed", 70.0), "tma-102": ("passed", 90.0)}, ["Distinction"]),
        "16": ("completed", {"tma-102": ("failed", 12.0)}, ["Fail"]),
        "17": ("withdrawn", {"tma-101": ("passed", 66.0)}, ["Withdrawn"]),
    }


def test_what_the_story_expects_is_what_its_rules_bring_about(conversion: Conversion) -> None:
    found = states(conversion)
    assert [one for each in conversion.scenario.expected for one in differences(each, found[each.learner])] == []


def test_what_does_not_fit_is_counted_in_words(conversion: Conversion) -> None:
    assert sorted(conversion.remarks) == [
        "assessments without a due date: due at the end of the presentation (1)",
        "banked results: from an earlier attempt at the module, handed in and reviewed on the day in the data (1)",
        "days of activity left out: of nobody who registered for this presentation (1)",
        "days of activity left out: there is another row for the same day (1)",
        "learners without a date of registration: it is taken to be the first day known of them (1)",
        "submissions from before the registration: taken to be on the day of it (1)",
        "submissions left out: after the learner had unregistered (1)",
        "submissions left out: not marked by a tutor (computer-marked, exam) (1)",
        "submissions left out: of nobody who registered for this presentation (1)",
        "submissions left out: the same work was handed in before (2)",
        "submissions without a score: handed in and never reviewed (1)",
    ]


LEAVERS = """\
AAA,2013J,18,F,Wales,HE Qualification,,35-55,0,60,N,Withdrawn,-12,
AAA,2013J,19,F,Wales,HE Qualification,,35-55,0,60,N,Withdrawn,-12,500
AAA,2013J,20,F,Wales,HE Qualification,,35-55,0,60,N,Withdrawn,-12,-20
AAA,2013J,21,F,Wales,HE Qualification,,35-55,0,60,N,Fail,-12,
"""


def test_who_withdrew_has_withdrawn_whatever_the_date(tmp_path: Path) -> None:
    """18 has no date of it, and its last day is that of a banked result; 19 left after the end, 20 before they came."""
    folder = invented.write(tmp_path / "tables")
    with (folder / "learners.csv").open("a") as file:
        file.write(LEAVERS)
    with (folder / "activity.csv").open("a") as file:
        file.write("AAA,2013J,18,6,1,1\n")
    with (folder / "submissions.csv").open("a") as file:
        file.write("AAA,2013J,101,18,8,70.0,1\n")
    conversion = convert(read_presentation(folder, "AAA/2013J"))
    scripts = {str(one.learner): one for one in conversion.scenario.scripts}
    left = {
        learner: [
            (step.at - DAY_0, step.input["reason"]) for step in scripts[learner].steps if step.command == "withdraw"
        ]
        for learner in ("18", "19", "20", "21")
    }
    at = timedelta(hours=20)
    assert left == {
        "18": [(timedelta(8) + at, "withdrew on a day that the data do not say; this is the last known of them")],
        "19": [(timedelta(80) + at, "unregistered on 13 Feb 2015, after the wrap-up; moved to its last day")],
        "20": [(timedelta(-12) + at, "unregistered on 11 Sep 2013, before the registration; moved to its day")],
        "21": [],
    }
    found = states(conversion)
    endings = {one: state.closing.ending for one in left if (state := found[one]).closing}
    assert endings == {"18": "withdrawn", "19": "withdrawn", "20": "withdrawn", "21": "completed"}
    assert [one for each in conversion.scenario.expected for one in differences(each, found[each.learner])] == []
    assert {
        "withdrawals without a date: taken to be on the last day known of them (1)",
        "unregistrations after the wrap-up had closed: taken to be on its last day (1)",
        "unregistrations before the registration: taken to be on the same day (1)",
    } <= set(conversion.remarks)


def test_what_the_day_does_not_tell_is_said_on_the_timeline(conversion: Conversion) -> None:
    said = {
        str(learner): [words.text for event in one.events for words in words_of(event)]
        for learner, one in by_the_rules(conversion.scenario).items()
    }
    banked = "banked: the result is that of an earlier attempt at the module"
    assert f"{banked}; handed in on 30 Sep 2013, before the registration; moved to its day" in said["15"]
    assert "registered on a day that the data do not say; this is the first known of them" in said["14"]
    assert not any("day" in text or "banked" in text for text in said["11"])


def test_what_fulfills_the_promise_is_the_result(conversion: Conversion) -> None:
    kit = conversion.scenario.kit
    assert kit.promise.fulfilled_by
    assert kit.promise.fulfilled_by.in_words() == "the outcome result is Pass or Distinction"
    assert kit.outcomes == {"result": ("Pass", "Distinction", "Fail", "Withdrawn")}


def test_the_answers_to_the_intake_are_those_of_the_tables(conversion: Conversion) -> None:
    learners = {one.person_id: one.attributes[ANSWERS] for one in conversion.scenario.learners}
    assert learners["12"] == {"highest_education": "HE Qualification", "previous_attempts": 1, "credits": 120}
    assert "highest_education" not in learners["14"]


def test_a_limit_changes_nothing_for_those_who_remain(tmp_path: Path) -> None:
    presentation = read_presentation(invented.write(tmp_path / "tables"), "AAA/2013J")
    all_of_them = {one.learner: one for one in convert(presentation).scenario.scripts}
    some = convert(presentation, 3).scenario
    assert [one.person_id for one in some.learners] == ["11", "12", "13"]
    assert all(one == all_of_them[one.learner] for one in some.scripts)


def test_twenty_learners_share_a_tutor(tmp_path: Path) -> None:
    folder = invented.write(tmp_path / "tables")
    row = "AAA,2013J,{},M,North,A Level or Equivalent,10-20,0-35,0,60,N,Pass,-30,\n"
    with (folder / "learners.csv").open("a") as file:
        file.writelines(row.format(number) for number in range(100, 135))
    scenario = convert(read_presentation(folder, "AAA/2013J")).scenario
    tutors = [one.mentor for one in sorted(scenario.expected, key=lambda one: int(one.learner))]
    assert tutors == ["tutor-1"] * 20 + ["tutor-2"] * 20 + ["tutor-3"] * 2
    assert [one.person.person_id for one in scenario.mentors] == ["tutor-1", "tutor-2", "tutor-3"]


def test_a_presentation_at_the_ends_of_time_is_none(tmp_path: Path) -> None:
    presentation = read_presentation(invented.write(tmp_path / "tables"), "AAA/2013J")
    for code in ("0001J", "9999B", "1970B", "2199J", "1" * 5_000 + "J"):
        with pytest.raises(OuladError, match=r"is not from 1990 to 2179|has no month"):
            convert(replace(presentation, code=code))


@pytest.mark.parametrize(
    ("table", "was", "becomes", "says"),
    [
        ("submissions", "id_assessment", "assessment", "submissions.csv has no column 'id_assessment'"),
        (
            "submissions",
            "102,12,25",
            "102,12,late",
            r"submissions.csv:6: .*'late'; days, counts and scores are",
        ),
        ("activity", "11,-3,5,1", "11,-3,5", r"activity.csv:2 has 5 fields, not 6; check the commas"),
        ("courses", "2013J", "2012J", "'AAA/2013J' is not a presentation of .*; it has: AAA/2012J, BBB/2014B"),
        ("courses", "60", "", "courses.csv:2: '' is not a length"),
        ("courses", "60", "7001", "courses.csv:2: '7001' is not a length; give it in days, at most 7,000"),
        ("courses", "60", "9" * 5_000, "is not a length"),
        ("activity", "11,-3,5,1", "11,-99999999,5,1", r"activity.csv:2: day -99999999 is more than 7,000 days from"),
        ("learners", ",-30,", ",1e400,", r"learners.csv:\d+: there is no day '1e400'"),
    ],
)
def test_tables_that_are_not_right_are_told_with_their_place(
    tmp_path: Path, table: str, was: str, becomes: str, says: str
) -> None:
    folder = invented.write(tmp_path / "tables")
    file = folder / f"{table}.csv"
    file.write_text(file.read_text().replace(was, becomes, 1))
    with pytest.raises(OuladError, match=says):
        read_presentation(folder, "AAA/2013J")


def test_a_folder_without_tables_is_told(tmp_path: Path) -> None:
    with pytest.raises(OuladError, match="name the folder that holds the tables"):
        read_presentation(tmp_path, "AAA/2013J")


def test_a_presentation_begins_in_the_month_of_its_letter(tmp_path: Path) -> None:
    folder = invented.write(tmp_path / "tables")
    assert starts_at(read_presentation(folder, "BBB/2014B")) == datetime(2014, 2, 1, tzinfo=UTC)


@pytest.mark.data
@pytest.mark.parametrize("presentation", PRESENTATIONS)
def test_every_presentation_converts_and_agrees_with_its_tables(presentation: str) -> None:
    folder = oulad_folder()
    conversion = convert(read_presentation(folder, presentation))
    known = records(folder, presentation)
    expected = {str(one.learner): one for one in conversion.scenario.expected}
    assert expected.keys() == known.keys()
    for learner, record in known.items():
        work = {name.removeprefix("tma-"): one.score for name, one in (expected[learner].milestones or {}).items()}
        assert (expected[learner].ending == "withdrawn", work) == (record.withdrew, record.work)
    scripts = {str(one.learner): one for one in conversion.scenario.scripts}
    for learner, record in first(known, TOLD_IN_FULL).items():
        told = by_the_rules(replace(conversion.scenario, scripts=(scripts[learner],)))[LearnerId(learner)]
        assert not [event for event in told.events if isinstance(event, CommandRejected)]
        assert_agrees(told.state, record)
