"""Whether the learner is as confident as those whom the mentor helps well."""

from typing import ClassVar

from domain.fit.comparison import Criterion
from domain.fit.sides import Learner, Mentor
from domain.fit.terms import Terms
from domain.profiles import Trait

_SCALE = 9
"""From 1 to 10."""


class Confidence(Criterion[float, int]):
    """A full fit from the lowest confidence that the mentor helps well; each point below takes a ninth."""

    name: ClassVar[str] = "confidence"
    compares: ClassVar[str] = "the learner's confidence, and the lowest with which the mentor helps well"
    tells: ClassVar[tuple[Trait, ...]] = ("confidence",)
    columns: ClassVar[tuple[str, ...]] = ("supports_from",)

    def wanted(self, learner: Learner, _: Terms) -> float | None:
        return learner.profile.confidence

    def offered(self, mentor: Mentor, _: Terms) -> int | None:
        return mentor.profile.supports_from

    def fit(self, wanted: float, offered: int, _: Terms) -> float:
        return 1 - min(max(offered - wanted, 0) / _SCALE, 1)

    def reason(self, wanted: float, offered: int, _: Terms) -> str:
        helps = f"helps well from a confidence of {offered}"
        if wanted >= offered:
            return f"{helps}, and the learner has {wanted:g}"
        return f"{helps}, and the learner has only {wanted:g}"
