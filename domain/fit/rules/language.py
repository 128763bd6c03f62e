"""They must have a language in common."""

from typing import ClassVar

from domain.fit.overlap import SharedWords, listed
from domain.fit.terms import Terms
from domain.profiles import Trait, Words


class Language(SharedWords):
    name: ClassVar[str] = "language"
    requires: ClassVar[str] = "they have a language in common"
    tells: ClassVar[tuple[Trait, ...]] = ("languages",)
    columns: ClassVar[tuple[str, ...]] = ("languages",)
    of_learner: ClassVar[str] = "languages"
    of_mentor: ClassVar[str] = "languages"

    def reason(self, wanted: Words, _: Words, __: Terms) -> str:
        return f"does not speak {listed(wanted)}"
