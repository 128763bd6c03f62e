"""Learners from a file, CSV or NDJSON by its name: whole and checked, or not at all."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, ValidationError

from domain.ids import Slug
from domain.journey.events import Answer
from domain.kit import Kit
from domain.values import Frozen
from interfaces import people_csv
from interfaces.people_csv import PeopleError
from interfaces.problems import Problem, read_text
from store.people import Person

_LARGEST = 50_000_000
_NDJSON = (".ndjson", ".jsonl")


def read_learners(path: Path, kit: Kit) -> list[Person]:
    """Raises PeopleError with every problem, each with its line and field."""
    return _from_ndjson(path, kit) if path.suffix in _NDJSON else people_csv.read_learners(path, kit)


def _known_zone(zone: str) -> str:
    if zone not in available_timezones():
        raise ValueError(f"{zone!r} is not a time zone; write it as Europe/Berlin, or leave it out")
    return zone


class _Line(Frozen):
    id: Slug
    name: str = Field(min_length=1)
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")] | None = None
    time_zone: Annotated[str, AfterValidator(_known_zone)] | None = None
    answers: dict[str, Answer] = Field(default_factory=dict)


def _from_ndjson(path: Path, kit: Kit) -> list[Person]:
    people: list[Person] = []
    problems: list[Problem] = []
    lines: dict[str, int] = {}
    for number, text in enumerate(read_text(path, _LARGEST).splitlines(), start=1):
        if not text.strip():
            continue
        found = list(_problems(path, number, text, kit, lines))
        problems += found
        if not found:
            one = _Line.model_validate_json(text)
            lines[one.id] = number
            people.append(Person(one.id, "learner", one.name, one.email, one.time_zone, {"answers": one.answers}))
    if problems:
        raise PeopleError(*problems)
    return people


def _problems(path: Path, number: int, text: str, kit: Kit, lines: dict[str, int]) -> Iterator[Problem]:
    try:
        content: Any = json.loads(text)
    except json.JSONDecodeError as error:
        yield Problem(path, number, None, f"this is not JSON: {error.msg}", "write one object a line", error.colno)
        return
    try:
        one = _Line.model_validate(content)
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_input=False):
            field = ".".join(str(part) for part in problem["loc"]) or None
            yield Problem(path, number, field, problem["msg"], "correct it, or leave the line out")
        return
    if one.id in lines:
        says = f"{one.id!r} is there already, in line {lines[one.id]}"
        yield Problem(path, number, "id", says, "give each person a line of their own")
    questions = {question.id: question for question in kit.intake.questions}
    for name, answer in one.answers.items():
        if name not in questions:
            known = ", ".join(questions) or "none"
            yield Problem(
                path, number, f"answers.{name}", "this is not a question of the intake", f"there are: {known}"
            )
        elif wrong := questions[name].problem_with(answer):
            yield Problem(path, number, f"answers.{name}", f"the answer {wrong}", "correct it, or leave it out")
