"""Symptoms apart from causes: of all that stands out, what is left once the rest of it is taken into account.

A weak template makes every session weak that uses it, and every mentor who has many of those sessions. All of these
stand out. Each is compared again among answers that are alike in the other: whoever is no different there is explained
by it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from analysis.association import stratified
from analysis.intervals import Interval
from analysis.looking import Compared
from queries.feedback.cells import Overlap, Pair, Place, Topic

EXPLAINING = 8
"""Of one topic, the clearest are tried as explanations of all that stands out."""
MOST_PAIRS = 200
_HALF = 0.5
"""Of a difference that is explained, no more than this share is left."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a place that stands out."""

    explained_by: Place | None = None
    """Among answers that are alike in this respect, it is no different from the others."""
    left: Interval | None = None
    """The difference that is left there. None: nothing else stands out with it."""
    inseparable: tuple[Place, ...] = ()
    """What stands out as well and has the same answers, or too few others to tell."""


def pairs_of(standing: Sequence[Compared[Place]]) -> list[Pair]:
    """Those that have to be told apart."""
    found: dict[frozenset[Place], Pair] = {}
    for those in _by_topic(standing).values():
        ordered = sorted(those, key=_unlikely)
        for one, other in product(ordered[:EXPLAINING], ordered):
            if one is not other:
                found.setdefault(frozenset((one.key, other.key)), Pair(one.key, other.key))
    return list(found.values())[:MOST_PAIRS]


def verdicts(
    standing: Sequence[Compared[Place]], overlaps: Mapping[Pair, Overlap], confidence: float
) -> Mapping[Place, Verdict]:
    """Of everything that stands out."""
    known = {one.key: one for one in standing}
    others: dict[Place, list[_Other]] = {}
    for pair, overlap in overlaps.items():
        one, other = (stratified(side, confidence) for side in (overlap.of_one(), overlap.of_other()))
        mine, its = _Left(known[pair.one], one), _Left(known[pair.other], other)
        others.setdefault(pair.one, []).append(_Other(pair.other, mine, its))
        others.setdefault(pair.other, []).append(_Other(pair.one, its, mine))
    found = {place: _verdict(others.get(place, ()), known) for place in known}
    return {place: _to_the_root(place, found) for place in found}


@dataclass(frozen=True, slots=True)
class _Left:
    """What is left of a difference once another is taken into account. None: there is nothing to take it from."""

    whole: Compared[Place]
    left: Interval | None

    @property
    def may_be_nothing(self) -> bool:
        return self.left is None or self.left.holds(0)

    @property
    def is_explained(self) -> bool:
        return self.left is not None and not self._keeps_half

    @property
    def stays(self) -> bool:
        return not self.may_be_nothing and self._keeps_half

    @property
    def _keeps_half(self) -> bool:
        whole = self.whole.difference
        return self.left is not None and whole is not None and abs(self.left.estimate) > _HALF * abs(whole.estimate)


@dataclass(frozen=True, slots=True)
class _Other:
    """Another place, beside one that stands out."""

    place: Place
    mine: _Left
    """Of the one, with the other taken into account."""
    its: _Left
    """Of the other, with the one taken into account."""

    @property
    def explains(self) -> bool:
        return self.mine.is_explained and self.its.stays

    @property
    def is_inseparable(self) -> bool:
        return self.mine.may_be_nothing and self.its.may_be_nothing


def _verdict(others: Iterable[_Other], known: Mapping[Place, Compared[Place]]) -> Verdict:
    listed = sorted(others, key=lambda one: (_unlikely(known[one.place]), one.place[1:]))
    inseparable = tuple(one.place for one in listed if one.is_inseparable)
    for one in listed:
        if one.explains:
            return Verdict(one.place, one.mine.left, inseparable)
    left = [one.mine.left for one in listed if one.mine.left is not None]
    return Verdict(None, min(left, key=lambda one: abs(one.estimate)) if left else None, inseparable)


def _to_the_root(place: Place, found: Mapping[Place, Verdict]) -> Verdict:
    """What is explained by something that is itself explained, is explained by the last of them."""
    own = verdict = found[place]
    passed = {place}
    while (by := verdict.explained_by) and by not in passed:
        passed.add(by)
        verdict = found[by]
        if verdict.explained_by is None:
            return Verdict(by, own.left, own.inseparable)
    return own


def _by_topic(standing: Iterable[Compared[Place]]) -> Mapping[Topic, list[Compared[Place]]]:
    found: dict[Topic, list[Compared[Place]]] = {}
    for one in standing:
        found.setdefault(one.key.topic, []).append(one)
    return found


def _unlikely(one: Compared[Place]) -> float:
    return 1.0 if one.adjusted is None else one.adjusted
