"""The fields of a person, checked alike in every file format."""

import re

from channels.addresses import person_address
from channels.lines import STEERING
from domain.kit import Question
from domain.values import time_zones
from kits.problems import quoted

AN_ID = "use letters, digits, '_', '.' and '-', without a space, at most 120 of them, and begin with a letter or digit"
_ESCAPE = re.compile(r"\\u[0-9A-Fa-f]{4}")
_LONGEST_NAME = 200
_LONGEST_ANSWER = 10_000


class InvalidField(Exception):
    """A value is invalid. Carries what is wrong with it, and the remedy."""

    def __init__(self, says: str, remedy: str) -> None:
        super().__init__(f"{says}; {remedy}")
        self.says, self.remedy = says, remedy


def name(given: str) -> str:
    """Raises InvalidField. A name must fit on one line, as in notifications, calendars and terminals."""
    if found := STEERING.search(given):
        raise InvalidField(f"there is a control character in it (U+{ord(found[0]):04X})", "take it out")
    if found := _ESCAPE.search(given):
        raise InvalidField(f"there is {found[0]} in it, an escape that was written twice", "write the character itself")
    if not given.strip():
        raise InvalidField("it is empty", "write the name that people are shown")
    if len(given) > _LONGEST_NAME:
        raise InvalidField(f"it has {len(given):,} characters, and {_LONGEST_NAME} are the most", "shorten it")
    return given.strip()


def address(given: str) -> str:
    """Returns the address unchanged if it can receive mail. Raises InvalidField otherwise."""
    try:
        person_address(given)
    except ValueError as error:
        raise InvalidField(
            f"no mail can be sent to {quoted(given)}: {error}",
            "write it as name@example.org, or leave it out",
        ) from None
    return given.strip()


def time_zone(given: str) -> str:
    """Raises InvalidField."""
    if given not in time_zones():
        raise InvalidField(f"{quoted(given)} is not a time zone", "write it as Europe/Berlin, or leave it out")
    return given


def problem_with_answer(question: Question, answer: object) -> str | None:
    """What is wrong with an answer to a question; None if it is valid."""
    if isinstance(answer, str) and len(answer) > _LONGEST_ANSWER:
        return f"has {len(answer):,} characters, and {_LONGEST_ANSWER:,} are the most"
    if isinstance(answer, str) and "\x00" in answer:
        return "has a NUL character in it"
    return question.problem_with(answer)
