"""Whether the learner belongs to a segment that the mentor helps best."""

from typing import ClassVar

from domain.fit.comparison import Criterion
from domain.fit.overlap import listed
from domain.fit.sides import Learner, Mentor
from domain.fit.terms import Terms
from domain.profiles import Words


class IdealLearner(Criterion[str, Words]):
    name: ClassVar[str] = "ideal_learner"
    compares: ClassVar[str] = "the learner's segment, and those that the mentor helps best"
    columns: ClassVar[tuple[str, ...]] = ("ideal_learner",)
    by_segment: ClassVar[bool] = True

    def wanted(self, learner: Learner, _: Terms) -> str | None:
        return learner.profile.segment

    def offered(self, mentor: Mentor, _: Terms) -> Words | None:
        return mentor.profile.ideal_learner or None

    def fit(self, wanted: str, offered: Words, _: Terms) -> float:
        return float(wanted in offered)

    def reason(self, wanted: str, offered: Words, _: Terms) -> str:
        if wanted in offered:
            return f"helps learners of the segment {wanted} best"
        return f"helps learners of the segment {listed(offered)} best, and this one belongs to {wanted}"
