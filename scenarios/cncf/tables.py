"""The projects and mentors of a term as the tables have them."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


class CncfError(Exception):
    """The tables cannot be used. The message says where to look and what to do."""


@dataclass(frozen=True, slots=True)
class Project:
    project: str
    name: str
    """Of the CNCF project that it belongs to."""
    maturity: str
    title: str
    skills: tuple[str, ...]
    """What is asked for and what the work is done with, each once."""
    mentors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mentor:
    mentor: str
    projects: tuple[str, ...]
    skills: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Term:
    projects: tuple[Project, ...]
    mentors: tuple[Mentor, ...]


def read_term(folder: Path) -> Term:
    """Raises CncfError."""
    projects = tuple(_project(row) for row in _rows(folder / "projects.csv", _PROJECT))
    mentors = tuple(_mentor(row) for row in _rows(folder / "mentors.csv", _MENTOR))
    known = {one.mentor for one in mentors}
    if missing := {mentor for one in projects for mentor in one.mentors} - known:
        raise CncfError(f"{folder}: projects.csv names {min(missing)}, whom mentors.csv does not have")
    if not projects or not mentors:
        raise CncfError(f"{folder}: there are no projects, or no mentors")
    return Term(projects, mentors)


_PROJECT = ("project_id", "cncf_project", "maturity", "title", "skills", "technologies", "mentors")
_MENTOR = ("mentor_id", "projects", "skills")


def _rows(file: Path, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    try:
        with file.open(newline="", encoding="utf-8") as opened:
            reader = csv.DictReader(opened)
            if missing := set(columns) - set(reader.fieldnames or ()):
                raise CncfError(f"{file}: the column {min(missing)} is missing; there should be: {', '.join(columns)}")
            yield from reader
    except (OSError, UnicodeError) as error:
        raise CncfError(f"{file} cannot be read: {error}") from error


def _project(row: dict[str, str]) -> Project:
    return Project(
        project=row["project_id"],
        name=row["cncf_project"],
        maturity=row["maturity"],
        title=row["title"],
        skills=_each(f"{row['skills']};{row['technologies']}"),
        mentors=_each(row["mentors"]),
    )


def _mentor(row: dict[str, str]) -> Mentor:
    return Mentor(row["mentor_id"], _each(row["projects"]), _each(row["skills"]))


def _each(cell: str) -> tuple[str, ...]:
    """Every word once, whatever its letters; separators of other lists within a word become spaces."""
    found: dict[str, str] = {}
    for word in cell.split(";"):
        plain = " ".join(word.replace(",", " ").split())
        if plain and plain.casefold() != "etc.":
            found.setdefault(plain.casefold(), plain)
    return tuple(found.values())
