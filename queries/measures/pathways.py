"""Which pathways serve learners of which level (R68): each against the others that learners of the same level took."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from analysis import association, intervals
from analysis.association import Means, Shares
from analysis.samples import Counted, Summary
from projections.associating import PathwayOfLevel
from queries.measures.comparisons import LEAST_JOURNEYS, Adjusted, Group, adjusted, widened

ENDS: Mapping[str, str] = {
    "completed": "Completed, of those who ended",
    "promise_kept": "Promise kept, of those who ended and for whom it is known",
    "stayed": "Still there after four weeks",
    "gain": "Gain in confidence, in points",
}
_READ: Mapping[str, Callable[[PathwayOfLevel], Counted | Summary]] = {
    "completed": lambda one: one.completed,
    "promise_kept": lambda one: one.promise_kept,
    "stayed": lambda one: one.stayed,
    "gain": lambda one: one.gain,
}


@dataclass(frozen=True, slots=True)
class PathwayAssociation:
    level: str
    """The segment of the learners; empty for those in none."""
    level_title: str
    pathway: str
    end: str
    end_title: str
    here: Group
    others: Group
    """Learners of the same level on other pathways."""
    low: float | None
    high: float | None
    """The interval of `here`, with a confidence of 95 %."""
    difference: Adjusted | None
    """Here less others, adjusted by version; null with too little evidence, or where all take one pathway."""
    stands_out: bool


@dataclass(frozen=True, slots=True)
class _Pair:
    """Learners of one level, those of one pathway beside the others, by version."""

    segment: str
    pathway: str
    end: str
    strata: Sequence[tuple[Sequence[PathwayOfLevel], Sequence[PathwayOfLevel]]]

    @property
    def here(self) -> Counted | Summary:
        return _joined([one for here, _ in self.strata for one in here], self.end)

    @property
    def others(self) -> Counted | Summary:
        return _joined([one for _, others in self.strata for one in others], self.end)

    @property
    def is_comparable(self) -> bool:
        return min(_size(self.here), _size(self.others)) >= LEAST_JOURNEYS


def by_level(rows: Sequence[PathwayOfLevel], levels: Mapping[str, str]) -> list[PathwayAssociation]:
    """`levels`: the titles of segments."""
    places = sorted({(one.segment or "", one.pathway) for one in rows})
    pairs = [_pair(rows, *place, end) for place in places for end in ENDS]
    confidence = widened(sum(one.is_comparable for one in pairs))
    return [_association(one, confidence, levels) for one in pairs]


def _pair(rows: Sequence[PathwayOfLevel], segment: str, pathway: str, end: str) -> _Pair:
    of_level = [one for one in rows if (one.segment or "") == segment]
    versions = sorted({one.version for one in of_level})
    strata = [
        (
            [one for one in of_level if one.version == version and one.pathway == pathway],
            [one for one in of_level if one.version == version and one.pathway != pathway],
        )
        for version in versions
    ]
    return _Pair(segment, pathway, end, strata)


def _joined(rows: Iterable[PathwayOfLevel], end: str) -> Counted | Summary:
    samples = [_READ[end](one) for one in rows]
    if end == "gain":
        return reduce(Summary.joined, (one for one in samples if isinstance(one, Summary)), Summary(0, 0.0, 0.0))
    counted = [one for one in samples if isinstance(one, Counted)]
    return Counted(sum(one.count for one in counted), sum(one.of for one in counted))


def _size(sample: Counted | Summary) -> int:
    return sample.of if isinstance(sample, Counted) else sample.n


def _stratum(here: Sequence[PathwayOfLevel], others: Sequence[PathwayOfLevel], end: str) -> Shares | Means:
    one, other = _joined(here, end), _joined(others, end)
    if isinstance(one, Counted) and isinstance(other, Counted):
        return Shares(one, other)
    assert isinstance(one, Summary) and isinstance(other, Summary)
    return Means(one, other)


def _association(pair: _Pair, confidence: float, levels: Mapping[str, str]) -> PathwayAssociation:
    strata = [_stratum(*sides, pair.end) for sides in pair.strata]
    found = adjusted(association.stratified(strata, confidence) if pair.is_comparable else None)  # type: ignore[arg-type]
    own = _interval(pair.here)
    return PathwayAssociation(
        level=pair.segment,
        level_title=levels.get(pair.segment, pair.segment) if pair.segment else "In no segment",
        pathway=pair.pathway,
        end=pair.end,
        end_title=ENDS[pair.end],
        here=_group(pair.here),
        others=_group(pair.others),
        low=own.low if own else None,
        high=own.high if own else None,
        difference=found,
        stands_out=bool(found and found.stands_out),
    )


def _group(sample: Counted | Summary) -> Group:
    if not _size(sample):
        return Group(0, None)
    return Group(_size(sample), sample.share if isinstance(sample, Counted) else sample.mean)


def _interval(sample: Counted | Summary) -> intervals.Interval | None:
    if isinstance(sample, Counted):
        return intervals.proportion(sample.count, sample.of)
    return intervals.mean(sample) if sample.squares else None
