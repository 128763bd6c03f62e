"""What a collector shows, for tests."""

from prometheus_client import CollectorRegistry
from prometheus_client.registry import Collector

Shown = dict[str, dict[tuple[str, ...], float]]


def shown(collector: Collector) -> Shown:
    """By the name of the sample, the value by the values of its labels, in the order of the labels' names."""
    registry, found = CollectorRegistry(auto_describe=False), dict[str, dict[tuple[str, ...], float]]()
    registry.register(collector)
    for family in registry.collect():
        for sample in family.samples:
            labels = tuple(value for _, value in sorted(sample.labels.items()))
            found.setdefault(sample.name, {})[labels] = sample.value
    return found
