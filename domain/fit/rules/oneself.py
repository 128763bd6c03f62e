"""Nobody is their own mentor."""

from collections.abc import Sequence
from typing import ClassVar

from domain.fit.naming import NamedByLearner
from domain.fit.sides import Learner
from domain.fit.terms import Terms


class Oneself(NamedByLearner):
    name: ClassVar[str] = "oneself"
    requires: ClassVar[str] = "they are two people"
    always: ClassVar[bool] = True

    def names(self, learner: Learner) -> Sequence[str]:
        return (learner.learner,)

    def reason(self, _: tuple[str, ...], __: str, ___: Terms) -> str:
        return "is the learner"
