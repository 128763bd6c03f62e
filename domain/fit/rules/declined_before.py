"""A mentor whose offer was declined or expired, or who has left the journey, is not proposed to it again."""

from collections.abc import Sequence
from typing import ClassVar

from domain.fit.naming import NamedByLearner
from domain.fit.sides import Learner
from domain.fit.terms import Terms


class DeclinedBefore(NamedByLearner):
    name: ClassVar[str] = "declined_before"
    requires: ClassVar[str] = "the mentor was not declined by this journey before, nor has left it"
    always: ClassVar[bool] = True

    def names(self, learner: Learner) -> Sequence[str]:
        return learner.declined

    def reason(self, _: tuple[str, ...], __: str, ___: Terms) -> str:
        return "was offered before and declined, or has left the journey"
