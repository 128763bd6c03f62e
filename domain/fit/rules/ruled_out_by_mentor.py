"""The mentor must not have ruled out the learner."""

from typing import ClassVar

from domain.fit.comparison import Rule
from domain.fit.sides import Learner, Mentor
from domain.fit.terms import Terms


class RuledOutByMentor(Rule[str, tuple[str, ...]]):
    name: ClassVar[str] = "ruled_out_by_mentor"
    compares: ClassVar[str] = "the learners whom the mentor has ruled out"
    always: ClassVar[bool] = True

    def wanted(self, learner: Learner, _: Terms) -> str:
        return learner.learner

    def offered(self, mentor: Mentor, _: Terms) -> tuple[str, ...] | None:
        return mentor.profile.never or None

    def allows(self, wanted: str, offered: tuple[str, ...], _: Terms) -> bool:
        return wanted not in offered

    def reason(self, _: str, __: tuple[str, ...], ___: Terms) -> str:
        return "has ruled out the learner"
