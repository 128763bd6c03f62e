"""Reads people from a CSV file: whole and checked, or not at all."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from pydantic import TypeAdapter, ValidationError

from domain.ids import Slug
from domain.kit import Kit, Question
from interfaces.problems import BadFileError, Problem, read_text
from store.people import Person

_LARGEST = 50_000_000
_WHO = ("id", "name", "email", "time_zone")
_ID: TypeAdapter[str] = TypeAdapter(Slug)
_LIST_SEPARATOR = ";"


class PeopleError(BadFileError):
    """The file cannot be used, and nobody in it was taken over: each problem with its line, column and remedy."""


def read_learners(path: Path, kit: Kit) -> list[Person]:
    """Learners, with `answers` to the intake of this kit: a column for each question, empty where there is none yet.

    An answer is checked against its question; an intake may be incomplete. A question called `time_zone` is answered by
    the column of that name.

    Raises:
        PeopleError: with every problem that was found.
    """
    questions = {question.id: question for question in kit.intake.questions}

    def attributes(row: "_Row") -> dict[str, Any]:
        return {"answers": {name: row.answer(one) for name, one in questions.items() if row.values.get(name)}}

    return _read(path, _Table("learner", questions), attributes)


def read_mentors(path: Path, kit: Kit) -> list[Person]:
    """Mentors, with the `mentor_type` that pathways of this kit ask for, and the `capacity` in learners at a time.

    Raises:
        PeopleError: with every problem that was found.
    """
    types = tuple(dict.fromkeys(pathway.mentor_type for pathway in kit.pathways))

    def attributes(row: "_Row") -> dict[str, Any]:
        return {"mentor_type": row.one_of("mentor_type", types), "capacity": row.count("capacity")}

    return _read(path, _Table("mentor", ("mentor_type", "capacity"), needed=("mentor_type", "capacity")), attributes)


@dataclass(frozen=True)
class _Table:
    kind: Any
    columns: Sequence[str] | Mapping[str, object]
    """Besides those that say who it is."""
    needed: tuple[str, ...] = ()

    @property
    def known(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*_WHO, *self.columns)))


@dataclass
class _Row:
    line: int
    values: Mapping[str, str]
    problems: list[tuple[int, str, str, str]] = field(default_factory=list)

    def wrong(self, column: str, says: str, remedy: str) -> None:
        self.problems.append((self.line, column, says, remedy))

    def identity(self, earlier: Mapping[str, int]) -> str:
        one = self.values["id"]
        if one in earlier:
            self.wrong(
                "id", f"{one!r} is there already, in line {earlier[one]}", "give each person a line of their own"
            )
        try:
            return _ID.validate_python(one)
        except ValidationError:
            self.wrong("id", f"{one!r} is not an id", "use letters, digits, '_', '.' and '-', without a space")
            return ""

    def name(self) -> str:
        if not self.values["name"]:
            self.wrong("name", "it is empty", "write the name that people are shown")
        return self.values["name"]

    def email(self) -> str | None:
        given = self.values.get("email") or None
        if given and not (given.count("@") == 1 and "." in given.partition("@")[2] and " " not in given):
            self.wrong("email", f"{given!r} is not an address", "write it as name@example.org, or leave it empty")
        return given

    def time_zone(self) -> str | None:
        given = self.values.get("time_zone") or None
        if given and given not in available_timezones():
            self.wrong("time_zone", f"{given!r} is not a time zone", "write it as Europe/Berlin, or leave it empty")
        return given

    def answer(self, question: Question) -> object:
        given = self.values[question.id]
        value: object = given
        if question.kind == "number":
            value = _number(given)
        elif question.kind == "choices":
            value = [one.strip() for one in given.split(_LIST_SEPARATOR) if one.strip()]
        if problem := question.problem_with(value):
            self.wrong(question.id, f"{given!r} is no answer: it {problem}", "correct it, or leave it empty")
        return value

    def one_of(self, column: str, known: tuple[str, ...]) -> str:
        if self.values[column] not in known:
            self.wrong(column, f"{self.values[column]!r} is not one that the kit names", f"write {' or '.join(known)}")
        return self.values[column]

    def count(self, column: str) -> int:
        given = self.values[column]
        if given.isdecimal() and given.isascii() and int(given[:6]) > 0:
            return int(given[:6])
        self.wrong(column, f"{given!r} is not a number of learners", "write a whole number, 1 or more")
        return 0


def _number(text: str) -> float | str:
    try:
        number = float(text)
    except ValueError:
        return text
    return number if isfinite(number) else text


def _read(path: Path, table: _Table, attributes: Callable[[_Row], dict[str, Any]]) -> list[Person]:
    people: list[Person] = []
    lines: dict[str, int] = {}
    problems: list[Problem] = []
    for row in _rows(path, table):
        person = Person(
            person_id=row.identity(lines),
            kind=table.kind,
            name=row.name(),
            email=row.email(),
            time_zone=row.time_zone(),
            attributes=attributes(row),
        )
        lines.setdefault(person.person_id, row.line)
        problems += [Problem(path, *one) for one in row.problems]
        people.append(person)
    if problems:
        raise PeopleError(*problems)
    return people


def _rows(path: Path, table: _Table) -> Iterator[_Row]:
    """Every line but the blank ones, trimmed. Raises PeopleError when it is not a table with the right columns."""
    try:
        text = read_text(path, _LARGEST)
        reader = csv.reader(text.splitlines(keepends=True), strict=True)
        header = [name.strip() for name in next(reader, [])]
        _check_header(path, header, table)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                says = f"it has {len(cells)} fields, and the first line names {len(header)}"
                remedy = "check the commas; put quotes around a value that has one in it"
                raise PeopleError(Problem(path, reader.line_num, None, says, remedy))
            if "\x00" in "".join(cells):
                raise PeopleError(Problem(path, reader.line_num, None, "there is a NUL character", "take it out"))
            yield _Row(reader.line_num, {name: cell.strip() for name, cell in zip(header, cells, strict=True)})
    except csv.Error as error:
        remedy = "check the quotes: every one that opens must close"
        raise PeopleError(Problem(path, reader.line_num, None, f"this is not CSV: {error}", remedy)) from error
    except PeopleError:
        raise
    except BadFileError as error:
        raise PeopleError(*error.problems) from error


def _check_header(path: Path, header: list[str], table: _Table) -> None:
    if len(header) == 1 and (other := next((one for one in ";\t" if one in header[0]), None)):
        says, remedy = f"the columns are separated by {other!r}", "save the file with commas between them"
        raise PeopleError(Problem(path, 1, None, says, remedy))
    missing = [name for name in ("id", "name", *table.needed) if name not in header]
    strange = [name for name in header if name not in table.known]
    twice = [name for name in header if header.count(name) > 1]
    columns = f"the columns are: {', '.join(table.known)}"
    problems = [
        *(Problem(path, 1, name, "this column is missing", columns) for name in missing),
        *(Problem(path, 1, name, "this column means nothing here", columns) for name in strange),
        *(Problem(path, 1, name, "this column is there twice", "keep one of the two") for name in twice[:1]),
    ]
    if problems:
        raise PeopleError(*problems)
