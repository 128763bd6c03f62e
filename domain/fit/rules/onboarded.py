"""The mentor must be onboarded."""

from typing import ClassVar

from domain.fit.comparison import ANYBODY, Rule
from domain.fit.sides import Learner, Mentor
from domain.fit.terms import Terms


class Onboarded(Rule[str, bool]):
    name: ClassVar[str] = "onboarded"
    requires: ClassVar[str] = "the mentor is onboarded"
    columns: ClassVar[tuple[str, ...]] = ("onboarded_on",)

    def wanted(self, _: Learner, __: Terms) -> str:
        return ANYBODY

    def offered(self, mentor: Mentor, terms: Terms) -> bool | None:
        return mentor.profile.onboarded_on is not None and mentor.profile.onboarded_on <= terms.at.date()

    def allows(self, _: str, offered: bool, __: Terms) -> bool:
        return offered

    def reason(self, _: str, __: bool, ___: Terms) -> str:
        return "is not onboarded yet"
