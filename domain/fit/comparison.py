"""What criteria and rules have in common: they compare a value of the learner with a value of the mentor.

Both values can be hashed, and nothing else of the two people counts. So a round evaluates each comparison once for
each pair of distinct values, however many people share them.
"""

from abc import ABC, abstractmethod
from typing import ClassVar, Final, Generic, TypeVar

from domain.fit.sides import Learner, Mentor
from domain.fit.terms import Terms
from domain.profiles import Trait

Wanted = TypeVar("Wanted")
Offered = TypeVar("Offered")

NEUTRAL: Final = 0.5
"""What a criterion gives where an answer is missing: less than a fit, more than a misfit."""
ANYBODY: Final = "anybody"
"""The value of the learner in rules that look at the mentor alone."""


class Comparison(ABC, Generic[Wanted, Offered]):
    name: ClassVar[str]
    """As a kit names it."""
    tells: ClassVar[tuple[Trait, ...]] = ()
    """What questions of the intake must tell, or else nobody is ever compared."""
    columns: ClassVar[tuple[str, ...]] = ()
    """What it reads of the mentor's profile."""
    by_segment: ClassVar[bool] = False
    """Whether it reads the learner's segment, so that the kit must have segments."""

    @abstractmethod
    def wanted(self, learner: Learner, terms: Terms) -> Wanted | None:
        """The value of the learner; None when nobody has said."""

    @abstractmethod
    def offered(self, mentor: Mentor, terms: Terms) -> Offered | None:
        """The value of the mentor; None when nobody has said."""


class Criterion(Comparison[Wanted, Offered]):
    """How well two people suit each other in one respect."""

    compares: ClassVar[str]
    """What is compared, in words: `what the learner needs help with, and the mentor's expertise`."""

    @abstractmethod
    def fit(self, wanted: Wanted, offered: Offered, terms: Terms) -> float:
        """From 0, a misfit, to 1."""

    @abstractmethod
    def reason(self, wanted: Wanted, offered: Offered, terms: Terms) -> str:
        """Why, as part of a sentence about the mentor: `helps with interviews`."""


class Rule(Comparison[Wanted, Offered]):
    """What keeps two people apart. Where an answer is missing it keeps nobody apart."""

    requires: ClassVar[str]
    """In words, after `only if`: `they have a language in common`."""
    always: ClassVar[bool] = False
    """Whether it is in force without being named by the kit."""

    @abstractmethod
    def allows(self, wanted: Wanted, offered: Offered, terms: Terms) -> bool: ...

    @abstractmethod
    def reason(self, wanted: Wanted, offered: Offered, terms: Terms) -> str:
        """Why it does not allow the pair, as part of a sentence about the mentor: `speaks no Spanish`."""


def missing(wanted: object | None, offered: object | None) -> str | None:
    """Who has not said, in words; None when both have."""
    match wanted is None, offered is None:
        case True, True:
            return "neither side has said"
        case True, False:
            return "the learner has not said"
        case False, True:
            return "the mentor has not said"
    return None
