"""Made-up answers of a program, counted as the database counts them: for the analysis alone, and quick."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.random import Generator

from analysis.samples import Summary
from projections.runner import catch_up
from queries.feedback.cells import LEVELS, About, Cell, Level, Overlap, Pair, Place, Topic
from store import sequencer
from store.database import Pool

CLARITY, PREPARED = Topic("after-session", "clarity"), Topic("after-session", "prepared")
TEMPLATES = ("first-session", "working-session", "vague-steps")


@dataclass(frozen=True)
class Answer:
    respondent: str
    topic: Topic
    value: float
    linked: Mapping[Level, str]


@dataclass(frozen=True)
class Faults:
    """By how much clarity is lower."""

    template: float = 0.0
    mentor: float = 0.0


def term(seed: int, faults: Faults = Faults(), *, learners: int = 300) -> list[Answer]:
    """Three monthly groups, two versions of the kit, fifteen mentors, six sessions for each learner. Whoever tends to
    low answers gives them everywhere."""
    draw = np.random.default_rng(seed)
    return [one for learner in range(learners) for one in _of_learner(draw, learner, learners, faults)]


def _of_learner(draw: Generator, learner: int, learners: int, faults: Faults) -> Iterator[Answer]:
    cohort, mentor, mood = learner * 3 // learners, int(draw.integers(0, 15)), draw.normal(0, 0.5)
    pathway = ("seekers", "switchers")[int(draw.random() < 0.4)]
    whose: dict[Level, str] = {
        "mentor": f"m-{mentor:02}",
        "cohort": f"small.{cohort + 1}",
        "kit_version": "1" if cohort < 2 else "2",
        "pathway": pathway,
        "segment": ("fast", "steady", "unsure")[int(draw.integers(0, 3))],
    }
    for session in range(6):
        template = TEMPLATES[session % 3]
        linked: dict[Level, str] = {**whose, "session": f"s{session + 1}", "template": template, "stage": "sessions"}
        lower = faults.template * (template == "vague-steps") + faults.mentor * (mentor == 3)
        for topic, less in ((CLARITY, lower), (PREPARED, 0.0)):
            if draw.random() < 0.6:
                value = float(np.clip(np.round(4.0 + mood - less + draw.normal(0, 0.8)), 1, 5))
                yield Answer(f"l-{learner}", topic, value, linked)


def about(answers: Sequence[Answer]) -> list[About]:
    return [
        About(topic, "learner", "scale", None, 0, Summary(0, 0.0, 0.0), 1.0, 5.0, 0)
        for topic in sorted({one.topic for one in answers})
    ]


def cells(answers: Sequence[Answer]) -> list[Cell]:
    found: dict[Place, dict[str, list[float]]] = {}
    for one in answers:
        for level in LEVELS:
            if group := one.linked.get(level):
                values = found.setdefault(Place(one.topic, level, group), {})
                values.setdefault(one.respondent, []).append(one.value)
    return [
        Cell(place, sum(map(len, people.values())), Summary.of(_means(people.values())))
        for place, people in found.items()
    ]


def overlap(answers: Sequence[Answer], pair: Pair) -> Overlap:
    sides: dict[tuple[bool, bool], dict[str, list[float]]] = {}
    for one in answers:
        if one.topic == pair.one.topic:
            where = (_belongs(one, pair.one), _belongs(one, pair.other))
            sides.setdefault(where, {}).setdefault(one.respondent, []).append(one.value)
    both, one_alone, other_alone, neither = (
        Summary.of(_means(sides.get(side, {}).values()))
        for side in ((True, True), (True, False), (False, True), (False, False))
    )
    return Overlap(both, one_alone, other_alone, neither)


def _belongs(one: Answer, place: Place) -> bool:
    return one.linked.get(place.level) == place.group


def _means(people: Iterable[Sequence[float]]) -> list[float]:
    return [sum(values) / len(values) for values in people]


async def answer(pool: Pool, dsn: str, program: str, answers: Sequence[Answer], at: datetime) -> None:
    """Fills the view as if these had been given at this moment: what fills it from the log is tested elsewhere."""
    await sequencer.drain(dsn)
    await catch_up(dsn)
    columns = (
        *("stream", "request", "question", "survey", "program", "journey", "role", "kind", "number", "has_text"),
        *("answered_at", *LEVELS),
    )
    marks = ", ".join(f"${n}" for n in range(1, len(columns) + 1))
    statement = f"insert into views.survey_answers ({', '.join(columns)}) values ({marks})"  # noqa: S608 - names of ours
    await pool.executemany(statement, [_row(n, program, one, at) for n, one in enumerate(answers)])


def _row(n: int, program: str, one: Answer, at: datetime) -> tuple[object, ...]:
    whose = (f"s-{one.respondent}", f"r-{n}", one.topic.question, one.topic.survey, program, one.respondent, "learner")
    return (*whose, "scale", one.value, False, at, *(one.linked.get(level) for level in LEVELS))
