"""Criteria and rules for many people at once: a table over the distinct values of both sides.

Most comparisons are evaluated value by value, by their own functions. Those whose values are sets of words or hours
have many distinct ones; they are counted by products of incidence matrices, with the same result.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from domain.fit.comparison import Criterion, Rule
from domain.fit.criteria.outcomes import Outcomes
from domain.fit.criteria.times import Times
from domain.fit.hours import Free, minutes, starts
from domain.fit.overlap import SharedWords, WordsInCommon, keys
from domain.fit.rules.common_hours import CommonHours
from domain.fit.terms import Measure, Terms
from domain.profiles import Words

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Distinct:
    """The distinct values of many people. Whoever has none has the index after the last."""

    values: Sequence[Any]
    index: NDArray[np.intp]

    @property
    def counts(self) -> NDArray[np.int64]:
        """How many people have each value; the last number is of those who have none."""
        return np.bincount(self.index, minlength=len(self.values) + 1).astype(np.int64)


def distinct(values: Iterable[Hashable | None]) -> Distinct:
    places: dict[Hashable, int] = {}
    found = [-1 if one is None else places.setdefault(one, len(places)) for one in values]
    index = np.array(found, np.intp)
    index[index < 0] = len(places)
    return Distinct(list(places), index)


def fits(criterion: Criterion[Any, Any], wanted: Sequence[Any], offered: Sequence[Any], terms: Terms) -> Floats:
    """The fit of each wanted value with each offered one, exactly as the criterion's own function has it."""
    match criterion:
        case WordsInCommon():
            return _overlaps(criterion.measured_by(terms), wanted, offered)
        case Outcomes():
            return _overlaps("share", offered, wanted).T
        case Times():
            return np.minimum(_common_minutes(wanted, offered) / minutes(terms.ample_hours), 1.0)
        case _:
            return _one_by_one(criterion.fit, wanted, offered, terms)


def excludes(rule: Rule[Any, Any], wanted: Sequence[Any], offered: Sequence[Any], terms: Terms) -> Truths:
    """Which pairs of values the rule keeps apart."""
    match rule:
        case SharedWords():
            return np.equal(_in_common(wanted, offered)[0] > 0, rule.apart)
        case CommonHours():
            return ~_have_a_stretch(wanted, offered, minutes(terms.common_hours))
        case _:
            return np.equal(_one_by_one(rule.allows, wanted, offered, terms), 0)


def _one_by_one(
    function: Callable[[Any, Any, Terms], float], wanted: Sequence[Any], offered: Sequence[Any], terms: Terms
) -> Floats:
    found = [[function(one, other, terms) for other in offered] for one in wanted]
    return np.array(found, np.float64).reshape(len(wanted), len(offered))


def _overlaps(measure: Measure, wanted: Sequence[Words], offered: Sequence[Words]) -> Floats:
    common, wants, offers = _in_common(wanted, offered)
    match measure:
        case "share":
            return common / wants
        case "jaccard":
            return common / (wants + offers - common)
        case "any":
            return (common > 0).astype(np.float64)


def _in_common(wanted: Sequence[Words], offered: Sequence[Words]) -> tuple[Floats, Floats, Floats]:
    """How many words each two have in common, and how many each has, as a column and as a row."""
    wants, offers = [keys(one) for one in wanted], [keys(one) for one in offered]
    vocabulary = {word: nth for nth, word in enumerate(sorted(frozenset().union(*wants) & frozenset().union(*offers)))}
    common = _incidence(wants, vocabulary) @ _incidence(offers, vocabulary).T
    many = np.array([len(one) for one in wants], np.float64), np.array([len(one) for one in offers], np.float64)
    return common.astype(np.float64), many[0][:, None], many[1][None, :]


def _incidence(sets: Sequence[frozenset[str]], vocabulary: dict[str, int]) -> NDArray[np.float32]:
    found = np.zeros((len(sets), len(vocabulary)), np.float32)
    cells = [(row, vocabulary[word]) for row, words in enumerate(sets) for word in words if word in vocabulary]
    if cells:
        found[tuple(np.array(cells, np.intp).T)] = 1
    return found


def _common_minutes(wanted: Sequence[Free], offered: Sequence[Free]) -> Floats:
    """Sums of at most 10,080 minutes: exact in 32 bits."""
    edges = np.unique([edge for hours in (*wanted, *offered) for part in hours for edge in part])
    lengths = np.diff(edges).astype(np.float32)
    wants, offers = (_covered(those, edges, len(lengths), "left") for those in (wanted, offered))
    return ((wants * lengths) @ offers.T).astype(np.float64)


def _have_a_stretch(wanted: Sequence[Free], offered: Sequence[Free], length: int) -> Truths:
    """Whether a stretch can begin at the same minute for both. If so, it can at the first of a span of one of them."""
    begins, other_begins = ([starts(one, length) for one in those] for those in (wanted, offered))
    firsts = np.unique([first for spans in (*begins, *other_begins) for first, _ in spans])
    wants, offers = (_covered(those, firsts, len(firsts), "right") for those in (begins, other_begins))
    found: Truths = wants @ offers.T > 0
    return found


def _covered(
    those: Sequence[Sequence[tuple[int, int]]], points: NDArray[Any], width: int, side: Literal["left", "right"]
) -> NDArray[np.float32]:
    """Ones from the first point of each span to its last: that one included (`right`) or not (`left`)."""
    rows = np.repeat(np.arange(len(those)), [len(spans) for spans in those])
    firsts, lasts = np.array([span for spans in those for span in spans], np.int64).reshape(-1, 2).T
    steps = np.zeros((len(those), width + 1), np.int32)
    np.add.at(steps, (rows, np.searchsorted(points, firsts)), 1)
    np.add.at(steps, (rows, np.searchsorted(points, lasts, side=side)), -1)
    return (np.cumsum(steps[:, :width], axis=1) > 0).astype(np.float32)
