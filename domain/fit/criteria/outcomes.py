"""How much of what the mentor's learners typically reach is what this learner wants: for mentors with a focus."""

from typing import ClassVar

from domain.fit.comparison import Criterion
from domain.fit.overlap import in_common, overlap, quoted
from domain.fit.sides import Learner, Mentor
from domain.fit.terms import Terms
from domain.profiles import Trait, Words


class Outcomes(Criterion[Words, Words]):
    """The share of the mentor's outcomes; `goals` is the share of the learner's goals."""

    name: ClassVar[str] = "outcomes"
    compares: ClassVar[str] = "what the mentor's learners typically reach, and how much of it this learner wants"
    tells: ClassVar[tuple[Trait, ...]] = ("goals",)
    columns: ClassVar[tuple[str, ...]] = ("outcomes",)

    def wanted(self, learner: Learner, _: Terms) -> Words | None:
        return learner.profile.goals or None

    def offered(self, mentor: Mentor, _: Terms) -> Words | None:
        return mentor.profile.outcomes or None

    def fit(self, wanted: Words, offered: Words, _: Terms) -> float:
        return overlap("share", offered, wanted)

    def reason(self, wanted: Words, offered: Words, _: Terms) -> str:
        common = in_common(offered, wanted)
        if not common:
            return f"typically brings learners to {quoted(offered)}, which is not what this one wants"
        return f"typically brings learners to {quoted(common)}, which this one wants: {len(common)} of {len(offered)}"
