"""What was verified about the mentor must still hold: the checks that the kit lists, or else all that they have."""

from typing import ClassVar

from domain.fit.comparison import ANYBODY, Rule
from domain.fit.sides import Learner, Mentor
from domain.fit.terms import Terms
from domain.profiles import Check
from domain.values import together


class ChecksValid(Rule[str, tuple[str, ...]]):
    name: ClassVar[str] = "checks_valid"
    requires: ClassVar[str] = "the checks of the mentor that are needed have not expired"
    columns: ClassVar[tuple[str, ...]] = ("checks",)

    def wanted(self, _: Learner, __: Terms) -> str:
        return ANYBODY

    def offered(self, mentor: Mentor, terms: Terms) -> tuple[str, ...]:
        """The checks that are lacking or have expired, in words."""
        has = {one.check: one for one in mentor.profile.checks}
        wanted = terms.checks or tuple(sorted(has))
        return tuple(words for one in wanted if (words := _problem(one, has.get(one), terms)))

    def allows(self, _: str, offered: tuple[str, ...], __: Terms) -> bool:
        return not offered

    def reason(self, _: str, offered: tuple[str, ...], __: Terms) -> str:
        return together(offered)


def _problem(name: str, check: Check | None, terms: Terms) -> str:
    if check is None:
        return f"has no check {name!r}"
    if check.valid_until and check.valid_until < terms.at.date():
        return f"has a check {name!r} that expired on {check.valid_until:%d %b %Y}"
    return ""
