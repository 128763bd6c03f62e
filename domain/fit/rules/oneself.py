"""Nobody is their own mentor."""

from typing import ClassVar

from domain.fit.comparison import Rule
from domain.fit.sides import Learner, Mentor
from domain.fit.terms import Terms


class Oneself(Rule[str, str]):
    name: ClassVar[str] = "oneself"
    compares: ClassVar[str] = "whether the two are the same person"
    always: ClassVar[bool] = True

    def wanted(self, learner: Learner, _: Terms) -> str:
        return learner.learner

    def offered(self, mentor: Mentor, _: Terms) -> str:
        return mentor.mentor

    def allows(self, wanted: str, offered: str, _: Terms) -> bool:
        return wanted != offered

    def reason(self, _: str, __: str, ___: Terms) -> str:
        return "is the learner"
