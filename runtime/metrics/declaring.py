"""How a metric of the installation is declared: its name, its help and its labels, and what reads its values."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from store.database import Pool

QUICK_SECONDS = 4.0
Kind = Literal["gauge", "counter", "histogram"]


@dataclass(frozen=True, slots=True)
class Family:
    """A metric. `says` is its help, which docs/metrics.md shows too. Labels are bounded: a program, a stage, a rule of
    a kit, never a person, a journey or what somebody typed.
    """

    name: str
    """Of a counter without `_total`."""
    says: str
    labels: tuple[str, ...] = ()
    kind: Kind = "gauge"


class Distribution(NamedTuple):
    """The value of a histogram."""

    buckets: Sequence[tuple[str, float]]
    """Upper bounds, the last of them `+Inf`, and how many are at most this."""
    total: float


class Sample(NamedTuple):
    family: Family
    labels: tuple[str, ...]
    value: float | Distribution


@dataclass(frozen=True, slots=True)
class Figures:
    """What is read together, and missing together when it cannot be read."""

    name: str
    """The value of the label `figures`."""
    title: str
    says: str
    """What docs/metrics.md says above their table."""
    families: tuple[Family, ...]
    read: Callable[[Pool], Awaitable[Sequence[Sample]]]
    """Raises what the database raises, and BeingRebuilt."""
    every_seconds: float = 5.0
    """How often they are read, at most. What takes long is read less often, see collector."""
    patience_seconds: float = QUICK_SECONDS
    """The most that reading them may take."""


def metric(family: Family, samples: Iterable[Sample]) -> Metric:
    """The family as Prometheus's library has it, also without samples."""
    match family.kind:
        case "gauge":
            gauge = GaugeMetricFamily(family.name, family.says, labels=family.labels)
            for one in samples:
                assert not isinstance(one.value, Distribution)
                gauge.add_metric(one.labels, one.value)
            return gauge
        case "counter":
            counter = CounterMetricFamily(family.name, family.says, labels=family.labels)
            for one in samples:
                assert not isinstance(one.value, Distribution)
                counter.add_metric(one.labels, one.value)
            return counter
        case "histogram":
            histogram = HistogramMetricFamily(family.name, family.says, labels=family.labels)
            for one in samples:
                assert isinstance(one.value, Distribution)
                histogram.add_metric(one.labels, list(one.value.buckets), one.value.total)
            return histogram


def samples_of(rows: Iterable[Sequence[object]], labels: int, *families: Family | None) -> list[Sample]:
    """Of rows that begin with so many labels and go on with a value for each family. A value that is None is left out,
    and so is a column whose family is None.
    """
    return [
        Sample(family, tuple(str(one) for one in row[:labels]), float(value))  # type: ignore[arg-type]
        for row in rows
        for family, value in zip(families, row[labels:], strict=True)
        if family is not None and value is not None
    ]
