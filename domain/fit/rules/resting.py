"""A mentor who has declined an offer is left in peace for as long as the reason says."""

from datetime import datetime
from typing import ClassVar

from domain.fit.comparison import ANYBODY, Rule
from domain.fit.sides import Learner, Mentor
from domain.fit.terms import Terms


class Resting(Rule[str, datetime]):
    name: ClassVar[str] = "resting"
    requires: ClassVar[str] = "the mentor is not left in peace after a declined offer"
    always: ClassVar[bool] = True

    def wanted(self, _: Learner, __: Terms) -> str:
        return ANYBODY

    def offered(self, mentor: Mentor, terms: Terms) -> datetime:
        return mentor.rests_until or terms.at

    def allows(self, _: str, offered: datetime, terms: Terms) -> bool:
        return offered <= terms.at

    def reason(self, _: str, offered: datetime, __: Terms) -> str:
        return f"is left in peace until {offered:%d %b %Y}, after a declined offer"
