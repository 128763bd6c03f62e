"""The figures of all replications together: their means with their intervals, and differences between two policies."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from analysis import intervals
from analysis.intervals import CONFIDENCE, Interval
from domain.kit import Kit
from rehearsal.player.program import Played
from rehearsal.report.asking import SurveyAsked, surveys
from rehearsal.report.breaking import Break, Breaking, over_all
from rehearsal.report.figures import MEASURES, Figures, Measure, Step, funnel, mean_share, overloaded
from rehearsal.report.grouping import Grouped, grouped


class Estimated(NamedTuple):
    measure: Measure
    interval: Interval | None
    """Of the mean over replications. None: fewer than two have it."""
    only: float | None = None
    """The value where there is a single one."""


class RuleFired(NamedTuple):
    rule: str
    title: str
    for_hundred: float
    """Times, for each hundred learners."""


class Week(NamedTuple):
    number: int
    used: float
    overloaded: float


class Summary(NamedTuple):
    """Of one policy."""

    name: str
    replications: int
    measures: Sequence[Estimated]
    funnel: Sequence[Step]
    """Of the first replication, which is shown as an example."""
    rules: Sequence[RuleFired]
    weeks: Sequence[Week]
    surveys: Sequence[SurveyAsked]
    groups: Grouped | None
    """None: the kit forms none."""
    breaking: Sequence[Breaking]
    open_share: float


class Difference(NamedTuple):
    """Of a measure between two policies, which met the same people: the second less the first."""

    measure: Measure
    interval: Interval

    @property
    def is_certain(self) -> bool:
        return not self.interval.holds(0.0)


def summarize(
    name: str, kit: Kit, figures: Sequence[Figures], example: Played, breaks: Sequence[Sequence[Break]]
) -> Summary:
    return Summary(
        name=name,
        replications=len(figures),
        measures=[_estimated(one, figures) for one in MEASURES],
        funnel=funnel(example),
        rules=_rules(kit, example),
        weeks=[Week(nth, mean_share(one), overloaded(one)) for nth, one in enumerate(example.weeks, 1)],
        surveys=surveys(kit, example),
        groups=grouped(example),
        breaking=over_all(breaks),
        open_share=_mean([one["open"] or 0.0 for one in figures]),
    )


def differences(first: Sequence[Figures], second: Sequence[Figures], comparisons: int = 1) -> list[Difference]:
    """By replication. `comparisons`: how many policies are compared with the first, for which the confidence is
    corrected (Bonferroni)."""
    confidence = 1 - (1 - CONFIDENCE) / comparisons
    found = []
    for measure in MEASURES:
        pairs = [(a[measure.name], b[measure.name]) for a, b in zip(first, second, strict=True)]
        apart = [b - a for a, b in pairs if a is not None and b is not None]
        if interval := intervals.mean(apart, confidence):
            found.append(Difference(measure, interval))
    return found


def _estimated(measure: Measure, figures: Sequence[Figures]) -> Estimated:
    values = [value for one in figures if (value := one[measure.name]) is not None]
    return Estimated(measure, intervals.mean(values), values[0] if len(values) == 1 else None)


def _rules(kit: Kit, played: Played) -> list[RuleFired]:
    fired = sum((one.fired for one in played.tallies), Counter[str]())
    titles = {one.id: one.title for one in kit.escalations}
    learners = len(played.tallies) or 1
    return [RuleFired(rule, titles.get(rule, rule), 100 * many / learners) for rule, many in fired.most_common()]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
