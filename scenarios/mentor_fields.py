"""The profile of a mentor as it is written in files and commands, a field at a time, checked against a kit.

A list is a text with semicolons, or a JSON list; hours are written as `mon-fri 18:00-20:00`, a check as
`background:2027-05-01`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, get_args

from pydantic import TypeAdapter, ValidationError

from domain.ids import Slug
from domain.kit import Kit, Mode
from domain.kit.naming import nearest
from domain.mentor.profile import ProfileChanges
from domain.profiles import Check, MentorProfile, Trait
from domain.scheduling.week import Week
from domain.values import Day, counted
from kits.problems import quoted
from scenarios import people_fields
from scenarios.people_fields import InvalidField

FIELDS: Final = tuple(MentorProfile.model_fields)
ALIASES: Final[Mapping[str, str]] = {"capacity": "places"}
"""What files of earlier releases call a field."""

_EMPTY: Final[Mapping[str, Any]] = dict(MentorProfile())
_SEPARATOR = ";"
_LONGEST_WORD = 200
_LONGEST_LIST = 100
_MOST_DIGITS = 6
_SHOWN = 12
_TRAITS: Final[Mapping[str, Trait]] = {
    "expertise": "problem_type",
    "pace": "pace",
    "session_style": "communication_style",
    "learning_style": "learning_style",
    "channel": "channel",
    "outcomes": "goals",
    "skills": "skills",
    "languages": "languages",
    "affiliation": "affiliation",
}
"""What a question of the intake tells that is compared with the field."""

_WEEK: TypeAdapter[Any] = TypeAdapter(Week)
_DAY: TypeAdapter[date] = TypeAdapter(Day)
_ID: TypeAdapter[str] = TypeAdapter(Slug)


@dataclass(frozen=True, slots=True)
class Choice:
    """The words that a field can have. Empty: any."""

    words: tuple[str, ...] = ()
    of: str = ""
    """Who names them."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What one kit, or several, have to say about the profiles of their mentors."""

    choices: Mapping[str, Choice]
    wishes: int | None
    """The most that count. None: nobody says."""

    @classmethod
    def by(cls, *kits: Kit) -> "Offered":
        """A word that one of the kits offers is a word. No kits: anything is."""
        choices = {name: _choice(name, kits) for name in (*_TRAITS, "mentor_type", "ideal_learner", "format")}
        return cls(choices, max((kit.matching.wishes.of_mentors for kit in kits), default=None))


Reader = Callable[[str, Any, Offered], Any]


def _choice(name: str, kits: Iterable[Kit]) -> Choice:
    if name == "format":
        return Choice(get_args(Mode), "a kit")
    found: dict[str, None] = {}
    for kit in kits:
        words = tuple(_words(name, kit))
        if not words and name in _TRAITS:
            return Choice()  # it asks in free words, or not at all
        found |= dict.fromkeys(words)
    return Choice(tuple(found), "the intake" if name in _TRAITS else "the kit")


def _words(name: str, kit: Kit) -> Iterable[str]:
    match name:
        case "mentor_type":
            return [pathway.mentor_type for pathway in kit.pathways]
        case "ideal_learner":
            return [segment.id for segment in kit.segments]
        case _:
            asked = [one for one in kit.intake.questions if one.tells == _TRAITS[name]]
            return [word for one in asked for word in one.options] if all(one.options for one in asked) else []


def read(name: str, given: Any, offered: Offered) -> Any:
    """The value of a field of the profile; an empty one for an empty text. Raises InvalidField."""
    if given is None or (isinstance(given, str) and not given.strip()):
        return _EMPTY[name]
    reader: Reader = _READERS.get(name, _read_words)
    return reader(name, given, offered)


def changes_of(values: Mapping[str, Any]) -> ProfileChanges:
    """Of values that `read` has given."""
    return ProfileChanges(**{name: value for name, value in values.items() if name in ProfileChanges.model_fields})


def _read_words(name: str, given: Any, offered: Offered) -> tuple[str, ...]:
    choice = offered.choices.get(name, Choice())
    words = [given.strip()] if isinstance(given, str) and given.strip() in choice.words else _listed(given)
    return tuple(dict.fromkeys(_word(one, choice) for one in words))


def _read_word(name: str, given: Any, offered: Offered) -> str:
    return _word(_text(given), offered.choices.get(name, Choice()))


