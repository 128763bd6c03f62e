"""Reads a scenario from its folder and checks all of it, so that what it returns can be played."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from domain.ids import LearnerId
from domain.journey import COMMANDS as KNOWN_COMMANDS
from domain.kit import KIT_FILE
from domain.values import Day, Frozen
from kits.loading import load_kit
from kits.problems import BadFileError, Problem, quoted
from scenarios import json_lines
from scenarios.format import (
    ACTIVITY,
    ANSWERS,
    BEGIN,
    COMMANDS,
    EXPECTED,
    GROUP_COMMANDS,
    LEARNERS,
    MENTORS,
    PROGRAM,
    PROGRAM_DEEDS,
    ActiveDay,
    CommandLine,
    Expected,
    ProgramLine,
    Scenario,
    Script,
    Step,
    answers_of,
)
from scenarios.json_lines import NotAnObject
from scenarios.mentor_files import read_mentors
from scenarios.people_csv import read_learners
from scenarios.tables import read_table
from store.people import Person

_LARGEST = 500_000_000
_MOST_DIGITS = 9
_ACTIVITY_COLUMNS = ("learner", "day", "clicks", "pages")
_SHOWN_INPUT = 60
_DAY: TypeAdapter[date] = TypeAdapter(Day)

Line = TypeVar("Line", bound=Frozen)


class ScenarioError(BadFileError):
    """The scenario cannot be played: each problem with its file, line, field and remedy."""


def read_scenario(folder: Path) -> Scenario:
    """Raises BadFileError with every problem of the first file that has any."""
    kit = load_kit(_kit_folder(folder))
    learners = read_learners(folder / LEARNERS, kit)
    known = {LearnerId(one.person_id): one for one in learners}
    return Scenario(
        kit=kit,
        learners=tuple(learners),
        mentors=tuple(read_mentors(folder / MENTORS, kit)) if (folder / MENTORS).exists() else (),
        scripts=_read_scripts(folder / COMMANDS, known),
        activity=_read_activity(folder / ACTIVITY, known) if (folder / ACTIVITY).exists() else {},
        expected=_read_expected(folder / EXPECTED, known) if (folder / EXPECTED).exists() else (),
        program=_read_program(folder / PROGRAM) if (folder / PROGRAM).exists() else (),
    )


def _kit_folder(folder: Path) -> Path:
    """The folder itself or its parent: programs keep scenarios beside their kit."""
    around = folder.absolute().parent
    return around if not (folder / KIT_FILE).exists() and (around / KIT_FILE).exists() else folder


@dataclass
class _Findings:
    """Collects the problems of one file while it is read to its end."""

    file: Path
    problems: list[Problem] = field(default_factory=list)

    def add(self, line: int | None, where: str | None, says: str, remedy: str) -> None:
        self.problems.append(Problem(self.file, line, where, says, remedy))

    def add_invalid(self, line: int, error: ValidationError, remedy: str, inside: Sequence[str] = ()) -> None:
        for found in error.errors(include_url=False):
            given = repr(found["input"])
            shown = f", and this is {given}" if found["type"] != "missing" and len(given) < _SHOWN_INPUT else ""
            where = ".".join([*inside, *map(str, found["loc"])]) or None
            self.add(line, where, found["msg"].lower() + shown, remedy)

    def add_stranger(self, line: int, learner: str) -> None:
        self.add(line, "learner", f"{quoted(learner)} is unknown", f"add them to {LEARNERS}")

    def done(self) -> None:
        """Raises ScenarioError if anything was found."""
        if self.problems:
            raise ScenarioError(*self.problems)


def _read_scripts(path: Path, learners: Mapping[LearnerId, Person]) -> tuple[Script, ...]:
    findings = _Findings(path)
    lines: dict[LearnerId, list[tuple[int, CommandLine]]] = defaultdict(list)
    for number, line in _lines(path, CommandLine, findings):
        earlier = lines[line.learner]
        if line.learner not in learners:
            findings.add_stranger(number, line.learner)
        elif earlier and line.at < earlier[-1][1].at:
            says = f"it lies before line {earlier[-1][0]} of the same learner"
            findings.add(number, "at", says, "put the lines of each learner in the order of time")
        elif line.command == BEGIN and earlier:
            findings.add(number, "command", "the journey has begun already", f"keep only the first {BEGIN!r}")
        else:
            complete = _with_answers(line, learners[line.learner])
            _check_command(number, complete, findings)
            earlier.append((number, complete))
    if not lines and not findings.problems:
        findings.add(None, None, "nothing happens", "write a line for each command")
    findings.done()
    return tuple(_script(learner, [line for _, line in numbered]) for learner, numbered in lines.items())


def _with_answers(line: CommandLine, learner: Person) -> CommandLine:
    if line.command != "submit_intake" or ANSWERS in line.input:
        return line
    return line.model_copy(update={"input": {ANSWERS: answers_of(learner), **line.input}})


def _check_command(number: int, line: CommandLine, findings: _Findings) -> None:
    if line.command == BEGIN:
        if line.input:
            findings.add(number, "input", f"{BEGIN!r} takes none", "leave it out")
    elif command := KNOWN_COMMANDS.get(line.command):
        try:
            command.model_validate(line.input)
        except ValidationError as error:
            findings.add_invalid(number, error, f"correct what {line.command!r} is given", ("input",))
    else:
        known = ", ".join((BEGIN, *KNOWN_COMMANDS))
        findings.add(number, "command", f"{quoted(line.command)} is not a command", f"use one of: {known}")


def _script(learner: LearnerId, lines: Sequence[CommandLine]) -> Script:
    steps = tuple(Step(at=one.at, command=one.command, input=one.input) for one in lines if one.command != BEGIN)
    return Script(learner=learner, begins_at=lines[0].at, steps=steps)


def _read_program(path: Path) -> tuple[ProgramLine, ...]:
    findings = _Findings(path)
    lines: list[ProgramLine] = []
    for number, line in _lines(path, ProgramLine, findings):
        if lines and line.at < lines[-1].at:
            findings.add(number, "at", "it lies before the line above", "put the lines in the order of time")
        try:
            line.deed()
        except KeyError:
            known = ", ".join(GROUP_COMMANDS if line.cohort else PROGRAM_DEEDS)
            what = "a command for a group" if line.cohort else "a command for a program"
            findings.add(number, "command", f"{quoted(line.command)} is not {what}", f"use one of: {known}")
        except ValidationError as error:
            findings.add_invalid(number, error, f"correct what {line.command!r} is given", ("input",))
        lines.append(line)
    findings.done()
    return tuple(lines)


def _read_activity(path: Path, learners: Mapping[LearnerId, Any]) -> dict[LearnerId, tuple[ActiveDay, ...]]:
    findings = _Findings(path)
    days: dict[LearnerId, dict[date, ActiveDay]] = defaultdict(dict)
    for line, row in _rows(path, _ACTIVITY_COLUMNS, findings):
        learner = LearnerId(row["learner"])
        if learner not in learners:
            findings.add_stranger(line, learner)
        elif active := _active_day(line, row, findings):
            if active.day in days[learner]:
                findings.add(line, "day", f"{row['day']} of {learner!r} is there already", "add the two lines up")
            days[learner][active.day] = active
    findings.done()
    return {learner: tuple(by_day[day] for day in sorted(by_day)) for learner, by_day in days.items()}


def _active_day(line: int, row: Mapping[str, str], findings: _Findings) -> ActiveDay | None:
    try:
        day = _DAY.validate_python(row["day"])
    except ValidationError as error:
        says, remedy = error.errors()[0]["msg"].split("; ")
        findings.add(line, "day", f"{quoted(row['day'])} is {says}", remedy)
        return None
    for name in ("clicks", "pages"):
        if not (row[name].isdecimal() and row[name].isascii() and len(row[name]) <= _MOST_DIGITS):
            findings.add(line, name, f"{quoted(row[name])} is not a count", "write a whole number, 0 or more")
            return None
    return ActiveDay(day, int(row["clicks"]), int(row["pages"]))


def _read_expected(path: Path, learners: Mapping[LearnerId, Any]) -> tuple[Expected, ...]:
    findings = _Findings(path)
    expected = []
    for number, line in _lines(path, Expected, findings):
        if line.learner not in learners:
            findings.add_stranger(number, line.learner)
        expected.append(line)
    findings.done()
    return tuple(expected)


def _lines(path: Path, kind: type[Line], findings: _Findings) -> Iterator[tuple[int, Line]]:
    """The valid lines, numbered from 1, without blank ones."""
    for number, text in json_lines.numbered(path):
        try:
            json_lines.parse(text)  # which is stricter than the model, and has words for what is no JSON
            yield number, kind.model_validate_json(text)
        except NotAnObject as error:
            findings.problems.append(error.at(path, number))
        except ValidationError as error:
            findings.add_invalid(number, error, "docs/scenarios.md shows what a line looks like")


def _rows(path: Path, columns: tuple[str, ...], findings: _Findings) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows, each with its line. Raises BadFileError for a row with too few or too many cells."""
    table = read_table(path, _LARGEST)
    header = tuple(name.casefold() for name in table.header.cells)
    if header != columns:
        says = f"it is {quoted(','.join(table.header.cells))}"
        findings.add(table.header.line, None, says, f"the first line must be {','.join(columns)!r}")
        return
    for row in table.rows:
        yield row.line, dict(zip(columns, row.cells, strict=True))
