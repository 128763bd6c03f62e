"""What every detector of quality answers, and the little that it sees of the sessions of a journey.

A detector reads what a mentor wrote around sessions, finds one explicit pattern, and says why in a sentence and where
in quotations. It judges nobody: a person confirms or dismisses what it found, and how often it is right is counted.
"""

import re
from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, NamedTuple

from domain.kit.words import Text
from domain.values import Frozen


class StepWritten(NamedTuple):
    """A next step of a follow-up."""

    item: str
    text: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class SessionWritten:
    """What was written around one session that was held."""

    session: str
    held_at: datetime
    ended_at: datetime
    notes: Mapping[str, object]
    """By the question of the template."""
    asks: Mapping[str, str]
    """The wording of each question of the template."""
    planned: Sequence[str]
    """What the kit says of the session: its purpose, goal, artifact and next step."""
    summary: str
    """Of the follow-up; empty as long as there is none."""
    steps: Sequence[StepWritten]
    next_at: datetime | None
    """When the next session of the plan begins."""


class Found(NamedTuple):
    session: str
    subject: str
    """What exactly, so that it is found once: a next step, a question, or the session itself."""
    because: str
    """Why, in a sentence without names and without a word of what people wrote."""
    quotes: Sequence[str] = ()
    """What it was found in. Personal."""


class Detector(Frozen):
    """A kit asks for it by naming it, and may set what it looks for."""

    name: ClassVar[str]
    detects: ClassVar[str]
    """What it finds, for people who decide about it."""
    version: ClassVar[int] = 1
    """Raised when it comes to find something else: how often it is right is counted for each version."""

    coaching: Text | None = None
    """What the mentor reads with a confirmed finding, in kind words. None: `suggestion`."""
    suggestion: ClassVar[str]
    """What helps, for the mentor."""

    @abstractmethod
    def find(self, sessions: Sequence[SessionWritten]) -> Iterable[Found]:
        """`sessions`: those that were held on one journey with one mentor, in the order in which they were held."""


_WORD = re.compile(r"\w+")


def words_of(text: str) -> list[str]:
    """In lower case, without punctuation."""
    return _WORD.findall(text.casefold())


def likeness(one: str, other: str) -> float:
    """The share of the words of both texts together that are in both (Jaccard), from 0 to 1. 0 for an empty text."""
    first, second = frozenset(words_of(one)), frozenset(words_of(other))
    return len(first & second) / len(first | second) if first and second else 0.0
