"""The mentor must not be on leave for most of the coming week."""

from datetime import datetime, timedelta
from typing import ClassVar

from domain.fit.comparison import ANYBODY, Rule
from domain.fit.sides import Learner, Mentor
from domain.fit.terms import Terms

_WEEK = timedelta(days=7)
_NONE = timedelta(0)


class OnLeave(Rule[str, tuple[timedelta, datetime]]):
    """A day off keeps nobody from a mentor; a holiday of two weeks that begins tomorrow does."""

    name: ClassVar[str] = "leave"
    requires: ClassVar[str] = "the mentor is not on leave for most of the coming week"

    def wanted(self, _: Learner, __: Terms) -> str:
        return ANYBODY

    def offered(self, mentor: Mentor, terms: Terms) -> tuple[timedelta, datetime]:
        """How much of the coming week leave takes, and when the last of that leave ends."""
        until = terms.at + _WEEK
        those = [one for one in mentor.leave if one.starts_at < until and one.ends_at > terms.at]
        away = sum((min(one.ends_at, until) - max(one.starts_at, terms.at) for one in those), _NONE)
        return away, max((one.ends_at for one in those), default=terms.at)

    def allows(self, _: str, offered: tuple[timedelta, datetime], __: Terms) -> bool:
        return offered[0] <= _WEEK / 2

    def reason(self, _: str, offered: tuple[timedelta, datetime], __: Terms) -> str:
        return f"is on leave for most of the coming week, until {offered[1]:%d %b %Y}"
