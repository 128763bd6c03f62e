"""Which of many groups stand out, without being misled by how many there are.

Each group is compared with all the others together. Looking at twenty groups finds something in most collections where
there is nothing; therefore the chances are adjusted for how often one looks (Benjamini and Hochberg), and a group with
less than the least evidence is not compared at all.
"""

import math
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import Generic, TypeVar

from analysis.comparing import chance_of_means, chance_of_proportions, means_alike, proportions
from analysis.intervals import CONFIDENCE, Interval
from analysis.samples import Counted, Scale, Summary

Key = TypeVar("Key", bound=Hashable)
Sample = Counted | Summary


@dataclass(frozen=True, slots=True)
class Evidence:
    """What it takes to call something out of the ordinary."""

    least: int = 8
    """A group, and all the others together, have at least so many."""
    false_discoveries: float = 0.05
    """The share of what is called out that may be chance; where nothing is, the chance of calling out anything."""
    least_difference: float = 0.0
    """A difference smaller than this matters to nobody, however sure it is."""
    confidence: float = CONFIDENCE


@dataclass(frozen=True, slots=True)
class Compared(Generic[Key]):
    """One group against the rest."""

    key: Key
    sample: Sample
    rest: Sample
    difference: Interval | None
    """None with too little evidence."""
    chance: float | None
    """Of a difference at least as large if the group is like the rest; None with too little evidence."""
    adjusted: float | None = None
    """The same, adjusted for how many were compared."""
    stands_out: bool = False

    @property
    def enough(self) -> bool:
        return self.chance is not None


def stands_out(groups: Mapping[Key, Sample], evidence: Evidence) -> list[Compared[Key]]:
    """All of the groups, those that stand out marked, in the order given.

    What is looked at together is adjusted together: where several sets of groups are looked at, `against_the_rest` each
    and `adjusted` all of them.
    """
    return adjusted(against_the_rest(groups, evidence), evidence)


def against_the_rest(groups: Mapping[Key, Sample], evidence: Evidence) -> list[Compared[Key]]:
    """Each group against all the others together, not yet adjusted. All are shares, or all are means."""
    if not groups:
        return []
    total = _total(groups.values())
    return [_compared(key, sample, _without(total, sample), evidence) for key, sample in groups.items()]


def adjusted(compared: Iterable[Compared[Key]], evidence: Evidence) -> list[Compared[Key]]:
    """All that was compared, in the order given, adjusted for how many there are, and what stands out marked."""
    listed = list(compared)
    chances = false_discovery_rates([one.chance for one in listed])
    return [
        replace(one, adjusted=chance, stands_out=_stands_out(one, chance, evidence))
        for one, chance in zip(listed, chances, strict=True)
    ]


def false_discovery_rates(chances: Iterable[float | None]) -> list[float | None]:
    """Benjamini and Hochberg's adjusted chances, in the order given; None stays None and is not counted."""
    listed = list(chances)
    counted = sorted((chance, place) for place, chance in enumerate(listed) if chance is not None)
    result: list[float | None] = [None] * len(listed)
    least = 1.0
    for rank in range(len(counted), 0, -1):
        chance, place = counted[rank - 1]
        least = min(least, chance * len(counted) / rank)
        result[place] = least
    return result


def quietly(one: Compared[Key]) -> Compared[Key]:
    """The same, not standing out: for a reason of the caller's."""
    return replace(one, stands_out=False)


def _compared(key: Key, sample: Sample, rest: Sample, evidence: Evidence) -> Compared[Key]:
    if min(size(sample), size(rest)) < max(1, evidence.least):
        return Compared(key, sample, rest, None, None)
    if isinstance(sample, Counted) and isinstance(rest, Counted):
        apart = proportions(sample, rest, evidence.confidence)
        return Compared(key, sample, rest, apart, chance_of_proportions(sample, rest))
    assert isinstance(sample, Summary) and isinstance(rest, Summary)
    apart = means_alike(sample, rest, evidence.confidence)
    return Compared(key, sample, rest, apart, None if apart is None else chance_of_means(sample, rest))


def _stands_out(one: Compared[Key], chance: float | None, evidence: Evidence) -> bool:
    if chance is None or one.difference is None:
        return False
    return chance <= evidence.false_discoveries and abs(one.difference.estimate) >= evidence.least_difference


def size(sample: Sample) -> int:
    return sample.of if isinstance(sample, Counted) else sample.n


def _total(samples: Iterable[Sample]) -> Sample:
    listed = list(samples)
    shares = [sample for sample in listed if isinstance(sample, Counted)]
    measured = [sample for sample in listed if isinstance(sample, Summary)]
    if shares and measured:
        raise ValueError("Shares and means cannot be compared with each other.")
    if shares:
        return Counted(sum(one.count for one in shares), sum(one.of for one in shares))
    n = sum(one.n for one in measured)
    mean = math.fsum(one.n * one.mean for one in measured) / n if n else 0.0
    squares = math.fsum(one.squares + one.n * (one.mean - mean) ** 2 for one in measured)
    return Summary(n, mean, squares, reduce(Scale.joined, (one.scale for one in measured)))


def _without(total: Sample, part: Sample) -> Sample:
    if isinstance(total, Counted) and isinstance(part, Counted):
        return total.without(part)
    assert isinstance(total, Summary) and isinstance(part, Summary)
    return total.without(part)
