"""The measures of a program as figures: of all its journeys, or by cohort, week, version, pathway or segment."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Literal, NamedTuple

from analysis import intervals
from analysis.intervals import Interval
from analysis.samples import Counted, Scale, Summary
from queries.measures.definitions import MEASURES, Measure
from queries.measures.sources import Source, statement
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

    def joined(self, other: "Figure") -> "Figure":
        """Of the rows of both, which have none in common."""
        match self.sample, other.sample:
            case Counted() as some, Counted() as more:
                return Figure(self.measure, Counted(some.count + more.count, some.of + more.of))
            case Summary() as some, Summary() as more:
                return Figure(self.measure, some.joined(more))
            case _:
                raise AssertionError(f"{self.measure.id} is a share or a mean, and stays so")


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
    whole = {one.id: Figure(one, _nothing(one)) for one in wanted}
    parts: dict[str, dict[str, Figure]] = {}
    for look in _looks(wanted, by):
        for row in await look.view.fetch(pool, look.statement(by), *_parameters(program, as_of, selection)):
            for one in look.told_by(row):
                whole[one.measure.id] = whole[one.measure.id].joined(one)
                if row["key"] is not None:
                    parts.setdefault(row["key"], {})[one.measure.id] = one
    return Figures(
        as_of=as_of,
        whole=whole,
        parts={key: _in_order(parts[key], wanted) for key in sorted(parts)},
    )


def _nothing(one: Measure) -> Sample:
    return Counted(0, 0) if one.is_share else Summary(0, 0.0, 0.0, one.scale)


def _in_order(found: Mapping[str, Figure], wanted: Sequence[Measure]) -> dict[str, Figure]:
    return {one.id: found[one.id] for one in wanted if one.id in found}


def _parameters(program: str | None, as_of: datetime, selection: Selection) -> tuple[object, ...]:
    journeys = list(selection.journeys) if selection.journeys is not None else None
    return (
        *(program, as_of, selection.since, selection.until, selection.began_since, selection.began_until),
        *(selection.cohort, selection.version, selection.kit, selection.pathway, journeys),
    )


def _looks(wanted: Iterable[Measure], by: By | None) -> Iterable["_Look"]:
    """One for each file of rows. By week, what counts by other moments is another look."""

    def rows(one: Measure) -> tuple[str, ...]:
        source = one.source
        return source.rows_from, source.split, *([source.id] if by == "week" else [])

    for _, those in groupby(sorted(wanted, key=rows), key=rows):
        yield _Look(list(those))


class _Look:
    """Rows, and all measures that are counted from them. What several of them count alike is counted once."""

    def __init__(self, those: Sequence[Measure]) -> None:
        self._those = those
        self._moments = list(dict.fromkeys(one.source.at for one in those))
        self._places = {one: place for place, one in enumerate(dict.fromkeys(map(self._expression, those)))}
        self.view = those[0].source.view

    def statement(self, by: By | None) -> str:
        source = self._those[0].source
        joined = "left join views.board as b on b.stream = j.stream" if by == "segment" else ""
        return statement("figures").format(
            key=_key(by, source),
            split=source.split,
            columns=",\n       ".join(column for one, place in self._places.items() for column in _columns(place, one)),
            rows=f"{source.rows}{joined}",
            within=" or ".join(map(_within, self._moments)),
        )

    def told_by(self, row: Any) -> Iterable[Figure]:
        """The figures that a row has something of."""
        for one in self._those:
            place = self._places[self._expression(one)]
            if one.part == row["part"] and row[f"n{place}"]:
                yield Figure(one, _sample(place, one, row))

    def _expression(self, one: Measure) -> "_Expression":
        several = len(self._moments) > 1
        counted = f"({one.counted}) and {_within(one.source.at)}" if several else one.counted
        return _Expression(counted, one.meets, one.value, one.ends)


class _Expression(NamedTuple):
    """What a measure counts, as SQL."""

    counted: str
    meets: str
    value: str | None
    ends: tuple[str, str] | None


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
            return "b.segment"


def _within(at: str) -> str:
    period = f"($3::timestamptz is null or {at} >= $3) and ($4::timestamptz is null or {at} < $4)"
    return f"({at} <= $2::timestamptz and {period})"


def _columns(place: int, one: _Expression) -> Iterable[str]:
    yield f"count(*) filter (where {one.counted}) as n{place}"
    if one.value is None:
        yield f"count(*) filter (where ({one.counted}) and ({one.meets})) as k{place}"
        return
    yield f"avg(({one.value})::float8) filter (where {one.counted}) as a{place}"
    yield f"var_samp(({one.value})::float8) filter (where {one.counted}) as s{place}"
    if one.ends:
        yield f"min({one.ends[0]}) filter (where {one.counted}) as l{place}"
        yield f"max({one.ends[1]}) filter (where {one.counted}) as m{place}"


def _sample(place: int, one: Measure, row: Any) -> Sample:
    n = row[f"n{place}"]
    if one.is_share:
        return Counted(row[f"k{place}"], n)
    scale = Scale.between(row[f"l{place}"], row[f"m{place}"]) if one.ends else one.scale
    return Summary.measured(n, row[f"a{place}"], row[f"s{place}"], scale)
