"""What was typed into a form: read, made the payload of a command, and what is wrong with it in words."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from pydantic import ValidationError

from interfaces.http.pages.fields import Field, Form, Given
from interfaces.http.pages.reading import reading

_LOCAL = "%Y-%m-%dT%H:%M"
_FIELDS_AT_MOST = 3_000


def read_form(body: bytes) -> dict[str, list[str]]:
    """What a browser sends. Fields that are too many or not text are no form of ours."""
    given: dict[str, list[str]] = {}
    for name, value in pairs_in(body):
        given.setdefault(name, []).append(value.replace("\r\n", "\n"))
    return given


def pairs_in(body: bytes) -> list[tuple[str, str]]:
    """The same in the order in which it was sent."""
    try:
        return parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_FIELDS_AT_MOST)
    except ValueError:
        return []


class NotTyped(ValueError):
    """Something was typed that is no value of its field: by the name of the field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


def payload_of(form: Form, given: Given) -> dict[str, Any]:
    """What the command gets. Fields that were left empty are left out.

    Raises NotTyped.
    """
    payload: dict[str, Any] = dict(form.fixed)
    problems: dict[str, str] = {}
    for one in form.fields:
        try:
            said, value = _value(one, [each for each in given.get(one.name, ()) if each.strip()])
        except ValueError as error:
            problems[one.name] = str(error)
            continue
        if said:
            _put(payload, one.name.split("."), value)
        elif one.required:
            problems[one.name] = "This is needed."
    if problems:
        raise NotTyped(problems)
    return {name: _rows(value) for name, value in payload.items()}


def _value(one: Field, given: Sequence[str]) -> tuple[bool, Any]:
    """Whether anything was said, and what. Raises ValueError in words."""
    match one.kind:
        case "flag":
            return True, "true" in given
        case "choices":
            return bool(given), list(given)
        case _ if not given:
            return one.nothing, None
        case "number":
            return True, _number(given[0])
        case "moment":
            return True, _moment(given[0])
        case _:
            return True, given[0].strip() if one.kind != "lines" else given[0]


def _number(text: str) -> int | float:
    written = text.strip().replace(",", ".")
    try:
        return int(written) if re.fullmatch(r"[+-]?\d{1,18}", written) else float(written)
    except ValueError:
        raise ValueError("This is not a number; write it as 7 or 7.5.") from None


def _moment(text: str) -> str:
    """In UTC; what is typed is a time in the reader's zone."""
    for form in (_LOCAL, f"{_LOCAL}:%S", "%Y-%m-%d %H:%M"):
        try:
            local = datetime.strptime(text.strip(), form)  # noqa: DTZ007 - it gets the reader's zone below
            return local.replace(tzinfo=reading().zone).astimezone(UTC).isoformat()
        except (ValueError, OverflowError):
            continue
    raise ValueError("This is not a time; write it as 2026-03-02T09:00.")


def typed(at: datetime) -> str:
    """A moment as a field of a form has it, in the reader's zone."""
    return at.astimezone(reading().zone).strftime(_LOCAL)


def _put(payload: dict[str, Any], path: Sequence[str], value: Any) -> None:
    *parents, last = path
    for one in parents:
        payload = payload.setdefault(one, {})
    payload[last] = value


def _rows(value: Any) -> Any:
    """`{"0": …, "1": …}` as a list; rows in which nothing but a default was chosen are left out."""
    if isinstance(value, dict) and value and all(one.isdecimal() for one in value):
        return [value[one] for one in sorted(value, key=int) if _is_filled(value[one])]
    return value


def _is_filled(row: Any) -> bool:
    """A choice alone, which a browser always sends, fills no row."""
    return not isinstance(row, dict) or len(row) > 1


def misfits(error: ValidationError) -> dict[str, str]:
    """What a model finds wrong, by the name of the field."""
    found: dict[str, str] = {}
    for one in error.errors():
        name = ".".join(str(part) for part in one["loc"])
        found.setdefault(name, _in_words(one))
    return found


_WORDS: Mapping[str, str] = {
    "missing": "This is needed.",
    "string_too_short": "This is needed.",
    "string_too_long": "At most {max_length:,} characters.",
    "less_than_equal": "At most {le}.",
    "greater_than_equal": "At least {ge}.",
    "literal_error": "Choose one of those that are offered.",
    "enum": "Choose one of those that are offered.",
    "too_long": "At most {max_length:,}.",
    "too_short": "At least {min_length:,}.",
}
"""What is said of the commonest problems, by the type that pydantic gives them."""


def _in_words(error: Any) -> str:
    if error["type"] == "string_pattern_mismatch":
        address = "https" in error["ctx"]["pattern"]
        return "Write an address that begins with https:// or http://." if address else "This is not in its form."
    if words := _WORDS.get(error["type"]):
        return words.format_map(error.get("ctx", {}))
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"{message[:1].upper()}{message[1:]}{'' if message.endswith('.') else '.'}"
