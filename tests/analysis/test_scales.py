"""No interval lies beyond the scale of what it is about, however few values there are."""

from collections.abc import Callable, Sequence

from hypothesis import given
from hypothesis import strategies as st

from analysis import association, clustered, comparing, intervals
from analysis.association import Means, Shares
from analysis.clustered import Cell
from analysis.intervals import Interval
from analysis.samples import SHARES, Counted, Scale, Summary

_MARKS, _HOURS = Scale(1.0, 5.0), Scale(least=0.0)
_ANY_MARKS = st.lists(st.sampled_from([1.0, 1.0, 3.0, 5.0, 5.0]), min_size=2, max_size=6)
_ANY_HOURS = st.lists(st.floats(0, 1_000), min_size=2, max_size=6)
_SHARE = st.integers(1, 8).flatmap(lambda n: st.builds(Counted, st.integers(0, n), st.just(n)))


def require_within(found: Interval | None, scale: Scale) -> None:
    if found is not None:
        assert scale.least - 1e-9 <= found.low <= found.estimate <= found.high <= scale.most + 1e-9


@given(_ANY_MARKS, _ANY_HOURS, _SHARE)
def test_of_a_figure(marks: Sequence[float], hours: Sequence[float], share: Counted) -> None:
    require_within(intervals.mean(Summary.of(marks, _MARKS)), _MARKS)
    require_within(intervals.mean(Summary.of(hours, _HOURS)), _HOURS)
    require_within(intervals.proportion(share.count, share.of), SHARES)


@given(_ANY_MARKS, _ANY_MARKS, _SHARE, _SHARE)
def test_of_a_difference(one: Sequence[float], other: Sequence[float], share: Counted, rest: Counted) -> None:
    first, second = Summary.of(one, _MARKS), Summary.of(other, _MARKS)
    apart = _MARKS.less(_MARKS)
    assert apart == Scale(-4.0, 4.0)
    of_means: Sequence[Callable[[Summary, Summary], Interval | None]] = (comparing.means, comparing.means_alike)
    for difference in of_means:
        require_within(difference(first, second), apart)
    require_within(association.stratified([Means(first, second)]), apart)
    require_within(comparing.proportions(share, rest), SHARES.less(SHARES))
    require_within(association.stratified([Shares(share, rest)]), SHARES.less(SHARES))


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans(), st.integers(0, 1)), min_size=6, max_size=12))
def test_of_a_difference_over_clusters(cases: Sequence[tuple[int, bool, int]]) -> None:
    cells = [Cell(cluster, "", having, 1, float(outcome)) for cluster, having, outcome in cases]
    require_within(clustered.difference(cells, scale=SHARES), SHARES.less(SHARES))


def test_a_sample_that_is_put_together_lies_on_the_scales_of_its_parts() -> None:
    marks, points = Summary.of([4.0, 5.0], _MARKS), Summary.of([9.0, 10.0], Scale(0.0, 10.0))
    assert marks.joined(points).scale == Scale(0.0, 10.0)
    assert Summary(0, 0.0, 0.0).joined(marks) == marks == marks.joined(Summary(0, 0.0, 0.0))
    assert marks.without(Summary.of([4.0])).scale == _MARKS
