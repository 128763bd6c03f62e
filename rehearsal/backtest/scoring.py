"""How right and how early: precision, recall, lead time, and the alerts that come with them."""

from collections import Counter
from dataclasses import dataclass
from math import ceil

import numpy as np

from analysis.intervals import Interval, proportion
from rehearsal.backtest.crowd import Crowd, Flags, Spells, Watched
from rehearsal.backtest.rules import Rung

_WEEK = 7
EARLY_ENOUGH = 7
"""Days between an alert and a withdrawal in which somebody can still do something."""


@dataclass(frozen=True)
class Score:
    """Those who were flagged on a day, against what became of them."""

    there: int
    """Still registered on that day."""
    troubled: int
    """Of those, who failed or left in the end."""
    flagged: int
    right: int
    """Flagged, and in trouble in the end."""

    @property
    def base(self) -> float:
        """The precision of flagging everybody."""
        return self.troubled / self.there if self.there else 0.0

    @property
    def precision(self) -> Interval | None:
        return proportion(self.right, self.flagged)

    @property
    def recall(self) -> Interval | None:
        return proportion(self.right, self.troubled)


def score(crowd: Crowd, flags: Flags, day: int, only: Flags | None = None) -> Score:
    there = crowd.there(day) if only is None else crowd.there(day) & only
    flagged = flags & there
    return Score(
        there=int(there.sum()),
        troubled=int((there & crowd.troubled).sum()),
        flagged=int(flagged.sum()),
        right=int((flagged & crowd.troubled).sum()),
    )


@dataclass(frozen=True)
class Load:
    """Alerts for each mentor's group and week."""

    mean: float
    at_95: float
    """Nineteen weeks of a mentor in twenty have no more."""
    worst_week: int
    """The week of the term, from 1, with the most alerts."""
    worst_mean: float
    """For each mentor, in that week."""
    busiest_fortnight: float
    """The share of all alerts that came in the busiest fortnight."""


@dataclass(frozen=True)
class Lead:
    """Of those who left: how many had an alert before, and how long before."""

    left: int
    warned: int
    early: int
    """An alert at least a week before."""
    median_days: float | None
    """Between the first alert and the day of leaving, of those who were warned."""
    quarter_days: tuple[float, float] | None
    """The middle half of them lies between."""


@dataclass(frozen=True)
class Whole:
    """A step over the whole term."""

    alerts: int
    score: Score
    """Whoever had an alert at all, of everybody who was ever there."""
    lead: Lead
    load: Load


def whole(watched: Watched, rung: Rung) -> Whole:
    crowd, spells = watched.crowd, watched.spells[rung]
    first = spells.first(len(crowd))
    warned = first < np.inf
    troubled = crowd.troubled
    everybody = Score(len(crowd), int(troubled.sum()), int(warned.sum()), int((warned & troubled).sum()))
    return Whole(len(spells.rows), everybody, _lead(crowd, first), load(crowd, spells))


def _lead(crowd: Crowd, first: np.ndarray) -> Lead:
    left = crowd.left < np.inf
    after_start = left & (crowd.left > 0)
    with np.errstate(invalid="ignore"):
        days = crowd.left - first
    ahead = days[after_start & (first < np.inf)]
    return Lead(
        left=int(after_start.sum()),
        warned=len(ahead),
        early=int((ahead >= EARLY_ENOUGH).sum()),
        median_days=float(np.median(ahead)) if len(ahead) else None,
        quarter_days=(float(np.quantile(ahead, 0.25)), float(np.quantile(ahead, 0.75))) if len(ahead) else None,
    )


def load(crowd: Crowd, spells: Spells) -> Load:
    """All weeks of all mentors count, also those without any alert."""
    weeks = {row.learner.mentor: ceil(row.course.days / _WEEK) for row in crowd.rows}
    mentors = [row.learner.mentor for row in crowd.rows]
    counts = Counter((mentors[row], int(at // _WEEK)) for row, at in zip(spells.rows, spells.since, strict=True))
    each = np.zeros(sum(weeks.values()))
    each[: len(counts)] = list(counts.values())
    by_week = Counter[int]()
    for (_, week), count in counts.items():
        by_week[week] += count
    open_in = Counter(week for last in weeks.values() for week in range(last))
    worst = max(by_week, key=lambda week: by_week[week] / max(open_in[week], 1), default=0)
    fortnight = max((by_week[week] + by_week[week + 1] for week in by_week), default=0)
    return Load(
        mean=float(each.mean()) if len(each) else 0.0,
        at_95=float(np.quantile(each, 0.95)) if len(each) else 0.0,
        worst_week=worst + 1,
        worst_mean=by_week[worst] / open_in[worst] if open_in[worst] else 0.0,
        busiest_fortnight=fortnight / max(by_week.total(), 1),
    )
