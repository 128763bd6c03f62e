"""docs/metrics.md, from the metrics that the code declares. `make metrics` writes it."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import cast

from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase

import worker  # noqa: F401 - imports whatever a process counts
from queries.measures.metrics import MEASURED
from runtime import restarts
from runtime.concerns import needs_person
from runtime.metrics import FIGURES, Family, Figures
from runtime.metrics.collector import OF_THE_COLLECTOR
from runtime.metrics.declaring import Kind
from runtime.metrics.process import FAMILIES
from services.readiness import concerns
from store.database import Pool

_KINDS: Mapping[str, Kind] = {"gauge": "gauge", "counter": "counter", "histogram": "histogram"}
PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"
_BEGINNING = Path(__file__).with_name("beginning.md").read_text()


def page() -> str:
    return "\n".join([_BEGINNING, "## Of each process", "", *_table(of_processes()), *_of_the_installation(), ""])


def of_processes() -> list[Family]:
    """What a process counts or knows of itself, by name."""
    counted = (one for one in REGISTRY._collector_to_names if isinstance(one, MetricWrapperBase))
    known = [*map(_declared, counted), *FAMILIES, restarts.FAMILY]
    return sorted((one for one in known if one.name.startswith("trellis_")), key=lambda one: one.name)


def _declared(counted: MetricWrapperBase) -> Family:
    (family,) = counted.describe()
    return Family(family.name, family.documentation, tuple(counted._labelnames), _KINDS[family.type])


def figures() -> list[Figures]:
    return [*FIGURES, MEASURED, needs_person(concerns(cast("Pool", None)))]  # nothing is read


def _of_the_installation() -> Iterator[str]:
    yield from ("", "## Of the installation", "")
    yield from _table(OF_THE_COLLECTOR)
    for one in figures():
        yield from ("", f"### {one.title}", "", one.says, "")
        yield from _table(one.families)


def _table(families: Iterable[Family]) -> Iterator[str]:
    yield from ("| metric | type | is |", "|---|---|---|")
    for one in families:
        labels = f"{{{','.join(one.labels)}}}" if one.labels else ""
        yield f"| `{exported(one)}{labels}` | {one.kind} | {one.says} |"


def exported(family: Family) -> str:
    return f"{family.name}_total" if family.kind == "counter" else family.name


def names() -> dict[str, Family]:
    """Every name under which there can be samples."""
    known = [*of_processes(), *OF_THE_COLLECTOR, *(family for one in figures() for family in one.families)]
    found = {exported(one): one for one in known}
    for one in known:
        if one.kind == "histogram":
            found |= {f"{one.name}_{part}": one for part in ("bucket", "count", "sum")}
    return found


if __name__ == "__main__":
    PAGE.write_text(page())
    sys.stdout.write(f"wrote {PAGE}\n")
