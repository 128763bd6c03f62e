"""Mentors from a file, CSV or NDJSON by its name, which is accepted as a whole or not at all."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from domain.ids import Slug
from domain.kit import Kit
from domain.kit.naming import nearest
from kits.problems import BadFileError, Problem, quoted
from scenarios import json_lines, mentor_fields, people_fields
from scenarios.json_lines import NotAnObject
from scenarios.mentor_fields import Offered
from scenarios.people_csv import Columns, PeopleError, rows_of
from scenarios.people_fields import InvalidField
from services.mentors import MentorEntry
from store.people import Person

_NDJSON = (".ndjson", ".jsonl")
_WHO = ("id", "name", "email")
_COLUMNS = Columns((*mentor_fields.FIELDS, *mentor_fields.ALIASES))
_ID: TypeAdapter[str] = TypeAdapter(Slug)

_Line = tuple[int, Mapping[str, Any]]
"""Its number, and its fields by our names; those that it leaves empty may be missing."""


def read_mentors(path: Path, kit: Kit) -> list[MentorEntry]:
    """Mentors with their profiles, in words that this kit offers. A field that is missing or empty says nothing; in
    NDJSON, an empty list empties it.

    Raises:
        PeopleError: with every problem that was found, each with its line and field.
    """
    return [entry for _, entry in read_numbered(path, kit)]


def read_numbered(path: Path, kit: Kit) -> list[tuple[int, MentorEntry]]:
    """The same, each with its line. Raises PeopleError."""
    reading = _Reading(path, Offered.by(kit))
    try:
        lines = reading.json_lines() if path.suffix.lower() in _NDJSON else _csv_lines(path)
        entries = [(number, reading.entry(number, values)) for number, values in lines]
    except PeopleError:
        raise
    except BadFileError as error:
        raise PeopleError(*error.problems) from error
    if reading.problems:
        raise PeopleError(*sorted(reading.problems, key=lambda one: one.line or 0))
    return entries


def _csv_lines(path: Path) -> Iterator[_Line]:
    return ((row.line, {name: text for name, text in row.values.items() if text}) for row in rows_of(path, _COLUMNS))


class _Reading:
    """One file, with the problems that were found so far."""

    def __init__(self, path: Path, offered: Offered) -> None:
        self._path, self._offered = path, offered
        self._seen: dict[str, int] = {}
        self.problems: list[Problem] = []

    def json_lines(self) -> Iterator[_Line]:
        for number, text in json_lines.numbered(self._path):
            try:
                yield number, self._named(number, json_lines.parse(text))
            except NotAnObject as error:
                self.problems.append(error.at(self._path, number))

    def _named(self, number: int, given: Mapping[str, Any]) -> Mapping[str, Any]:
        known = (*_WHO, *mentor_fields.FIELDS, *mentor_fields.ALIASES)
        values: dict[str, Any] = {}
        for name, value in given.items():
            if name not in known:
                near = nearest(name[:60], known)
                remedy = f"did you mean {near}?" if near else f"there are: {', '.join(known)}"
                self._wrong(number, quoted(name)[1:-1], "a line has no such field", remedy)
            elif value is not None:
                values[name] = value
        return values

    def entry(self, line: int, values: Mapping[str, Any]) -> MentorEntry:
        """What there is a problem with is left out."""
        zone = self._checked(line, "time_zone", values, people_fields.time_zone)
        person = Person(
            person_id=self._identity(line, values.get("id")),
            kind="mentor",
            name=self._checked(line, "name", {"name": ""} | dict(values), people_fields.name) or "",
            email=self._checked(line, "email", values, people_fields.address),
            time_zone=zone,
        )
        profile: dict[str, Any] = {"time_zone": zone} if zone else {}
        for name in (*mentor_fields.FIELDS, *mentor_fields.ALIASES):
            if name in values and name != "time_zone":
                profile |= self._field(line, name, values[name], profile)
        self._compare_wishes(line, profile)
        return MentorEntry(
            person,
            mentor_fields.changes_of(profile),
            onboarded_on=profile.get("onboarded_on"),
            checks=profile.get("checks", ()),
        )

    def _identity(self, line: int, given: Any) -> str:
        try:
            one = _ID.validate_python(given)
        except ValidationError:
            self._wrong(line, "id", f"{quoted('' if given is None else given)} is not an id", people_fields.AN_ID)
            return ""
        if one in self._seen:
            says = f"{quoted(one)} is there already, in line {self._seen[one]}"
            self._wrong(line, "id", says, "give each person a line of their own")
        self._seen.setdefault(one, line)
        return one

    def _checked(self, line: int, name: str, values: Mapping[str, Any], check: Any) -> str | None:
        """None if it is not given."""
        if (given := values.get(name)) is None:
            return None
        try:
            if not isinstance(given, str):
                raise InvalidField(f"a text is wanted, and this is {quoted(given)}", 'put it in quotes: "..."')
            found: str = check(given)
        except InvalidField as error:
            self._wrong(line, name, error.says, error.remedy)
            return None
        return found

    def _field(self, line: int, name: str, given: Any, profile: Mapping[str, Any]) -> dict[str, Any]:
        field = mentor_fields.ALIASES.get(name, name)
        if field in profile:
            self._wrong(line, name, f"{field} says the same", "keep one of the two")
        try:
            return {field: mentor_fields.read(field, given, self._offered)}
        except InvalidField as error:
            self._wrong(line, name, error.says, error.remedy)
            return {}

    def _compare_wishes(self, line: int, profile: Mapping[str, Any]) -> None:
        if both := sorted(set(profile.get("wishes", ())) & set(profile.get("never", ()))):
            says = f"{quoted(both[0])} is both wished for and excluded"
            self._wrong(line, "never", says, "take it out of one of the two")

    def _wrong(self, line: int, name: str, says: str, remedy: str) -> None:
        self.problems.append(Problem(self._path, line, name, says, remedy))
