"""What is known of learners of the past, whatever it was read from. Days are counted from the first day of the term."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from domain.kit import Kit
from domain.kit.breaks import Break


class Work(NamedTuple):
    """Something that was handed in."""

    milestone: str
    day: int
    score: float | None
    """From 0 to 100. None: it was never marked."""
    marked: int | None
    """The day on which the score was known. None: never."""


@dataclass(frozen=True, slots=True)
class PastLearner:
    learner: str
    mentor: str
    """Who looked after them."""
    registered: int
    left: int | None
    """The day on which they left, of which nobody knew before. None: they stayed to the end."""
    succeeded: bool
    """Whether the promise of the course was kept for them. A backtest predicts this, and no rule sees it."""
    active: Mapping[int, int]
    """How much they did, by day, in the order of days; without the days on which they did nothing."""
    work: Sequence[Work]
    """By day."""
    traits: Mapping[str, float]
    """What was known of them at the registration, as numbers."""

    def is_there(self, day: int) -> bool:
        """Whether they are registered at the end of this day."""
        return self.registered <= day and (self.left is None or self.left > day)


@dataclass(frozen=True)
class Course:
    """One course in one term."""

    name: str
    term: str
    """Terms with the same name run at the same time."""
    starts_at: datetime
    days: int
    kit: Kit
    """Its milestones with their dates; rules of escalation that are tried on it are put into this kit."""
    pass_mark: float
    """A score from which work is passed."""
    learners: Sequence[PastLearner]
    breaks: Sequence[Break] = ()
    """Its holidays."""


@dataclass(frozen=True)
class Remark:
    """What was left out or assumed, with how often."""

    words: str
    times: int


@dataclass(frozen=True)
class History:
    """Courses of the past, the earliest term first."""

    title: str
    source: str
    """Whom it comes from, with its license."""
    courses: Sequence[Course]
    remarks: Sequence[Remark]

    @property
    def terms(self) -> Sequence[str]:
        return list(dict.fromkeys(one.term for one in self.courses))
