"""Writes a scenario to a folder. Reading the folder gives the same scenario again."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from domain.ids import LearnerId
from domain.kit import KIT_FILE, Kit
from scenarios.format import (
    ACTIVITY,
    ANSWERS,
    COMMANDS,
    EXPECTED,
    LEARNERS,
    MENTORS,
    PROGRAM,
    CommandLine,
    Scenario,
    answers_of,
)
from scenarios.mentor_fields import FIELDS
from services.mentors import MentorEntry


def write_scenario(scenario: Scenario, folder: Path) -> None:
    """Replaces the files of a scenario in the folder, and creates the folder if it is missing.

    Raises:
        OSError: when the folder cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {KIT_FILE: _kit(scenario.kit), **scenario.kit.texts}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    _write_csv(_learners(scenario), folder / LEARNERS)
    _write_csv(_mentors(scenario), folder / MENTORS)
    _write_lines(_commands(scenario), folder / COMMANDS)
    _write_lines((one.model_dump_json(exclude_none=True) for one in scenario.expected), folder / EXPECTED)
    _write_activity(scenario, folder / ACTIVITY)
    if scenario.program:
        _write_lines((one.model_dump_json(exclude_none=True) for one in scenario.program), folder / PROGRAM)
    else:
        (folder / PROGRAM).unlink(missing_ok=True)  # a scenario that was there before may have had one


def _kit(kit: Kit) -> str:
    return yaml.safe_dump(
        kit.model_dump(mode="json", exclude_defaults=True, exclude={"texts"}),
        sort_keys=False,
        allow_unicode=True,
        width=110,
    )


def _learners(scenario: Scenario) -> Iterable[list[Any]]:
    """The column `time_zone` answers a question of that id as well."""
    who = ("id", "name", "email", "time_zone")
    questions = [question.id for question in scenario.kit.intake.questions if question.id not in who]
    yield [*who, *questions]
    for one in scenario.learners:
        answers = answers_of(one)
        given = (_cell(answers.get(question, "")) for question in questions)
        yield [one.person_id, one.name, one.email or "", one.time_zone or "", *given]


def _cell(answer: object) -> object:
    return ";".join(map(str, answer)) if isinstance(answer, list | tuple) else answer


def _mentors(scenario: Scenario) -> Iterable[list[Any]]:
    """With a column for each field that somebody has."""
    profiles = [_profile(one) for one in scenario.mentors]
    columns = [name for name in FIELDS if name != "time_zone" and any(name in one for one in profiles)]
    yield ["id", "name", "email", "time_zone", *columns]
    for one, profile in zip(scenario.mentors, profiles, strict=True):
        who = one.person
        yield [
            *(who.person_id, who.name, who.email or "", who.time_zone or ""),
            *(profile.get(name, "") for name in columns),
        ]


def _profile(entry: MentorEntry) -> dict[str, object]:
    said: dict[str, Any] = entry.changes.model_dump(mode="json", exclude_none=True)
    if entry.onboarded_on:
        said["onboarded_on"] = entry.onboarded_on.isoformat()
    if entry.checks:
        said["checks"] = [f"{one.check}:{one.valid_until or ''}" for one in entry.checks]
    return {name: _cell(value) for name, value in said.items() if value != []}


def _commands(scenario: Scenario) -> Iterable[str]:
    known = {LearnerId(one.person_id): answers_of(one) for one in scenario.learners}
    for line in scenario.commands():
        yield _without_known_answers(line, known.get(line.learner, {})).model_dump_json(exclude_defaults=True)


def _without_known_answers(line: CommandLine, known: Mapping[str, Any]) -> CommandLine:
    """Leaves out the answers that are in learners.csv: an intake sends those unless it has its own."""
    if line.command != "submit_intake" or line.input.get(ANSWERS) != known:
        return line
    return line.model_copy(update={"input": {name: one for name, one in line.input.items() if name != ANSWERS}})


def _write_activity(scenario: Scenario, path: Path) -> None:
    if not scenario.activity:
        path.unlink(missing_ok=True)
        return
    days = ((learner, one) for learner, days in scenario.activity.items() for one in days)
    rows = ([learner, one.day.isoformat(), one.clicks, one.pages] for learner, one in days)
    _write_csv([["learner", "day", "clicks", "pages"], *rows], path)


def _write_csv(rows: Iterable[Iterable[Any]], path: Path) -> None:
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _write_lines(lines: Iterable[str], path: Path) -> None:
    text = "".join(f"{line}\n" for line in lines)
    if text:
        path.write_text(text)
    else:
        path.unlink(missing_ok=True)
