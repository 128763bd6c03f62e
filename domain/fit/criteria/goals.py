"""How many of the learner's goals are typical outcomes of the mentor's learners."""

from typing import ClassVar

from domain.fit.overlap import WordsInCommon
from domain.profiles import Trait


class Goals(WordsInCommon):
    name: ClassVar[str] = "goals"
    compares: ClassVar[str] = "the learner's goals, and what the mentor's learners typically reach"
    tells: ClassVar[tuple[Trait, ...]] = ("goals",)
    columns: ClassVar[tuple[str, ...]] = ("outcomes",)
    of_learner: ClassVar[str] = "goals"
    of_mentor: ClassVar[str] = "outcomes"
    yes: ClassVar[str] = "brings learners to"
    no: ClassVar[str] = "does not typically bring learners to"
