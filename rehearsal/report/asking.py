"""What a rehearsal asked of people in surveys, and how many answered."""

from collections.abc import Callable
from typing import NamedTuple

from domain.kit import Kit, Role
from rehearsal.player.program import Played


class SurveyAsked(NamedTuple):
    """Of one survey."""

    title: str
    of: Role
    asked: int
    reminders: int
    answered: int
    closed: int
    """Without an answer."""
    skipped: int
    """Fell due and were not asked, since the person was asked too lately or too often, or the journey had moved on."""

    @property
    def rate(self) -> float | None:
        """Of those that were answered or closed."""
        over = self.answered + self.closed
        return self.answered / over if over else None


def surveys(kit: Kit, played: Played) -> list[SurveyAsked]:
    """In the order of the kit."""
    if kit.asking is None:
        return []
    counts = played.surveys
    return [
        SurveyAsked(
            title=one.title,
            of=one.of,
            asked=counts[one.id, "asked"],
            reminders=counts[one.id, "reminded"],
            answered=counts[one.id, "answered"],
            closed=counts[one.id, "expired"],
            skipped=sum(many for (survey, what), many in counts.items() if survey == one.id and what[:4] == "skip"),
        )
        for one in kit.surveys
    ]


def response(role: Role) -> Callable[[Kit, Played], float | None]:
    """The share of the surveys of a role that were answered, of those that are over."""

    def rate(kit: Kit, played: Played) -> float | None:
        those = [one for one in surveys(kit, played) if one.of == role]
        answered = sum(one.answered for one in those)
        over = answered + sum(one.closed for one in those)
        return answered / over if over else None

    return rate


def for_each_learner(kit: Kit, played: Played) -> float | None:
    asked = sum(one.asked for one in surveys(kit, played) if one.of == "learner")
    return asked / len(played.tallies) if played.tallies and kit.asking else None
