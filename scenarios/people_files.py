"""Learners from a file, CSV or NDJSON by its name, which is accepted as a whole or not at all."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_core import PydanticCustomError

from domain.ids import Slug
from domain.journey.terms import Answer
from domain.kit import Kit
from domain.kit.naming import nearest
from domain.values import Frozen
from kits.problems import BadFileError, Problem, quoted
from scenarios import json_lines, people_csv, people_fields
from scenarios.json_lines import NotAnObject
from scenarios.people_csv import PeopleError
from store.people import Person

_NDJSON = (".ndjson", ".jsonl")


def read_learners(path: Path, kit: Kit) -> list[Person]:
    """Raises PeopleError with every problem, each with its line and field."""
    if path.suffix.lower() not in _NDJSON:
        return people_csv.read_learners(path, kit)
    try:
        return _from_ndjson(path, kit)
    except PeopleError:
        raise
    except BadFileError as error:
        raise PeopleError(*error.problems) from error


def _checks(check: Any) -> BeforeValidator:
    def checked(value: Any) -> Any:
        try:
            return check(value) if isinstance(value, str) else value
        except people_fields.InvalidField as error:
            words = {"says": error.says, "remedy": error.remedy}
            raise PydanticCustomError("not_usable", "{says}", words) from error

    return BeforeValidator(checked)


class _Line(Frozen):
    id: Slug
    name: Annotated[str, _checks(people_fields.name)]
    email: Annotated[str, _checks(people_fields.address)] | None = None
    time_zone: Annotated[str, _checks(people_fields.time_zone)] | None = None
    answers: dict[str, Any] = Field(default_factory=dict)


class _Answers(Frozen):
    answer: Answer


def _from_ndjson(path: Path, kit: Kit) -> list[Person]:
    people: list[Person] = []
    problems: list[Problem] = []
    lines: dict[str, int] = {}
    for number, text in json_lines.numbered(path):
        try:
            one = _Line.model_validate(json_lines.parse(text))
        except NotAnObject as error:
            problems.append(error.at(path, number))
            continue
        except ValidationError as error:
            problems += _of_form(path, number, error)
            continue
        found = list(_of_content(path, number, one, kit, lines))
        problems += found
        lines.setdefault(one.id, number)
        people.append(Person(one.id, "learner", one.name, one.email, one.time_zone, {"answers": one.answers}))
    if problems:
        raise PeopleError(*problems)
    return people


def _of_form(path: Path, line: int, error: ValidationError) -> Iterator[Problem]:
    for one in error.errors(include_url=False):
        where, given = ".".join(map(str, one["loc"])) or None, one["input"]
        match one["type"]:
            case "not_usable":
                says, remedy = one["ctx"]["says"], one["ctx"]["remedy"]
            case "missing":
                says, remedy = "it is missing", f'write "{where}": "..."'
            case "extra_forbidden":
                known = list(_Line.model_fields)
                near = nearest(str(where)[:60], known)
                says = "a line has no such field"
                remedy = f"did you mean {near}?" if near else f"there are: {', '.join(known)}"
                where = quoted(str(where))[1:-1]
            case "string_pattern_mismatch" | "string_too_long":
                says, remedy = f"{quoted(given)} is not an id", people_fields.AN_ID
            case "string_type":
                says, remedy = f"a text is wanted, and this is {quoted(given)}", 'put it in quotes: "..."'
            case _:
                says, remedy = f"an object is wanted, and this is {quoted(given)}", 'write {"question": "answer"}'
        yield Problem(path, line, where, says, remedy)


def _of_content(path: Path, number: int, one: _Line, kit: Kit, lines: dict[str, int]) -> Iterator[Problem]:
    if one.id in lines:
        says = f"{quoted(one.id)} is there already, in line {lines[one.id]}"
        yield Problem(path, number, "id", says, "give each person a line of their own")
    questions = {question.id: question for question in kit.intake.questions}
    for name, answer in one.answers.items():
        where = f"answers.{quoted(name)[1:-1]}"
        if name not in questions:
            known = ", ".join(questions) or "none"
            yield Problem(path, number, where, "this is not a question of the intake", f"there are: {known}")
        elif wrong := people_fields.problem_with_answer(questions[name], answer) or _not_kept(answer):
            yield Problem(path, number, where, f"the answer {wrong}", "correct it, or leave it out")


def _not_kept(answer: object) -> str | None:
    """Answers that are valid but cannot be stored, such as an infinite number."""
    try:
        _Answers.model_validate({"answer": answer})
    except ValidationError:
        return "is not a text, a number or a list of texts that can be kept"
    return None
