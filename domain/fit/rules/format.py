"""The mentor must hold sessions in a format that suits the learner."""

from typing import ClassVar

from domain.fit.overlap import SharedWords, listed
from domain.fit.terms import Terms
from domain.profiles import Trait, Words


class Format(SharedWords):
    name: ClassVar[str] = "format"
    requires: ClassVar[str] = "the mentor holds sessions in a format that suits the learner"
    tells: ClassVar[tuple[Trait, ...]] = ("format",)
    columns: ClassVar[tuple[str, ...]] = ("format",)
    of_learner: ClassVar[str] = "format"
    of_mentor: ClassVar[str] = "format"

    def reason(self, wanted: Words, _: Words, __: Terms) -> str:
        return f"holds no sessions in the format {listed(wanted)}"