def _word(given: str, choice: Choice) -> str:
    if not 0 < len(given) <= _LONGEST_WORD or "\x00" in given:
        raise InvalidField(f"{quoted(given)} is no word", f"write at most {_LONGEST_WORD} characters")
    if choice.words and given not in choice.words:
        near = nearest(given, choice.words)
        some = "; ".join(choice.words[:_SHOWN]) + ("; …" if len(choice.words) > _SHOWN else "")
        remedy = f"did you mean {near!r}? There are: {some}" if near else f"there are: {some}"
        raise InvalidField(f"{quoted(given)} is not one that {choice.of} names", remedy)
    return given


def _read_zone(_: str, given: Any, __: Offered) -> str:
    return people_fields.time_zone(_text(given))


def _number(least: int, most: int, what: str) -> Callable[[str, Any, Offered], int]:
    def number(_: str, given: Any, __: Offered) -> int:
        text = str(given).strip() if isinstance(given, str | int) and not isinstance(given, bool) else ""
        if text.isdecimal() and text.isascii() and len(text) <= _MOST_DIGITS and least <= int(text) <= most:
            return int(text)
        upto = f"from {least} to {most}" if most < 10**_MOST_DIGITS else f"{least} or more"
        raise InvalidField(f"{quoted(given)} is not {what}", f"write a whole number, {upto}")

    return number


def _read_week(_: str, given: Any, __: Offered) -> Any:
    try:
        return _WEEK.validate_python(_listed(given))
    except ValidationError as error:
        says = error.errors()[0]["msg"].removeprefix("Value error, ")
        what, _, remedy = says.partition("; ")
        raise InvalidField(what, remedy or "write it as 'mon-fri 18:00-20:00'") from None


def _read_day(_: str, given: Any, __: Offered) -> date:
    return _day(_text(given))


def _day(given: str) -> date:
    try:
        return _DAY.validate_python(given)
    except ValidationError:
        raise InvalidField(f"{quoted(given)} is not a day", "write it as 2027-05-01") from None


def _read_checks(_: str, given: Any, __: Offered) -> tuple[Check, ...]:
    checks = [_check(one) for one in (given if isinstance(given, list) else _listed(given))]
    twice = {one.check for one in checks if sum(other.check == one.check for other in checks) > 1}
    if twice:
        raise InvalidField(f"{quoted(min(twice))} is there twice", "keep one of the two")
    return tuple(checks)


def _check(given: Any) -> Check:
    if isinstance(given, dict):
        given = f"{given.get('check', '')}:{given.get('valid_until') or ''}"
    name, colon, until = _text(given).partition(":")
    return Check(check=_id(name, "a check"), valid_until=_day(until.strip()) if colon and until.strip() else None)


def _read_ids(name: str, given: Any, offered: Offered) -> tuple[str, ...]:
    ids = tuple(dict.fromkeys(_id(one, "the id of a learner") for one in _listed(given)))
    if name == "wishes" and offered.wishes is not None and len(ids) > offered.wishes:
        says = f"it names {counted(len(ids), 'learner')}, and the kit lets a mentor rank {offered.wishes}"
        raise InvalidField(says, "keep the first ones" if offered.wishes else "leave it empty; see matching.wishes")
    return ids


def _id(given: str, what: str) -> str:
    try:
        return _ID.validate_python(given.strip())
    except ValidationError:
        raise InvalidField(f"{quoted(given)} is not {what}", people_fields.AN_ID) from None


def _text(given: Any) -> str:
    if not isinstance(given, str):
        raise InvalidField(f"a text is wanted, and this is {quoted(given)}", 'put it in quotes: "..."')
    return given.strip()


def _listed(given: Any) -> list[str]:
    parts = given if isinstance(given, list) else _text(given).split(_SEPARATOR)
    found = [one for part in parts if (one := _text(part))]
    if len(found) > _LONGEST_LIST:
        raise InvalidField(f"it has {len(found)} entries, and {_LONGEST_LIST} are the most", "keep the important ones")
    return found


_READERS: Final[Mapping[str, Reader]] = {
    "mentor_type": _read_word,
    "time_zone": _read_zone,
    "places": _number(0, 10**_MOST_DIGITS, "a number of learners"),
    "minutes_a_week": _number(0, 10**_MOST_DIGITS, "a number of minutes"),
    "supports_from": _number(1, 10, "a confidence"),
    "availability": _read_week,
    "onboarded_on": _read_day,
    "checks": _read_checks,
    "wishes": _read_ids,
    "never": _read_ids,
}
