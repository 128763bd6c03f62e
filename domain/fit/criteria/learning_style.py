"""Whether the mentor supports the ways in which the learner learns."""

from typing import ClassVar

from domain.fit.overlap import WordsInCommon
from domain.profiles import Trait


class LearningStyle(WordsInCommon):
    name: ClassVar[str] = "learning_style"
    compares: ClassVar[str] = "how the learner learns, and what the mentor supports"
    tells: ClassVar[tuple[Trait, ...]] = ("learning_style",)
    columns: ClassVar[tuple[str, ...]] = ("learning_style",)
    of_learner: ClassVar[str] = "learning_style"
    of_mentor: ClassVar[str] = "learning_style"
    yes: ClassVar[str] = "supports learning by"
    no: ClassVar[str] = "does not support learning by"
