"""Reads people from a CSV file, which is accepted as a whole or not at all. Mentors: mentor_files.py."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from domain.ids import Slug
from domain.kit import Kit, Question
from domain.kit.naming import nearest
from kits.problems import BadFileError, Problem, quoted
from scenarios import people_fields
from scenarios.tables import Row, Table, read_table
from store.people import Person

_LARGEST = 50_000_000
_WHO = ("id", "name", "email", "time_zone")
_ID: TypeAdapter[str] = TypeAdapter(Slug)
_LIST_SEPARATOR = ";"


class PeopleError(BadFileError):
    """The file was rejected and nobody was imported. Each problem has its line, column and remedy."""


def read_learners(path: Path, kit: Kit) -> list[Person]:
    """Learners, with `answers` to the intake of this kit from one column for each question; cells may be empty.

    Answers are checked against their questions. The column `time_zone` also answers a question of that id. Where
    semicolons separate the columns, numbers may have a decimal comma.

    Raises:
        PeopleError: with every problem that was found.
    """
    questions = {question.id: question for question in kit.intake.questions}

    def attributes(row: "PersonRow") -> dict[str, Any]:
        return {"answers": {name: row.answer(one) for name, one in questions.items() if row.values.get(name)}}

    return _read(path, Columns(questions), attributes)


@dataclass(frozen=True)
class Columns:
    others: Sequence[str] | Mapping[str, object]
    """The columns besides those that identify the person."""

    @property
    def known(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*_WHO, *self.others)))


@dataclass
class PersonRow:
    line: int
    values: Mapping[str, str]
    separator: str
    problems: list[tuple[int, str, str, str]] = field(default_factory=list)

    def wrong(self, column: str, says: str, remedy: str) -> None:
        self.problems.append((self.line, column, says, remedy))

    def identity(self, earlier: Mapping[str, int]) -> str:
        one = self.values["id"]
        if one in earlier:
            self.wrong(
                "id", f"{quoted(one)} is there already, in line {earlier[one]}", "give each person a line of their own"
            )
        try:
            return _ID.validate_python(one)
        except ValidationError:
            self.wrong("id", f"{quoted(one)} is not an id", people_fields.AN_ID)
            return ""

    def checked(self, column: str, check: Callable[[str], str]) -> str | None:
        """None if the cell is empty."""
        given = self.values.get(column)
        if not given:
            return None
        try:
            return check(given)
        except people_fields.InvalidField as error:
            self.wrong(column, error.says, error.remedy)
            return None

    def name(self) -> str:
        if not self.values["name"]:
            self.wrong("name", "it is empty", "write the name that people are shown")
        return self.checked("name", people_fields.name) or ""

    def answer(self, question: Question) -> object:
        given = self.values[question.id]
        value: object = given
        remedy = "correct it, or leave it empty"
        if question.kind == "number":
            value = _number(given, self.separator)
        elif question.kind == "choices":
            value = [one.strip() for one in given.split(_LIST_SEPARATOR) if one.strip()]
            remedy = f"separate several by {_LIST_SEPARATOR!r} within the cell, or leave it empty"
            if self.separator == _LIST_SEPARATOR:
                remedy = 'write several in quotes with semicolons between them, as in "am; pm", or leave it empty'
        if problem := people_fields.problem_with_answer(question, value):
            self.wrong(question.id, f"{quoted(given)} is no answer: it {problem}", remedy)
        return value


def _number(text: str, separator: str) -> float | str:
    plain = text.replace(",", ".") if separator == ";" and text.count(",") == 1 and "." not in text else text
    try:
        number = float(plain) if plain.isascii() and "_" not in plain else plain
    except ValueError:
        return text
    return number if isinstance(number, float) and isfinite(number) else text


def _read(path: Path, columns: Columns, attributes: Callable[[PersonRow], dict[str, Any]]) -> list[Person]:
    people: list[Person] = []
    lines: dict[str, int] = {}
    problems: list[Problem] = []
    for row in rows_of(path, columns):
        person = Person(
            person_id=row.identity(lines),
            kind="learner",
            name=row.name(),
            email=row.checked("email", people_fields.address),
            time_zone=row.checked("time_zone", people_fields.time_zone),
            attributes=attributes(row),
        )
        lines.setdefault(person.person_id, row.line)
        problems += [Problem(path, *one) for one in row.problems]
        people.append(person)
    if problems:
        raise PeopleError(*problems)
    return people


def rows_of(path: Path, columns: Columns) -> Iterator[PersonRow]:
    """The rows, by our names of the columns. Raises PeopleError when it is not a table with the right columns."""
    try:
        table = read_table(path, _LARGEST)
        names = _named(path, table, columns)
        for row in table.rows:
            yield PersonRow(row.line, dict(zip(names, row.cells, strict=True)), table.separator)
    except PeopleError:
        raise
    except BadFileError as error:
        raise PeopleError(*error.problems) from error


def _named(path: Path, table: Table, columns: Columns) -> Sequence[str]:
    """Maps our column names to the file's: case and spaces do not matter."""
    known = {_folded(one): one for one in columns.known}
    names = [known.get(_folded(one), one) for one in table.header.cells]
    _check_header(path, table.header, names, columns)
    return names


def _folded(name: str) -> str:
    return "_".join(name.casefold().replace("-", " ").replace("_", " ").split())


def _check_header(path: Path, header: Row, names: Sequence[str], columns: Columns) -> None:
    missing = [name for name in ("id", "name") if name not in names]
    strange = [name for name in names if name not in columns.known]
    twice = [name for name in columns.known if names.count(name) > 1]
    there_are = f"the columns are: {', '.join(columns.known)}"
    problems = [
        *(Problem(path, header.line, name, "this column is missing", there_are) for name in missing),
        *(_strange(path, header.line, name, columns, there_are) for name in strange),
        *(Problem(path, header.line, name, "this column is there twice", "keep one of the two") for name in twice[:1]),
    ]
    if problems:
        raise PeopleError(*problems)


def _strange(path: Path, line: int, name: str, columns: Columns, there_are: str) -> Problem:
    if not name:
        return Problem(path, line, None, "a column has values and no name", "name it in the first line, or take it out")
    near = nearest(name[:60], columns.known)
    remedy = f"did you mean {near}? {there_are[0].upper()}{there_are[1:]}" if near else there_are
    return Problem(path, line, quoted(name)[1:-1], "this column means nothing here", remedy)
