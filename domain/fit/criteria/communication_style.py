"""Whether the mentor communicates as the learner likes it."""

from typing import ClassVar

from domain.fit.overlap import WordsInCommon
from domain.fit.terms import Measure
from domain.profiles import Trait


class CommunicationStyle(WordsInCommon):
    name: ClassVar[str] = "communication_style"
    compares: ClassVar[str] = "how the learner likes to communicate, and the style of the mentor"
    tells: ClassVar[tuple[Trait, ...]] = ("communication_style",)
    columns: ClassVar[tuple[str, ...]] = ("session_style",)
    of_learner: ClassVar[str] = "communication_style"
    of_mentor: ClassVar[str] = "session_style"
    measure: ClassVar[Measure] = "any"
    yes: ClassVar[str] = "communicates in the style"
    no: ClassVar[str] = "does not communicate in the style"
