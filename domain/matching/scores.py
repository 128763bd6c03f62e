"""How many points each pair of a pool has, and which rules make it impossible."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from domain.fit.comparison import NEUTRAL, Comparison, Criterion, Rule
from domain.fit.naming import NamedByLearner, NamedByMentor
from domain.fit.terms import Terms
from domain.fit.wishes import ranked, worth
from domain.matching.policy import POINT, Policy
from domain.matching.pool import Pool
from domain.matching.roster import Cells, Roster, cells
from domain.matching.tables import Distinct, distinct, excludes, fits

Points = NDArray[np.int32]
Reasons = NDArray[np.uint32]

FORBIDDEN_BY_HAND: Final = "forbidden"
LEAST_POINTS: Final = "least_points"
"""Reasons beside the rules: what a person has said about this round, and what is not worth more than waiting."""


@dataclass(frozen=True, eq=False)
class Scores:
    policy: Policy
    roster: Roster
    points: Points
    """In hundredths, with wishes."""
    reasons: Reasons
    """A bit for each reason for which the pair is impossible, in the order of `names`; 0: it is possible."""
    excluded: Mapping[str, int]
    """How many pairs each reason excludes."""
    silent: Sequence[str]
    """Criteria about which one side has said nothing at all, in words."""

    @cached_property
    def names(self) -> Sequence[str]:
        return [*(rule.name for rule in self.policy.rules), FORBIDDEN_BY_HAND, LEAST_POINTS]

    @cached_property
    def possible(self) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = self.reasons == 0
        return found

    def alone(self, name: str) -> int:
        """How many pairs are impossible for this reason alone."""
        return int(np.count_nonzero(self.reasons == 1 << self.names.index(name)))

    def excluded_for(self, row: int) -> dict[str, int]:
        """How many mentors each reason excludes for a learner, those with the most first."""
        counts = [(name, int((self.reasons[row] >> bit & 1).sum())) for bit, name in enumerate(self.names)]
        return dict(sorted(((name, many) for name, many in counts if many), key=lambda one: (-one[1], one[0])))

    def reasons_of(self, row: int, column: int) -> Iterator[str]:
        """Why a pair is impossible; nothing if it is possible."""
        bits = int(self.reasons[row, column])
        return (name for bit, name in enumerate(self.names) if bits >> bit & 1)


def score(policy: Policy, pool: Pool, roster: Roster, least: NDArray[np.int64]) -> Scores:
    """`least` has for each row the fewest points with which a pair is proposed, in hundredths. Pins are held to the
    rules, and not to that."""
    points, silent = _points(policy, roster)
    reasons = np.zeros(roster.shape, np.uint32)
    excluded = {}
    for nth, rule in enumerate(policy.rules):
        bit = np.uint32(1 << nth)
        if isinstance(rule, NamedByLearner | NamedByMentor):
            excluded[rule.name] = _mark_cells(reasons, bit, _named(rule, roster))
        else:
            excluded[rule.name] = _mark(reasons, bit, rule, roster, policy.terms)
    by_hand, too_few = (np.uint32(1 << len(policy.rules) + nth) for nth in range(2))
    excluded[FORBIDDEN_BY_HAND] = _mark_cells(reasons, by_hand, roster.cells_of(pool.forbidden))
    below = points < least[:, None]
    below[roster.cells_of(pool.pinned)] = False
    reasons[below] |= too_few
    excluded[LEAST_POINTS] = int(below.sum())
    return Scores(policy, roster, points, reasons, excluded, silent)


def _points(policy: Policy, roster: Roster) -> tuple[Points, list[str]]:
    found, silent = np.full(roster.shape, policy.base, np.int32), list[str]()
    for one in policy.criteria:
        wanted, offered = _values(one.criterion, roster, policy.terms)
        table = np.full((len(wanted.values) + 1, len(offered.values) + 1), round(one.most * NEUTRAL), np.int32)
        table[:-1, :-1] = np.rint(one.most * fits(one.criterion, wanted.values, offered.values, policy.terms))
        found += _spread(table, wanted, offered)
        silent += _silent(one.criterion, wanted, offered)
    _add_wishes(found, roster, policy.terms)
    return found, silent


def _silent(criterion: Criterion[Any, Any], wanted: Distinct, offered: Distinct) -> Iterator[str]:
    gives = f"{criterion.name!r} gives every pair half of its points"
    if len(wanted.index) and not wanted.values:
        yield f"{gives}: no learner of this round has answered what it looks at"
    elif len(offered.index) and not offered.values:
        yield f"{gives}: no mentor of this round has `{criterion.columns[0]}`"


def _add_wishes(points: Points, roster: Roster, terms: Terms) -> None:
    for row, one in enumerate(roster.candidates):
        for rank, name in enumerate(ranked(one.profile.wishes, terms.wishes_of_learners)):
            if name in roster.column:
                points[row, roster.column[name]] += round(POINT * worth(rank, terms))
    for column, each in enumerate(roster.mentors):
        for rank, name in enumerate(ranked(each.profile.wishes, terms.wishes_of_mentors)):
            for row in roster.rows.get(name, ()):
                points[row, column] += round(POINT * worth(rank, terms))


def _mark(reasons: Reasons, bit: np.uint32, rule: Rule[Any, Any], roster: Roster, terms: Terms) -> int:
    """Sets the bit of each pair that the rule excludes, and counts them."""
    wanted, offered = _values(rule, roster, terms)
    table = np.zeros((len(wanted.values) + 1, len(offered.values) + 1), np.uint32)
    table[:-1, :-1] = excludes(rule, wanted.values, offered.values, terms)
    many = int(wanted.counts @ table @ offered.counts)
    if many:
        reasons |= _spread(table * bit, wanted, offered)
    return many


def _mark_cells(reasons: Reasons, bit: np.uint32, cells: Cells) -> int:
    reasons[cells] |= bit
    return len(cells[0])


def _named(rule: NamedByLearner | NamedByMentor, roster: Roster) -> Cells:
    if isinstance(rule, NamedByLearner):
        by_learner = ((row, rule.names(one)) for row, one in enumerate(roster.candidates))
        return cells((row, roster.column[name]) for row, those in by_learner for name in those if name in roster.column)
    by_mentor = ((column, rule.names(one)) for column, one in enumerate(roster.mentors))
    return cells((row, column) for column, those in by_mentor for name in those for row in roster.rows.get(name, ()))


def _values(comparison: Comparison[Any, Any], roster: Roster, terms: Terms) -> tuple[Distinct, Distinct]:
    wanted = distinct(comparison.wanted(one, terms) for one in roster.candidates)
    return wanted, distinct(comparison.offered(one, terms) for one in roster.mentors)


def _spread(table: NDArray[Any], wanted: Distinct, offered: Distinct) -> NDArray[Any]:
    """From distinct values to people."""
    return table[:, offered.index][wanted.index]
