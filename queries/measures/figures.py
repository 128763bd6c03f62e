"""The measures of a program as figures: of all its journeys, or by cohort, week, version, pathway or segment."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Literal

from analysis import intervals
from analysis.intervals import Interval
from analysis.samples import Counted, Summary
from projections.views import measured
from queries.measures.definitions import MEASURES, Measure
from queries.measures.sources import Source
from store.database import Pool

By = Literal["cohort", "week", "version", "pathway", "segment", "program"]
Sample = Counted | Summary
"""A share, or the values of a mean, summed up."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows are counted. Each that is None selects all."""

    since: datetime | None = None
    until: datetime | None = None
    """Exclusive. Both are of the moment by which a row counts."""
    began_since: datetime | None = None
    began_until: datetime | None = None
    """Exclusive. Both are of the beginning of the journey."""
    cohort: str | None = None
    version: str | None = None
    """Of the kit that the journey began with, as its `kit`."""
    kit: str | None = None
    """By its digest."""
    pathway: str | None = None
    journeys: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    measure: Measure
    sample: Sample

    @property
    def n(self) -> int:
        """How many rows there are to count."""
        return self.sample.of if isinstance(self.sample, Counted) else self.sample.n

    @property
    def count(self) -> int | None:
        """Of a share: how many are in the numerator."""
        return self.sample.count if isinstance(self.sample, Counted) else None

    @property
    def value(self) -> float | None:
        """The share or the mean; None where nothing can be counted yet."""
        if self.n == 0:
            return None
        return self.sample.share if isinstance(self.sample, Counted) else self.sample.mean

    def interval(self, confidence: float = intervals.CONFIDENCE) -> Interval | None:
        """None where there is too little for one, as with values that are all equal."""
        if isinstance(self.sample, Counted):
            return intervals.proportion(self.sample.count, self.sample.of, confidence)
        return intervals.mean(self.sample, confidence) if self.sample.squares else None


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of one program. What there is nothing of is a figure with no rows."""

    as_of: datetime
    whole: Mapping[str, Figure]
    """By measure, of all that was selected."""
    parts: Mapping[str, Mapping[str, Figure]] = field(default_factory=dict)
    """By key, in order, then by measure; a week is its Monday. Only measures of which the part has rows."""


async def figures(
    pool: Pool,
    program: str | None,
    *,
    by: By | None = None,
    selection: Selection = Selection(),
    only: Iterable[str] | None = None,
    as_of: datetime | None = None,
) -> Figures:
    """All measures, or `only` those, of one program or of all.

    Nothing that was due after `as_of` counts; without it, that is now.

    Raises:
        BeingRebuilt: while a view is not there yet.
    """
    as_of = as_of or datetime.now(UTC)
    wanted = [one for one in MEASURES.values() if only is None or one.id in set(only)]
    whole: dict[str, Figure] = {}
    parts: dict[str, dict[str, Figure]] = {}
    for _, of_source in groupby(sorted(wanted, key=_source), key=_source):
        those = list(of_source)
        statement = _statement(those, by)
        view = measured.WITH_SEGMENTS if by == "segment" else those[0].source.view
        rows = await view.fetch(pool, statement, *_parameters(program, as_of, selection))
        for row in rows:
            found = _read(those, row)
            if row["is_whole"]:
                whole |= found
            elif row["key"] is not None:
                parts.setdefault(str(row["key"]), {}).update({k: v for k, v in found.items() if v.n})
    return Figures(
        as_of=as_of,
        whole={one.id: whole[one.id] for one in wanted},
        parts={key: _in_order(parts[key], wanted) for key in sorted(parts)},
    )


def _source(one: Measure) -> str:
    return one.source.id


def _in_order(found: Mapping[str, Figure], wanted: Sequence[Measure]) -> dict[str, Figure]:
    return {one.id: found[one.id] for one in wanted if one.id in found}


def _parameters(program: str | None, as_of: datetime, selection: Selection) -> tuple[object, ...]:
    journeys = list(selection.journeys) if selection.journeys is not None else None
    return (
        *(program, as_of, selection.since, selection.until, selection.began_since, selection.began_until),
        *(selection.cohort, selection.version, selection.kit, selection.pathway, journeys),
    )


def _key(by: By | None, source: Source) -> str:
    match by:
        case None:
            return "null::text"
        case "program":
            return "j.program"
        case "cohort":
            return "j.cohort"
        case "week":
            return f"date_trunc('week', {source.at} at time zone 'UTC')::date::text"
        case "version":
            return "j.kit_version"
        case "pathway":
            return "j.pathway"
        case "segment":
            return "(select b.segment from views.board as b where b.stream = j.stream)"


def _statement(those: Sequence[Measure], by: By | None) -> str:
    """One look at the rows for all measures of the source; with `by`, the last row is of all of them."""
    source = those[0].source
    columns = ",\n       ".join(column for place, one in enumerate(those) for column in _columns(place, one))
    return f"""
with counted as (
select {_key(by, source)} as key,
       {columns}
  from {source.tables}
 where ($1::text is null or j.program = $1) and {source.at} <= $2
   and ($3::timestamptz is null or {source.at} >= $3) and ($4::timestamptz is null or {source.at} < $4)
   and ($5::timestamptz is null or j.began_at >= $5) and ($6::timestamptz is null or j.began_at < $6)
   and ($7::text is null or j.cohort = $7) and ($8::text is null or j.kit_version = $8)
   and ($9::text is null or j.kit = $9) and ($10::text is null or j.pathway = $10)
   and ($11::text[] is null or j.journey = any ($11))
)
select key, grouping(key) = 1 as is_whole, {", ".join(_sums(those))}
  from counted group by grouping sets ((key), ())"""  # noqa: S608 - our own words


def _columns(place: int, one: Measure) -> Iterable[str]:
    yield f"({one.counted}) as c{place}"
    yield f"({one.meets})  as m{place}" if one.is_share else f"({one.value})::float8 as v{place}"


def _sums(those: Sequence[Measure]) -> Iterable[str]:
    for place, one in enumerate(those):
        yield f"count(*) filter (where c{place}) as n{place}"
        if one.is_share:
            yield f"count(*) filter (where c{place} and m{place}) as k{place}"
        else:
            yield f"avg(v{place}) filter (where c{place}) as a{place}"
            yield f"var_samp(v{place}) filter (where c{place}) as s{place}"


def _read(those: Sequence[Measure], row: Any) -> dict[str, Figure]:
    return {one.id: Figure(one, _sample(place, one, row)) for place, one in enumerate(those)}


def _sample(place: int, one: Measure, row: Any) -> Sample:
    n = row[f"n{place}"]
    if one.is_share:
        return Counted(row[f"k{place}"], n)
    return Summary.measured(n, row[f"a{place}"], row[f"s{place}"])
