"""The mentor must have acknowledged every step of the program's training."""

from typing import ClassVar

from domain.fit.comparison import ANYBODY, Rule
from domain.fit.sides import Learner, Mentor
from domain.fit.terms import Terms


class TrainingAcknowledged(Rule[str, bool]):
    name: ClassVar[str] = "training_acknowledged"
    requires: ClassVar[str] = "the mentor has acknowledged every step of the program's training"

    def wanted(self, _: Learner, __: Terms) -> str:
        return ANYBODY

    def offered(self, mentor: Mentor, _: Terms) -> bool:
        return mentor.trained

    def allows(self, _: str, offered: bool, __: Terms) -> bool:
        return offered

    def reason(self, _: str, __: bool, ___: Terms) -> str:
        return "has steps of the training open"
