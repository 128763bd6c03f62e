"""The mentor must have a free place."""

from typing import ClassVar, NamedTuple

from domain.fit.comparison import Rule
from domain.fit.sides import Learner, Mentor
from domain.fit.terms import Terms


class Places(NamedTuple):
    """How many more learners a mentor can take."""

    to_target: int
    to_limit: int
    """Beyond those to the target."""
    past_limit: int
    """Beyond those to the limit, and for urgent learners only: places without the minutes for them."""

    @property
    def all(self) -> int:
        return sum(self)


def places_of(mentor: Mentor, terms: Terms) -> Places:
    """As far as the overflow rule of the kit lets the round use them."""
    to_target = min(mentor.free_to_target, mentor.free)
    if terms.overflow == "wait":
        return Places(to_target, 0, 0)
    to_limit = mentor.free - to_target
    if terms.overflow == "past_target":
        return Places(to_target, to_limit, 0)
    own = mentor.profile.places if mentor.profile.places is not None else terms.learners_per_mentor
    most = min(own, terms.learners_per_mentor)
    return Places(to_target, to_limit, max(most - mentor.learners - mentor.free, 0))


class Capacity(Rule[bool, Places]):
    name: ClassVar[str] = "capacity"
    requires: ClassVar[str] = "the mentor has a free place"
    always: ClassVar[bool] = True

    def wanted(self, learner: Learner, _: Terms) -> bool:
        """Whether the learner is urgent."""
        return learner.urgent

    def offered(self, mentor: Mentor, terms: Terms) -> Places:
        return places_of(mentor, terms)

    def allows(self, wanted: bool, offered: Places, _: Terms) -> bool:
        return offered.to_target + offered.to_limit > 0 or (wanted and offered.past_limit > 0)

    def reason(self, _: bool, __: Places, terms: Terms) -> str:
        return "is at the target of utilization" if terms.overflow == "wait" else "has no free place"
