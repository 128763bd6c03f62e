"""What was answered, counted by all that an answer can be linked to.

The unit is the person who answers: whoever answers six times says one thing, the mean of the six. Otherwise a few
people who answer often would look like many.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from asyncpg import Record

from analysis.association import Means
from analysis.looking import Sample
from analysis.samples import Counted, Scale, Summary
from projections.reading import View
from projections.sql import query
from store.database import Pool

Level = Literal[
    "template", "mentor", "session", "milestone", "stage", "pathway", "segment", "cohort", "kit_version", "question"
]
LEVELS: tuple[Level, ...] = (
    "template", "mentor", "session", "milestone", "stage", "pathway", "segment", "cohort", "kit_version",
)  # fmt: skip
"""Of answers to surveys. `question` is that of the intake."""


ANSWERS_AT_MOST = 100_000
"""Of a program, the latest."""


class Topic(NamedTuple):
    """What was asked: a question of a survey, or one option of it where it has options."""

    survey: str
    question: str
    option: str | None = None


INTAKE = Topic("intake", "stopped")
"""Not asked, but seen: at which question of the intake people stop."""


class Place(NamedTuple):
    """Where: one group of a level, such as the answers that belong to one template."""

    topic: Topic
    level: Level
    group: str


@dataclass(frozen=True, slots=True)
class Cell:
    place: Place
    answers: int
    sample: Sample
    """Of respondents."""


@dataclass(frozen=True, slots=True)
class About:
    """A question of a survey, and all answers to it."""

    topic: Topic
    role: str
    kind: str
    tells: str | None
    answers: int
    sample: Sample
    lowest: float
    highest: float
    texts: int
    """Answers in words, which are shown to ops of the program alone."""


@dataclass(frozen=True, slots=True)
class Counts:
    """All answers of a program in some time, counted."""

    about: Sequence[About]
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` until before `until`."""

    since: datetime
    until: datetime


class Pair(NamedTuple):
    """Two places of one topic, to be told apart."""

    one: Place
    other: Place


class Overlap(NamedTuple):
    """Respondents of a topic, by whether their answers belong to the one place, and to the other."""

    both: Summary
    one_alone: Summary
    other_alone: Summary
    neither: Summary

    def of_one(self) -> Sequence[Means]:
        """The one place against the rest, within the other and outside it."""
        return [Means(self.both, self.other_alone), Means(self.one_alone, self.neither)]

    def of_other(self) -> Sequence[Means]:
        return [Means(self.both, self.one_alone), Means(self.other_alone, self.neither)]


_ANSWERS = View(survey_answers=2)


async def latest(pool: Pool, program: str, period: Period) -> Period:
    """The end of the period that has so many answers as are counted at most: the work is bounded, and that many tell
    enough. Raises BeingRebuilt."""
    row = await _ANSWERS.fetchrow(pool, query("feedback_latest"), program, period.since, period.until, ANSWERS_AT_MOST)
    return period if row is None else Period(row["answered_at"] + timedelta(microseconds=1), period.until)


async def counted(pool: Pool, program: str, period: Period) -> Counts:
    """Raises BeingRebuilt."""
    of = (program, period.since, period.until)
    numbers = await _ANSWERS.fetch(pool, query("feedback_numbers"), *of)
    choices = await _ANSWERS.fetch(pool, query("feedback_choices"), *of)
    return Counts(
        about=[_about(row) for row in numbers if row["level"] is None] + list(_options(choices)),
        cells=[_cell(row) for row in numbers if row["level"]] + list(_choices(choices)),
    )


async def overlaps(pool: Pool, program: str, period: Period, pairs: Iterable[Pair]) -> Mapping[Pair, Overlap]:
    """Raises BeingRebuilt."""
    return {pair: await _overlap(pool, program, period, pair) for pair in pairs}


async def _overlap(pool: Pool, program: str, period: Period, pair: Pair) -> Overlap:
    one, other = pair
    topic = one.topic
    where = (program, period.since, period.until, topic.survey, topic.question, topic.option)
    rows = await _ANSWERS.fetch(pool, query("feedback_overlap"), *where, one.level, one.group, other.level, other.group)
    seen = {(row["in_one"], row["in_other"]): Summary.measured(row["n"], row["mean"], row["spread"]) for row in rows}
    none = Summary(0, 0.0, 0.0)
    return Overlap(*(seen.get(sides, none) for sides in ((True, True), (True, False), (False, True), (False, False))))


def _about(row: Record) -> About:
    return About(
        topic=Topic(str(row["survey"]), str(row["question"])),
        role=str(row["role"]),
        kind=str(row["kind"]),
        tells=_text(row["tells"]),
        answers=_whole(row["answers"]),
        sample=_sample(row),
        lowest=_number(row["lowest"]),
        highest=_number(row["highest"]),
        texts=_whole(row["texts"]),
    )


def _cell(row: Record) -> Cell:
    topic = Topic(str(row["survey"]), str(row["question"]))
    level: Level = row["level"]
    return Cell(Place(topic, level, str(row["grp"])), _whole(row["answers"]), _sample(row))


def _sample(row: Record) -> Sample:
    """Yes and no are counted where each answers once; otherwise, the shares of yes are values like others."""
    n, mean = _whole(row["n"]), _number(row["mean"])
    if row["kind"] == "yes_no" and row["answers"] == n:
        return Counted(round(mean * n), n)
    return Summary.measured(n, mean, _number(row["spread"]), Scale.between(row["scale_least"], row["scale_most"]))


def _options(rows: Sequence[Record]) -> Iterable[About]:
    for row in rows:
        if row["level"] is None:
            topic = Topic(str(row["survey"]), str(row["question"]), str(row["choice"]))
            sample = Counted(_whole(row["chosen"]), _whole(row["n"]))
            yield About(
                topic, str(row["role"]), "choice", _text(row["tells"]), _whole(row["answers"]), sample, 0.0, 1.0, 0
            )


def _choices(rows: Sequence[Record]) -> Iterable[Cell]:
    for row in rows:
        if row["level"]:
            topic = Topic(str(row["survey"]), str(row["question"]), str(row["choice"]))
            level: Level = row["level"]
            sample = Counted(_whole(row["chosen"]), _whole(row["n"]))
            yield Cell(Place(topic, level, str(row["grp"])), _whole(row["answers"]), sample)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _whole(value: int | None) -> int:
    return value or 0


def _number(value: float | None) -> float:
    return float(value or 0.0)
