"""A scenario as a folder: written, read again, and refused with the place of every mistake."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from domain.ids import CohortId
from domain.kit import Kit
from domain.mentor.profile import ProfileChanges
from domain.profiles import Check
from kits.problems import BadFileError
from scenarios.format import ProgramLine, Scenario
from scenarios.oulad.conversion import convert
from scenarios.oulad.tables import read_presentation
from scenarios.reading import ScenarioError, read_scenario
from scenarios.writing import write_scenario
from services.mentors import MentorEntry
from store.people import Person
from tests.domain.stories import NOON
from tests.scenario import invented

PROGRAM = (
    ProgramLine(at=NOON, command="hold_round"),
    ProgramLine(at=NOON, command="record_attendance", cohort=CohortId("aaa.1"), input={"session": "s1"}),
)


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    made = convert(read_presentation(invented.write(tmp_path / "tables"), "AAA/2013J")).scenario
    return replace(made, program=PROGRAM)


@pytest.fixture
def folder(tmp_path: Path, scenario: Scenario) -> Path:
    write_scenario(scenario, tmp_path / "scenario")
    return tmp_path / "scenario"


def change(file: Path, was: str, becomes: str) -> None:
    text = file.read_text()
    assert was in text
    file.write_text(text.replace(was, becomes, 1))


def test_what_is_written_is_read_again(folder: Path, scenario: Scenario) -> None:
    again = read_scenario(folder)
    assert again.kit.texts == {"program.yaml": (folder / "program.yaml").read_text()}
    sourceless = Kit.model_validate(again.kit.model_dump(exclude={"texts"}))
    assert replace(again, kit=sourceless) == scenario
    assert sourceless.digest == scenario.kit.digest


def test_a_profile_is_written_as_it_is_read(folder: Path, scenario: Scenario) -> None:
    profile = {"places": 3, "skills": ["Go", "Rust"], "availability": ["mon-fri 18:00-20:00", "sat 10:00-12:00"]}
    checks = (Check(check="background", valid_until=date(2027, 5, 1)), Check(check="references"))
    person = Person("m-1", "mentor", "Ana", "ana@example.org")
    whole = MentorEntry(person, ProfileChanges.model_validate(profile), onboarded_on=date(2026, 1, 31), checks=checks)
    bare = MentorEntry(Person("m-2", "mentor", "Ben"), ProfileChanges())
    write_scenario(replace(scenario, mentors=(whole, bare)), folder)
    assert read_scenario(folder).mentors == (whole, bare)


def test_writing_replaces_what_was_there(folder: Path, scenario: Scenario) -> None:
    write_scenario(Scenario(scenario.kit, scenario.learners, scenario.mentors, scenario.scripts[:1]), folder)
    again = read_scenario(folder)
    assert (len(again.scripts), again.activity, again.expected, again.program) == (1, {}, (), ())


def test_only_kit_learners_and_commands_are_needed(folder: Path) -> None:
    for name in ("mentors.csv", "activity.csv", "expected.ndjson"):
        (folder / name).unlink()
    assert len(read_scenario(folder).scripts) == 7


def test_a_scenario_beside_a_kit_is_of_that_kit(folder: Path) -> None:
    (folder / "program.yaml").rename(folder.parent / "program.yaml")
    assert len(read_scenario(folder).scripts) == 7
    (folder.parent / "program.yaml").unlink()
    with pytest.raises(BadFileError, match=r"scenario/program\.yaml: No such file"):
        read_scenario(folder)


def test_a_journey_without_begin_begins_with_its_first_command(folder: Path) -> None:
    first, _, rest = (folder / "commands.ndjson").read_text().partition("\n")
    assert '"begin"' in first
    (folder / "commands.ndjson").write_text(rest)
    script = read_scenario(folder).scripts[0]
    assert script.begins_at == script.steps[0].at


def test_an_intake_sends_the_answers_of_the_table_unless_it_has_its_own(folder: Path) -> None:
    own = '"answers":{"previous_attempts":5,"credits":30}'
    change(folder / "commands.ndjson", '"input":{"by":"learner:11"}', f'"input":{{{own},"by":"learner:11"}}')
    intakes = {
        script.learner: step.input["answers"]
        for script in read_scenario(folder).scripts
        for step in script.steps
        if step.command == "submit_intake"
    }
    assert {str(learner): answers["previous_attempts"] for learner, answers in intakes.items()} == {
        "11": 5,
        "12": 1,
        "13": 0,
        "14": 0,
        "15": 2,
        "16": 0,
        "17": 0,
    }


@pytest.mark.parametrize(
    ("file", "was", "becomes", "says"),
    [
        ("program.yaml", "title:", "titel:", r"program.yaml:\d+:\d+: .*title"),
        ("learners.csv", "11,", "11 11,", r"learners.csv:2: id: '11 11' is not an id"),
        ("mentors.csv", "tutor,", "coach,", r"mentors.csv:2: mentor_type: 'coach' is not one"),
        ("commands.ndjson", '"submit_intake"', '"send_intake"', r"ndjson:2: command: 'send_intake' is not .*submit_in"),
        ("commands.ndjson", "T09:00:00Z", "T09:00:00", r"commands.ndjson:2: at: .*no time zone.*docs/scenarios.md"),
        ("commands.ndjson", "T09:00:00Z", "T07:00:00Z", r"commands.ndjson:2: at: it lies before line 1 of the same"),
        ("commands.ndjson", '"learner":"11"', '"learner":"1"', r"ndjson:1: learner: '1' is unknown; add them to learn"),
        (
            "commands.ndjson",
            '"verdict":"approve"',
            '"verdict":"yes"',
            r"ndjson:3: input.verdict: .*'yes'; correct",
        ),
        ("commands.ndjson", '"review_intake"', '"begin"', r"commands.ndjson:3: command: .* keep only the first"),
        (
            "commands.ndjson",
            "{",
            "",
            r"commands.ndjson:1:5: this is not JSON: .*; write one JSON",
        ),
        ("activity.csv", "learner,day", "learner,date", r"activity.csv:1: .*must be 'learner,day,clicks,pages'"),
        ("activity.csv", "2013-", "2013/", r"activity.csv:2: day: .* write it as 2026-03-02"),
        ("activity.csv", ",5,1", ",few,1", r"activity.csv:2: clicks: 'few' is not a count"),
        ("activity.csv", ",5,1", ",5", r"activity.csv:2: it has 3 fields, not 4"),
        ("activity.csv", "2013-10-03", "2013-09-28", r"activity.csv:3: day: .* is there already"),
        ("program.ndjson", '"hold_round"', '"play"', r"program.ndjson:1: command: 'play' is not .* program; .*form_gr"),
        ("program.ndjson", '"record_attendance"', '"match"', r"ndjson:2: command: 'match' is not .* group; .*write_n"),
        ("program.ndjson", '"session"', '"sesion"', r"program.ndjson:2: input.session: .*'record_attendance'"),
        ("program.ndjson", "{", "", r"program.ndjson:1:5: this is not JSON"),
        ("expected.ndjson", '"completed"', '"finished"', r"expected.ndjson:1: ending: .*'finished'"),
        ("expected.ndjson", '"11"', '"1"', r"expected.ndjson:1: learner: '1' is unknown"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_its_remedy(
    folder: Path, file: str, was: str, becomes: str, says: str
) -> None:
    change(folder / file, was, becomes)
    with pytest.raises(BadFileError, match=says):
        read_scenario(folder)


@pytest.mark.parametrize("file", ["program.yaml", "learners.csv", "commands.ndjson"])
def test_a_file_that_is_missing_is_told(folder: Path, file: str) -> None:
    (folder / file).unlink()
    with pytest.raises(BadFileError, match=file):
        read_scenario(folder)


def test_a_scenario_in_which_nothing_happens_is_told(folder: Path) -> None:
    (folder / "commands.ndjson").write_text("\n")
    with pytest.raises(BadFileError, match=r"commands.ndjson: nothing happens; write a line for each command"):
        read_scenario(folder)


def test_all_mistakes_of_a_file_are_told_at_once(folder: Path) -> None:
    file = folder / "commands.ndjson"
    file.write_text(file.read_text().replace('"approve_match"', '"match"'))
    with pytest.raises(ScenarioError) as caught:
        read_scenario(folder)
    assert len(caught.value.problems) == 7
