"""One presentation of a module as the tables have it. Days are counted from the start of the presentation."""

import csv
import gzip
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO, TypeVar

T = TypeVar("T")

LONGEST = 7_000
"""Days from the start of a presentation, before or after it: a pathway lasts 1,000 weeks at most."""
_DIGITS = 9
_NAMES = ("code_module", "code_presentation")


class OuladError(Exception):
    """The tables lack what was asked for. The message says where to look and what to do."""


@dataclass(frozen=True, slots=True)
class Learner:
    learner: str
    highest_education: str
    previous_attempts: int
    credits: int
    result: str
    registered: int | None
    unregistered: int | None
    """None if they stayed."""


@dataclass(frozen=True, slots=True)
class Assessment:
    assessment: str
    kind: str
    """TMA: marked by the tutor. CMA: by computer. Exam."""
    due: int | None
    """None means at the end."""


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
    lengths = _lengths(folder)
    if (module, code) not in lengths:
        known = ", ".join("/".join(one) for one in sorted(lengths))
        raise OuladError(f"{name!r} is not a presentation of {folder}; it has: {known}")
    of_this = (folder, (module, code))
    return Presentation(
        module=module,
        code=code,
        days=lengths[module, code],
        learners=tuple(sorted(_read(*of_this, "learners", _learner), key=lambda one: _by_number(one.learner))),
        assessments=tuple(_read(*of_this, "milestones", _assessment)),
        submissions=tuple(_read(*of_this, "submissions", _submission)),
        activity=tuple(_read(*of_this, "activity", _activity)),
    )


def read_all(folder: Path) -> list[Presentation]:
    """Every presentation, by module and code. Each table is read once.

    Raises:
        OuladError: as `read_presentation`.
    """
    learners = _grouped(folder, "learners", _learner)
    assessments = _grouped(folder, "milestones", _assessment)
    submissions = _grouped(folder, "submissions", _submission)
    activity = _grouped(folder, "activity", _activity)
    return [
        Presentation(
            module=name[0],
            code=name[1],
            days=days,
            learners=tuple(sorted(learners.get(name, ()), key=lambda one: _by_number(one.learner))),
            assessments=tuple(assessments.get(name, ())),
            submissions=tuple(submissions.get(name, ())),
            activity=tuple(activity.get(name, ())),
        )
        for name, days in sorted(_lengths(folder).items())
    ]


def _lengths(folder: Path) -> dict[tuple[str, str], int]:
    """In days, by module and code."""
    return {
        (row["code_module"], row["code_presentation"]): _length(folder, number, row)
        for number, row in _rows(folder, "courses")
    }


def _grouped(folder: Path, table: str, make: Callable[[Mapping[str, str]], T]) -> dict[tuple[str, str], list[T]]:
    """The rows of a table, by module and code."""
    found: dict[tuple[str, str], list[T]] = defaultdict(list)
    for number, row in _rows(folder, table):
        found[row["code_module"], row["code_presentation"]].append(_made(folder, table, number, row, make))
    return found


def _length(folder: Path, number: int, row: Mapping[str, str]) -> int:
    length = row.get("module_presentation_length", "")
    if not (length.isdecimal() and len(length) <= _DIGITS and int(length) <= LONGEST):
        says = f"{length!r} is not a length; give it in days, at most {LONGEST:,}"
        raise OuladError(f"{folder / 'courses'}.csv:{number}: {says}")
    return int(length)


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
        day=_near(int(row["submitted_day"])),
        score=float(row["score"]) if row["score"] else None,
        banked=row["is_banked"] == "1",
    )


def _activity(row: Mapping[str, str]) -> Activity:
    return Activity(row["id_student"], _near(int(row["day"])), int(row["clicks"]), int(row["pages"]))


def _day(text: str) -> int | None:
    try:
        return _near(int(float(text))) if text else None
    except OverflowError:
        raise ValueError(f"there is no day {text!r}") from None


def _near(day: int) -> int:
    if abs(day) > LONGEST:
        raise ValueError(f"day {day} is more than {LONGEST:,} days from the start")
    return day


def _read(folder: Path, name: tuple[str, str], table: str, make: Callable[[Mapping[str, str]], T]) -> Iterator[T]:
    for number, row in _rows(folder, table, name):
        yield _made(folder, table, number, row, make)


def _made(folder: Path, table: str, number: int, row: Mapping[str, str], make: Callable[[Mapping[str, str]], T]) -> T:
    try:
        return make(row)
    except KeyError as error:
        raise _missing(folder, table, error.args[0]) from error
    except (ValueError, OverflowError) as error:
        place = f"{folder / table}.csv:{number}"
        raise OuladError(f"{place}: {error}; days, counts and scores are numbers") from error


def _rows(folder: Path, table: str, only: tuple[str, str] | None = None) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of one presentation, or of all, each with its line. Skipping rows of other presentations is cheap."""
    with _open(folder, table) as file, _readable(folder, table):
        reader = csv.reader(file)
        columns = next(reader, [])
        for name in _NAMES:
            if name not in columns:
                raise _missing(folder, table, name)
        module, code = (columns.index(name) for name in _NAMES)
        for row in reader:
            if len(row) != len(columns):
                wrong = f"{folder / table}.csv:{reader.line_num} has {len(row)} fields, not {len(columns)}"
                raise OuladError(f"{wrong}; check the commas")
            if only is None or (row[module], row[code]) == only:
                yield reader.line_num, dict(zip(columns, row, strict=True))


@contextmanager
def _readable(folder: Path, table: str) -> Iterator[None]:
    """Raises OuladError for a file that is not CSV, not text, or an incomplete archive."""
    try:
        yield
    except (csv.Error, UnicodeDecodeError, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise OuladError(f"{folder / table}.csv cannot be read: {error}; fetch or export it again") from error


def _missing(folder: Path, table: str, column: str) -> OuladError:
    return OuladError(f"{folder / table}.csv has no column {column!r}; its first line names the columns")


def _open(folder: Path, table: str) -> TextIO:
    plain, packed = folder / f"{table}.csv", folder / f"{table}.csv.gz"
    if packed.exists():
        return gzip.open(packed, "rt", newline="")
    if plain.exists():
        return plain.open(newline="")
    raise OuladError(f"there is no {packed} and no {plain}; name the folder that holds the tables")
