"""A logistic regression on the same days, as a yardstick: what can be had from the same data by counting everything.

Fitted on other learners of earlier terms, by Newton's method with a small ridge. What courses differ in, such as how
much is usual, is measured against the others who are in the same course on the day.
"""

from bisect import bisect_right
from dataclasses import dataclass
from math import log1p

import numpy as np

from rehearsal.backtest.crowd import Crowd, Flags, Numbers, Row

FEATURES = (
    "days since the last activity",
    "active days of the last 14",
    "share of active days since the start",
    "activity of the last 14 days (logarithm)",
    "activity since the start (logarithm)",
    "work that is overdue",
    "mean score of what is marked",
    "previous attempts",
    "credits taken at the same time",
    "level of education",
)
_BESIDE_OTHERS = (0, 1, 2, 3, 4, 6)
"""The features that are measured against those of the same course."""
_RIDGE = 1.0
_STEPS = 25
_CLOSE = 1e-9


@dataclass(frozen=True)
class Regression:
    """How likely learners fail or leave, by what is known of them at the end of a day."""

    day: int
    means: Numbers
    spreads: Numbers
    weights: Numbers
    """The constant first, then one for each feature, for a standard deviation of it."""

    def chances(self, crowd: Crowd) -> Numbers:
        """For everybody, in the order of the crowd; of use only for those who are there on the day."""
        standard = (features(crowd, self.day) - self.means) / self.spreads
        logits = self.weights[0] + standard @ self.weights[1:]
        chances: Numbers = 1 / (1 + np.exp(-logits))
        return chances


def fit(crowd: Crowd, day: int) -> Regression:
    there = crowd.there(day)
    found, troubled = features(crowd, day)[there], crowd.troubled[there].astype(float)
    means, spreads = found.mean(axis=0), found.std(axis=0)
    spreads[spreads == 0] = 1.0
    table = np.column_stack([np.ones(len(found)), (found - means) / spreads])
    return Regression(day, means, spreads, _newton(table, troubled))


def _newton(table: Numbers, troubled: Numbers) -> Numbers:
    weights = np.zeros(table.shape[1])
    ridge = np.diag([0.0] + [_RIDGE] * (table.shape[1] - 1))
    for _ in range(_STEPS):
        chances = 1 / (1 + np.exp(-(table @ weights)))
        slope = table.T @ (troubled - chances) - ridge @ weights
        curve = (table * (chances * (1 - chances))[:, None]).T @ table + ridge
        step = np.linalg.solve(curve, slope)
        weights = weights + step
        if float(np.abs(step).max()) < _CLOSE:
            break
    return weights


def features(crowd: Crowd, day: int) -> Numbers:
    """What is known at the end of this day; nothing later is looked at. Unknown scores count as usual ones."""
    known = np.array([_known(row, day) for row in crowd.rows], dtype=float)
    there = crowd.there(day)
    for course in crowd.courses:
        of_course = crowd.of_course(course)
        for column in _BESIDE_OTHERS:
            known[of_course, column] = _standard(known[of_course, column], known[of_course & there, column])
    found: Numbers = np.nan_to_num(known)
    return found


def _standard(values: Numbers, others: Numbers) -> Numbers:
    others = others[~np.isnan(others)]
    if not len(others):
        return np.zeros(len(values))
    spread = float(others.std()) or 1.0
    found: Numbers = (values - others.mean()) / spread
    return found


def _known(row: Row, day: int) -> tuple[float, ...]:
    learner, begins = row.learner, max(row.learner.registered, 0)
    days = list(learner.active)
    until = bisect_right(days, day)
    recent = days[bisect_right(days, day - 14) : until]
    since_start = days[bisect_right(days, begins - 1) : until]
    done = [work for work in learner.work if work.day <= day]
    last = max([begins, *days[until - 1 : until], *(work.day for work in done[-1:])])
    scores = [work.score for work in done if work.score is not None and work.marked is not None and work.marked <= day]
    return (
        day - last,
        len(recent),
        len(since_start) / max(day - begins + 1, 1),
        log1p(sum(learner.active[one] for one in recent)),
        log1p(sum(learner.active[one] for one in since_start)),
        _overdue(row, day, {work.milestone for work in done}),
        sum(scores) / len(scores) if scores else float("nan"),
        *learner.traits.values(),
    )


def _overdue(row: Row, day: int, done: set[str]) -> int:
    (pathway,) = row.course.kit.pathways
    return sum(one.due.days <= day and one.id not in done for one in pathway.milestones)


def highest(chances: Numbers, there: Flags, count: int) -> Flags:
    """Those whom the regression would flag if it may flag as many as this."""
    flags = np.zeros(len(chances), dtype=np.bool_)
    those = np.flatnonzero(there)
    order = those[np.argsort(-chances[those], kind="stable")]
    flags[order[:count]] = True
    return flags


def area(chances: Numbers, troubled: Flags) -> float:
    """Under the ROC curve: how often somebody in trouble has a higher chance than somebody who is not. Ties: half."""
    n, m = int(troubled.sum()), int((~troubled).sum())
    if not n or not m:
        return 0.5
    _, place, counts = np.unique(chances, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return float((ranks[troubled].sum() - n * (n + 1) / 2) / (n * m))
