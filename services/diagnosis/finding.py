"""One line of a diagnosis."""

from dataclasses import dataclass
from enum import StrEnum

from runtime.server_problems import ServerProblem


class State(StrEnum):
    OK = "ok"
    NEEDS_A_PERSON = "needs a person"
    """It works, or goes on by itself for everybody else; something waits for a decision."""
    BROKEN = "broken"
    """It does not work until the cause is gone."""


@dataclass(frozen=True, slots=True)
class Finding:
    about: str
    """What was looked at."""
    state: State
    says: str
    """What was found, in a sentence without personal data."""
    remedy: str | None = None
    """What to do, with commands as they are typed; None when all is well."""


def ok(about: str, says: str) -> Finding:
    return Finding(about, State.OK, says)


def broken(about: str, says: str, remedy: str) -> Finding:
    return Finding(about, State.BROKEN, says, remedy)


def needs_a_person(about: str, says: str, remedy: str) -> Finding:
    return Finding(about, State.NEEDS_A_PERSON, says, remedy)


def of_problem(about: str, problem: ServerProblem) -> Finding:
    """Broken. What a problem says ends with what to do about it."""
    words = str(problem).rstrip(".")
    for end in (". ", ": "):
        says, _, remedy = words.rpartition(end)
        if says:
            return broken(about, says, remedy)
    return broken(about, words, "check the server's log")


def number(count: int, one: str, more: str | None = None) -> str:
    """`1 view`, `3 views`."""
    return f"1 {one}" if count == 1 else f"{count:,} {more or one + 's'}"


def ago(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"
