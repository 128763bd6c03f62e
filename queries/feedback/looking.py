"""What stands out in the answers, and what of it explains the rest: cells in, findings out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analysis import intervals, looking
from analysis.intervals import Interval
from analysis.looking import Compared, Sample
from analysis.samples import SHARES, Counted, Summary
from domain.kit.evidence import EvidenceRules
from queries.feedback.causes import Verdict
from queries.feedback.cells import INTAKE, About, Cell, Place, Topic

_WITHOUT_TOPIC = 1.0


@dataclass(frozen=True, slots=True)
class Looked:
    """All that was compared."""

    compared: Sequence[Compared[Place]]

    @property
    def times(self) -> int:
        """How often one looked: what the correction is for."""
        return sum(one.enough for one in self.compared)

    @property
    def standing(self) -> list[Compared[Place]]:
        """The clearest first."""
        those = [one for one in self.compared if one.stands_out]
        return sorted(those, key=lambda one: (one.adjusted or 0.0, one.key.level, one.key.group))


def look(about: Iterable[About], cells: Iterable[Cell], evidence: EvidenceRules) -> Looked:
    """Compares each group with all others of its level, and adjusts all of it together."""
    ranges = {one.topic: _range(one) for one in about}
    groups: dict[tuple[Topic, str], dict[Place, Sample]] = {}
    for cell in cells:
        groups.setdefault((cell.place.topic, cell.place.level), {})[cell.place] = cell.sample
    found: list[Compared[Place]] = []
    for those in groups.values():
        found += looking.against_the_rest(_alike(those), _wanted(evidence))
    adjusted = looking.adjusted(found, _wanted(evidence))
    return Looked([_weighed(one, ranges.get(one.key.topic, _WITHOUT_TOPIC), evidence) for one in adjusted])


def interval_of(sample: Sample, confidence: float) -> Interval | None:
    if isinstance(sample, Counted):
        return intervals.proportion(sample.count, sample.of, confidence)
    return intervals.mean(sample, confidence)


def estimate_of(sample: Sample) -> float | None:
    if isinstance(sample, Counted):
        return sample.share if sample.of else None
    return sample.mean if sample.n else None


def _range(one: About) -> float:
    """What the answers range over; at least 1, as between yes and no."""
    return max(one.highest - one.lowest, 1.0) if isinstance(one.sample, Summary) else 1.0


def _wanted(evidence: EvidenceRules) -> looking.Evidence:
    return looking.Evidence(
        least=evidence.least, false_discoveries=evidence.false_alarms, confidence=evidence.confidence
    )


def _weighed(one: Compared[Place], wide: float, evidence: EvidenceRules) -> Compared[Place]:
    """Nothing stands out whose difference is too small to matter. In the intake only what is worse than the rest does:
    every form has a question at which the fewest stop."""
    if not one.stands_out or one.difference is None:
        return one
    small = abs(one.difference.estimate) < evidence.least_difference * wide
    good = one.key.topic == INTAKE and one.difference.estimate < 0
    return looking.quietly(one) if small or good else one


def _alike(those: Mapping[Place, Sample]) -> Mapping[Place, Sample]:
    """Shares are means of 0 and 1 where some groups answered several times and others did not."""
    if len({type(one) for one in those.values()}) < 2:
        return those
    return {place: _as_summary(one) for place, one in those.items()}


def _as_summary(sample: Sample) -> Summary:
    if isinstance(sample, Summary):
        return sample
    return Summary.tallied({1.0: sample.count, 0.0: sample.of - sample.count}, SHARES)


@dataclass(frozen=True, slots=True)
class Finding:
    """A place that stands out."""

    place: Place
    own: float
    rest: float
    respondents: int
    difference: Interval
    adjusted: float
    """The chance of such a difference where there is none, adjusted for how often one looked."""
    verdict: Verdict
    shares: bool = False
    """Whether its figures are shares, and not means."""


def findings(looked: Looked, verdicts: Mapping[Place, Verdict]) -> list[Finding]:
    """What is not explained by anything else comes first; within that, the clearest."""
    found = [
        Finding(
            place=one.key,
            own=estimate_of(one.sample) or 0.0,
            rest=estimate_of(one.rest) or 0.0,
            respondents=looking.size(one.sample),
            difference=one.difference,
            adjusted=one.adjusted or 0.0,
            verdict=verdicts.get(one.key, Verdict()),
            shares=isinstance(one.sample, Counted),
        )
        for one in looked.standing
        if one.difference is not None
    ]
    return sorted(found, key=lambda one: one.verdict.explained_by is not None)
