"""The mentor must not have ruled out the learner."""

from collections.abc import Sequence
from typing import ClassVar

from domain.fit.naming import NamedByMentor
from domain.fit.sides import Mentor
from domain.fit.terms import Terms


class RuledOutByMentor(NamedByMentor):
    name: ClassVar[str] = "ruled_out_by_mentor"
    requires: ClassVar[str] = "the mentor has not ruled out the learner"
    always: ClassVar[bool] = True

    def names(self, mentor: Mentor) -> Sequence[str]:
        return mentor.profile.never

    def reason(self, _: str, __: tuple[str, ...], ___: Terms) -> str:
        return "has ruled out the learner"
