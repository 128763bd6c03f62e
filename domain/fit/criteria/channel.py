"""Whether they have a channel in common."""

from typing import ClassVar

from domain.fit.overlap import WordsInCommon
from domain.fit.terms import Measure
from domain.profiles import Trait


class Channel(WordsInCommon):
    name: ClassVar[str] = "channel"
    compares: ClassVar[str] = "the channels of both"
    tells: ClassVar[tuple[Trait, ...]] = ("channel",)
    columns: ClassVar[tuple[str, ...]] = ("channel",)
    of_learner: ClassVar[str] = "channel"
    of_mentor: ClassVar[str] = "channel"
    measure: ClassVar[Measure] = "any"
    yes: ClassVar[str] = "can be reached by"
    no: ClassVar[str] = "cannot be reached by"
