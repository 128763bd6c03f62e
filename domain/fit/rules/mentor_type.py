"""The mentor must be of the kind that the learner's pathway asks for."""

from typing import ClassVar

from domain.fit.comparison import Rule
from domain.fit.sides import Learner, Mentor
from domain.fit.terms import Terms


class MentorType(Rule[str, str]):
    name: ClassVar[str] = "mentor_type"
    requires: ClassVar[str] = "the mentor is of the kind that the pathway asks for"
    columns: ClassVar[tuple[str, ...]] = ("mentor_type",)
    always: ClassVar[bool] = True

    def wanted(self, learner: Learner, _: Terms) -> str | None:
        return learner.mentor_type

    def offered(self, mentor: Mentor, _: Terms) -> str | None:
        return mentor.profile.mentor_type

    def allows(self, wanted: str, offered: str, _: Terms) -> bool:
        return wanted.casefold() == offered.casefold()

    def reason(self, wanted: str, offered: str, _: Terms) -> str:
        return f"is a mentor of the kind {offered!r}, and the pathway asks for {wanted!r}"
