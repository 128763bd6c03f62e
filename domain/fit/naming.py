"""Rules by which one side names people of the other."""

from abc import abstractmethod
from collections.abc import Sequence

from domain.fit.comparison import Rule
from domain.fit.sides import Learner, Mentor
from domain.fit.terms import Terms


class NamedByLearner(Rule[tuple[str, ...], str]):
    """Keeps learners from the mentors whom they, or their journey, name."""

    @abstractmethod
    def names(self, learner: Learner) -> Sequence[str]:
        """The ids of these mentors."""

    def wanted(self, learner: Learner, _: Terms) -> tuple[str, ...] | None:
        return tuple(self.names(learner)) or None

    def offered(self, mentor: Mentor, _: Terms) -> str:
        return mentor.mentor

    def allows(self, wanted: tuple[str, ...], offered: str, _: Terms) -> bool:
        return offered not in wanted


class NamedByMentor(Rule[str, tuple[str, ...]]):
    """Keeps mentors from the learners whom they name."""

    @abstractmethod
    def names(self, mentor: Mentor) -> Sequence[str]:
        """The ids of these learners."""

    def wanted(self, learner: Learner, _: Terms) -> str:
        return learner.learner

    def offered(self, mentor: Mentor, _: Terms) -> tuple[str, ...] | None:
        return tuple(self.names(mentor)) or None

    def allows(self, wanted: str, offered: tuple[str, ...], _: Terms) -> bool:
        return wanted not in offered
