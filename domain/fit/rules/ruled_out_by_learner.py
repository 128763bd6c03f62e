"""The learner must not have ruled out the mentor."""

from typing import ClassVar

from domain.fit.comparison import Rule
from domain.fit.sides import Learner, Mentor
from domain.fit.terms import Terms


class RuledOutByLearner(Rule[tuple[str, ...], str]):
    name: ClassVar[str] = "ruled_out_by_learner"
    compares: ClassVar[str] = "the mentors whom the learner has ruled out"
    always: ClassVar[bool] = True

    def wanted(self, learner: Learner, _: Terms) -> tuple[str, ...] | None:
        return learner.profile.never or None

    def offered(self, mentor: Mentor, _: Terms) -> str:
        return mentor.mentor

    def allows(self, wanted: tuple[str, ...], offered: str, _: Terms) -> bool:
        return offered not in wanted

    def reason(self, _: tuple[str, ...], __: str, ___: Terms) -> str:
        return "has been ruled out by the learner"
