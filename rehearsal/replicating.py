"""Rehearsals of a program again and again, with other chance each time, until its figures are known well enough."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NamedTuple

from analysis import intervals
from domain.kit import Kit
from rehearsal.people.behaving import Behaving, Crowd
from rehearsal.player.program import Played, rehearse
from rehearsal.processes import Players
from rehearsal.report.figures import COMPLETION, Figures, figures

LEAST = 3
MOST = 30
WITHIN = 0.05
"""How wide half the interval of the completion may be, of its mean, before no further replication is made."""
_ROLLING_BEGINS = datetime(2026, 1, 5, 8, tzinfo=UTC)
"""A Monday. A program without a fixed term could begin on any day; the same one makes rehearsals comparable."""
_COME_BEFORE = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class Terms:
    """What is rehearsed: how many people, for how long, by which chance."""

    learners: int
    mentors: int
    weeks: int
    seed: int = 7
    arrive_weeks: float = 4

    def begins_at(self, kit: Kit) -> datetime:
        """Four weeks before a fixed term."""
        return kit.starts_at - _COME_BEFORE if kit.starts_at else _ROLLING_BEGINS

    def ends_at(self, kit: Kit) -> datetime:
        """So many weeks after the first learners come; of a fixed term, after it has begun."""
        return (kit.starts_at or self.begins_at(kit)) + timedelta(weeks=self.weeks)


class Replication(NamedTuple):
    number: int
    figures: Figures
    played: Played


def people_of(kit: Kit, terms: Terms, replication: int) -> Callable[[], Behaving]:
    """Makes the people of a replication: the same in every process, and under every kit with the same questions."""
    crowd = Crowd(
        kit=kit,
        seed=terms.seed,
        replication=replication,
        learners=terms.learners,
        mentors=terms.mentors,
        begins_at=terms.begins_at(kit),
        arrive_within=timedelta(weeks=terms.arrive_weeks),
    )
    return partial(Behaving, crowd)


def replicate(
    kit: Kit,
    terms: Terms,
    number: int,
    players: Players,
    advanced: Callable[[datetime], None] = lambda _: None,
) -> Replication:
    people = people_of(kit, terms, number)
    others = people()
    played = rehearse(
        kit,
        players.begin(kit, people),
        others.mentors(),
        begins_at=terms.begins_at(kit),
        until=terms.ends_at(kit),
        people=others,
        advanced=advanced,
    )
    return Replication(number, figures(kit, played), played)


def is_known_well(done: Sequence[Figures], within: float = WITHIN) -> bool:
    """Whether the completion is known to within a share of its mean."""
    found = intervals.mean(_known(one[COMPLETION] for one in done))
    return len(done) >= LEAST and found is not None and found.half_width <= within * abs(found.estimate)


def _known(values: Iterable[float | None]) -> list[float]:
    return [one for one in values if one is not None]
