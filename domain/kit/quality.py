"""By what a session is judged, and how many are looked at (R40 to R45)."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.ids import Slug
from domain.kit.sentences import Sentences
from domain.kit.words import Text
from domain.values import Duration, Frozen, say_duration

Verdict = Literal["yes", "partly", "no"]
VERDICTS: Mapping[Verdict, float] = {"yes": 1.0, "partly": 0.5, "no": 0.0}
"""What an answer to a question of the rubric counts, from 0 to 1."""
LEAST_MARK, MOST_MARK = 1, 5
"""Of a dimension of the rubric."""
_LONGEST_ID = 60
_MOST_REVIEWS = 200
"""In one round, each of them an item that somebody has to look at."""


class RubricQuestion(Frozen):
    """What is asked about a session that was held, to be answered with yes, partly or no."""

    id: Slug
    ask: Text
    look_for: Text | None = None
    """What to look for in the notes and the follow-up, for whoever scores a session."""


class Dimension(Frozen):
    """What a session is marked for, from 1 to 5."""

    id: Slug
    title: Text
    low: Text | None = None
    """What a session is like that gets a 1."""
    high: Text | None = None
    """What a session is like that gets a 5."""


def _id(_: int, text: str) -> str:
    """The same for the same text. A text without any letter or digit of an id gets a digest."""
    slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:_LONGEST_ID].strip("-")
    return slug or hashlib.sha256(text.encode()).hexdigest()[:12]


class Rubric(Frozen):
    """By what a session is judged (R40, R41). What is written as a text alone gets its id from the text."""

    questions: Annotated[tuple[RubricQuestion, ...], Sentences("ask", _id)] = ()
    dimensions: Annotated[tuple[Dimension, ...], Sentences("title", _id)] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.questions or self.dimensions)

    def problems_with(self, questions: Mapping[str, str], dimensions: Mapping[str, int]) -> Iterator[tuple[str, str]]:
        """What is wrong with the scores of a session: the field, and why in words. What nobody can tell from what is
        written may be left out."""
        asked, marked = {one.id for one in self.questions}, {one.id for one in self.dimensions}
        for name in questions:
            if name not in asked:
                yield f"questions.{name}", _strange(asked)
        for name, mark in dimensions.items():
            if name not in marked:
                yield f"dimensions.{name}", _strange(marked)
            elif not LEAST_MARK <= mark <= MOST_MARK:
                yield f"dimensions.{name}", f"wants a whole number from {LEAST_MARK} to {MOST_MARK}"
        if not questions and not dimensions:
            yield "questions", "answer at least one question, or mark one dimension"


def _strange(known: set[str]) -> str:
    return f"is not in the rubric; it has {', '.join(sorted(known)) or 'none of this kind'}"


class Quality(Frozen):
    """How the quality of sessions is looked after: by a few of them, regularly (R42, R44)."""

    every: Duration = timedelta(days=7)
    """From one round of reviews to the next."""
    open_for: Duration = timedelta(days=6)
    """How long reviewers have. What nobody has reviewed by then lapses."""
    minutes: int = Field(default=120, ge=1)
    """Of all reviewers together, for one round."""
    minutes_a_review: int = Field(default=15, ge=1)
    """What one review takes, reading included."""
    settle: Duration = timedelta(days=3)
    """How long after a session it can be sampled, so that notes and follow-up are there."""
    most_share: float = Field(default=0.5, gt=0, lt=1)
    """The most of the sessions of a round that are looked at, of each mentor's too: never all of several."""
    every_mentor_within: Duration = timedelta(days=56)
    """In this time a session of every mentor who holds some is looked at, as far as the minutes go."""
    new_until: int = Field(default=5, ge=0)
    """Until so many sessions were held, a mentor is new."""
    new_weight: float = Field(default=3.0, ge=1, le=100)
    """How many times more likely a session of a new mentor is sampled than another."""
    risk_weight: float = Field(default=3.0, ge=1, le=100)
    """How many times more likely a session is sampled whose journey, or whose mentor's last score, shows a risk."""
    low_mark: float = Field(default=2.5, ge=LEAST_MARK, le=MOST_MARK)
    """A mentor whose last review has a lower mean mark counts as a risk."""
    twice: float = Field(default=0.2, ge=0, le=1)
    """The share that two people score, neither of whom sees what the other wrote, so that agreement can be told."""
    peers: bool = False
    """Whether other mentors of the program review too. They then read notes about learners who are not theirs."""

    @model_validator(mode="after")
    def _a_round_can_be_held(self) -> Self:
        if self.minutes < self.minutes_a_review:
            raise ValueError("not even one review fits into `minutes`; raise it, or lower `minutes_a_review`")
        if self.minutes // self.minutes_a_review > _MOST_REVIEWS:
            raise ValueError(f"a round has at most {_MOST_REVIEWS} reviews; lower `minutes`")
        if self.open_for >= self.every:
            says = f"a round is open for {say_duration(self.open_for)}, and the next begins {say_duration(self.every)}"
            raise ValueError(f"{says} after it; let `open_for` be shorter than `every`")
        return self
