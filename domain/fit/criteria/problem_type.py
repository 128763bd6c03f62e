"""Whether the mentor helps with what the learner needs help with."""

from typing import ClassVar

from domain.fit.overlap import WordsInCommon
from domain.profiles import Trait


class ProblemType(WordsInCommon):
    name: ClassVar[str] = "problem_type"
    compares: ClassVar[str] = "what the learner needs help with, and the mentor's expertise"
    tells: ClassVar[tuple[Trait, ...]] = ("problem_type",)
    columns: ClassVar[tuple[str, ...]] = ("expertise",)
    of_learner: ClassVar[str] = "problem_type"
    of_mentor: ClassVar[str] = "expertise"
    yes: ClassVar[str] = "helps with"
    no: ClassVar[str] = "does not help with"
