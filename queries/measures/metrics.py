"""The measures of programs as metrics, over the last four weeks."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from queries.measures.figures import Figure, Selection, figures
from runtime.metrics.declaring import Family, Sample
from runtime.metrics.declaring import Figures as MetricFigures
from store.database import Pool

_WINDOW = timedelta(days=28)

_VALUE = Family(
    "trellis_measure",
    "A measure of a program over the last 28 days: a share from 0 to 1, or a mean in its unit.",
    ("program", "measure"),
)
_CASES = Family("trellis_measure_cases", "How many cases the measure is counted from.", ("program", "measure"))


async def _measures(pool: Pool) -> Sequence[Sample]:
    now = datetime.now(UTC)
    found = await figures(pool, None, by="program", selection=Selection(since=now - _WINDOW), as_of=now)
    return [
        sample for program, measures in found.parts.items() for one in measures.values() for sample in _of(program, one)
    ]


def _of(program: str, one: Figure) -> Iterator[Sample]:
    if one.value is not None:
        yield Sample(_VALUE, (program, one.measure.id), one.value)
        yield Sample(_CASES, (program, one.measure.id), float(one.n))


MEASURED = MetricFigures(
    "measures",
    "Measures",
    "From the views `measured`, `delivered` and `daily_activity`: what counts on the last 28 days. "
    "[measures.md](measures.md) defines each. Measures without a case are not shown.",
    (_VALUE, _CASES),
    _measures,
    every_seconds=300.0,
    patience_seconds=30.0,
)
