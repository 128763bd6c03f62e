"""They must not belong to the same employer, school or project."""

from typing import ClassVar

from domain.fit.overlap import SharedWords, in_common, listed
from domain.fit.terms import Terms
from domain.profiles import Trait, Words


class ConflictOfInterest(SharedWords):
    name: ClassVar[str] = "conflict_of_interest"
    requires: ClassVar[str] = "they do not belong to the same employer, school or project"
    tells: ClassVar[tuple[Trait, ...]] = ("affiliation",)
    columns: ClassVar[tuple[str, ...]] = ("affiliation",)
    of_learner: ClassVar[str] = "affiliation"
    of_mentor: ClassVar[str] = "affiliation"
    apart: ClassVar[bool] = True

    def reason(self, wanted: Words, offered: Words, _: Terms) -> str:
        return f"also belongs to {listed(in_common(wanted, offered))}"
