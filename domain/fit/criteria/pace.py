"""Whether the mentor works at the pace that suits the learner."""

from typing import ClassVar

from domain.fit.overlap import WordsInCommon
from domain.fit.terms import Measure
from domain.profiles import Trait


class Pace(WordsInCommon):
    name: ClassVar[str] = "pace"
    compares: ClassVar[str] = "the pace that both want"
    tells: ClassVar[tuple[Trait, ...]] = ("pace",)
    columns: ClassVar[tuple[str, ...]] = ("pace",)
    of_learner: ClassVar[str] = "pace"
    of_mentor: ClassVar[str] = "pace"
    measure: ClassVar[Measure] = "any"
    yes: ClassVar[str] = "works at the pace"
    no: ClassVar[str] = "does not work at the pace"
