"""The skills that the learner wants and the mentor has, by the measure that the kit states."""

from typing import ClassVar

from domain.fit.overlap import WordsInCommon, in_common, keys
from domain.fit.terms import Measure, Terms
from domain.profiles import Trait, Words


class Skills(WordsInCommon):
    name: ClassVar[str] = "skills"
    compares: ClassVar[str] = "the skills that the learner wants, and those of the mentor"
    tells: ClassVar[tuple[Trait, ...]] = ("skills",)
    columns: ClassVar[tuple[str, ...]] = ("skills",)
    of_learner: ClassVar[str] = "skills"
    of_mentor: ClassVar[str] = "skills"
    yes: ClassVar[str] = "knows"
    no: ClassVar[str] = "does not know"

    def measured_by(self, terms: Terms) -> Measure:
        return terms.skills_by

    def reason(self, wanted: Words, offered: Words, terms: Terms) -> str:
        says = super().reason(wanted, offered, terms)
        if terms.skills_by != "jaccard":
            return says
        return f"{says}; {len(in_common(wanted, offered))} of {len(keys((*wanted, *offered)))} that either has"
