"""A mentor whose offer was declined or expired, or who has left the journey, is not proposed to it again."""

from typing import ClassVar

from domain.fit.comparison import Rule
from domain.fit.sides import Learner, Mentor
from domain.fit.terms import Terms


class DeclinedBefore(Rule[tuple[str, ...], str]):
    name: ClassVar[str] = "declined_before"
    compares: ClassVar[str] = "the mentors of earlier offers and matches of the journey"
    always: ClassVar[bool] = True

    def wanted(self, learner: Learner, _: Terms) -> tuple[str, ...] | None:
        return tuple(learner.declined) or None

    def offered(self, mentor: Mentor, _: Terms) -> str:
        return mentor.mentor

    def allows(self, wanted: tuple[str, ...], offered: str, _: Terms) -> bool:
        return offered not in wanted

    def reason(self, _: tuple[str, ...], __: str, ___: Terms) -> str:
        return "was offered before and declined, or has left the journey"
