"""How many mentors a program needs for so many learners: the fewest with whom one is proposed to nearly all in time."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from analysis import intervals
from analysis.intervals import Interval
from domain.kit import Kit
from rehearsal.player.program import Played
from rehearsal.player.tally import Tally
from rehearsal.processes import Players
from rehearsal.replicating import Terms, replicate
from rehearsal.report.breaking import Breaking, breaks, over_all

KEPT = 0.9
"""The share of approved learners to whom a mentor must be proposed in time."""
REPLICATIONS = 5
_DAY = timedelta(days=1)


class Tried(NamedTuple):
    mentors: int
    kept: Interval
    """The share of approved learners to whom a mentor was proposed in time, with the interval of its mean."""
    breaking: Sequence[Breaking]

    @property
    def is_enough(self) -> bool:
        """With a confidence of 95 %."""
        return self.kept.low >= KEPT


class Plan(NamedTuple):
    enough: Tried | None
    """The fewest that were enough; None: as many mentors as learners were not."""
    too_few: Tried | None
    """The most that were not: what gives way first is seen here. None: a single mentor was enough."""
    tried: Sequence[Tried]


def plan(
    kit: Kit,
    terms: Terms,
    players: Players,
    *,
    replications: int = REPLICATIONS,
    tell: Callable[[Tried], None] = lambda _: None,
) -> Plan:
    """Doubles the number of mentors until it is enough, then halves what lies between. `terms.mentors` is ignored."""
    tried: list[Tried] = []

    def is_enough(mentors: int) -> bool:
        tried.append(_try(kit, replace(terms, mentors=mentors), players, replications))
        tell(tried[-1])
        return tried[-1].is_enough

    low, high = 0, max(1, terms.learners // (2 * kit.capacity.learners_per_mentor))
    while not is_enough(high):
        low = high
        if high >= terms.learners:
            return Plan(None, tried[-1], tried)
        high = min(terms.learners, 2 * high)
    while high - low > max(1, high // 50):  # within two percent
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    by_number = {one.mentors: one for one in tried}
    return Plan(by_number[high], by_number.get(low), tried)


def _try(kit: Kit, terms: Terms, players: Players, replications: int) -> Tried:
    done = [replicate(kit, terms, number, players).played for number in range(replications)]
    shares = [share for one in done if (share := proposed_in_time(kit, one)) is not None]
    kept = intervals.mean(shares) or Interval(*(shares * 3)[:3] or (0.0, 0.0, 0.0))
    return Tried(terms.mentors, kept, over_all([breaks(kit, one) for one in done]))


def proposed_in_time(kit: Kit, played: Played) -> float | None:
    """Of those who were approved long enough before the end to know: to whom a mentor was proposed in time, which is in
    the time that the kit promises for a match, or in the first round, if that comes later. What people decline, and how
    soon they answer, does not depend on how many mentors there are."""
    first_round = kit.matching.rounds.every if kit.matching.rounds else timedelta(0)
    level = max(kit.service_levels.match, first_round + _DAY)
    known = [one for one in played.tallies if one.approved_at and one.approved_at + level <= played.ended_at]
    in_time = [one for one in known if (at := one.offered_at or one.matched_at) and _wait(one, at) <= level]
    return len(in_time) / len(known) if known else None


def _wait(one: Tally, at: datetime) -> timedelta:
    assert one.approved_at, "nobody is proposed before that"
    return at - one.approved_at
