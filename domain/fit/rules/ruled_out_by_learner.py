"""The learner must not have ruled out the mentor."""

from collections.abc import Sequence
from typing import ClassVar

from domain.fit.naming import NamedByLearner
from domain.fit.sides import Learner
from domain.fit.terms import Terms


class RuledOutByLearner(NamedByLearner):
    name: ClassVar[str] = "ruled_out_by_learner"
    requires: ClassVar[str] = "the learner has not ruled out the mentor"
    always: ClassVar[bool] = True

    def names(self, learner: Learner) -> Sequence[str]:
        return learner.profile.never

    def reason(self, _: tuple[str, ...], __: str, ___: Terms) -> str:
        return "has been ruled out by the learner"
