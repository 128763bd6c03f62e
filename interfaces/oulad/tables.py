"""One presentation of a module, as it stands in the tables. Days count from the start of the presentation."""

import csv
import gzip
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO, TypeVar

T = TypeVar("T")


class OuladError(Exception):
    """The tables do not hold what was asked for; the message says where to look and what to do."""


@dataclass(frozen=True, slots=True)
class Learner:
    learner: str
    highest_education: str
    previous_attempts: int
    credits: int
    result: str
    registered: int | None
    unregistered: int | None
    """None: they stayed."""


@dataclass(frozen=True, slots=True)
class Assessment:
    assessment: str
    kind: str
    """TMA: marked by the tutor. CMA: by computer. Exam."""
    due: int | None
    """None: at the end."""


@dataclass(frozen=True, slots=True)
class Submission:
    learner: str
    assessment: str
    day: int
    score: float | None
    banked: bool
    """Carried over from an earlier attempt at the module."""


@dataclass(frozen=True, slots=True)
class Activity:
    learner: str
    day: int
    clicks: int
    pages: int


@dataclass(frozen=True)
class Presentation:
    module: str
    code: str
    days: int
    learners: tuple[Learner, ...]
    """By number."""
    assessments: tuple[Assessment, ...]
    submissions: tuple[Submission, ...]
    activity: tuple[Activity, ...]


def read_presentation(folder: Path, name: str) -> Presentation:
    """The presentation called `name`, such as AAA/2013J, from CSV files that may be compressed with gzip.

    Raises:
        OuladError: when the name is not among the data, or a table lacks a file, a column or a number.
    """
    module, _, code = name.partition("/")
    lengths = {(row["code_module"], row["code_presentation"]): row for row in _rows(folder, "courses")}
    if (module, code) not in lengths:
        known = ", ".join("/".join(one) for one in sorted(lengths))
        raise OuladError(f"{name!r} is not a presentation of {folder}; it has: {known}")
    of_this = (folder, (module, code))
    return Presentation(
        module=module,
        code=code,
        days=int(lengths[module, code]["module_presentation_length"]),
        learners=tuple(sorted(_read(*of_this, "learners", _learner), key=lambda one: _by_number(one.learner))),
        assessments=tuple(_read(*of_this, "milestones", _assessment)),
        submissions=tuple(_read(*of_this, "submissions", _submission)),
        activity=tuple(_read(*of_this, "activity", _activity)),
    )


def _by_number(learner: str) -> tuple[int, str]:
    return (int(learner), "") if learner.isdecimal() else (0, learner)


def _learner(row: Mapping[str, str]) -> Learner:
    return Learner(
        learner=row["id_student"],
        highest_education=row["highest_education"],
        previous_attempts=int(row["num_of_prev_attempts"]),
        credits=int(row["studied_credits"]),
        result=row["final_result"],
        registered=_day(row["date_registration"]),
        unregistered=_day(row["date_unregistration"]),
    )


def _assessment(row: Mapping[str, str]) -> Assessment:
    return Assessment(assessment=row["id_assessment"], kind=row["assessment_type"], due=_day(row["due_day"]))


def _submission(row: Mapping[str, str]) -> Submission:
    return Submission(
        learner=row["id_student"],
        assessment=row["id_assessment"],
        day=int(row["submitted_day"]),
        score=float(row["score"]) if row["score"] else None,
        banked=row["is_banked"] == "1",
    )


def _activity(row: Mapping[str, str]) -> Activity:
    return Activity(row["id_student"], int(row["day"]), int(row["clicks"]), int(row["pages"]))


def _day(text: str) -> int | None:
    return int(float(text)) if text else None


def _read(
    folder: Path, presentation: tuple[str, str], table: str, make: Callable[[Mapping[str, str]], T]
) -> Iterator[T]:
    file = folder / f"{table}.csv"
    for number, row in enumerate(_rows(folder, table), start=2):
        try:
            if (row["code_module"], row["code_presentation"]) == presentation:
                yield make(row)
        except KeyError as error:
            raise OuladError(f"{file}: the column {error.args[0]!r} is missing") from error
        except ValueError as error:
            raise OuladError(f"{file}:{number}: {error}; days, counts and scores are numbers") from error


def _rows(folder: Path, table: str) -> Iterator[dict[str, str]]:
    with _open(folder, table) as file:
        reader = csv.reader(file)
        columns = next(reader, [])
        for row in reader:
            yield dict(zip(columns, row, strict=True))


def _open(folder: Path, table: str) -> TextIO:
    plain, packed = folder / f"{table}.csv", folder / f"{table}.csv.gz"
    if packed.exists():
        return gzip.open(packed, "rt", newline="")
    if plain.exists():
        return plain.open(newline="")
    raise OuladError(f"there is no {packed} and no {plain}; name the folder that holds the tables")
