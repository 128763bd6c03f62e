"""The load of a program's mentors: a heat map by week, the forecast, and who has room."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlencode

from pydantic import Field, TypeAdapter

from domain.ids import MentorId
from domain.mentor.demand import monday
from domain.mentor.utilization import Use
from domain.values import STORABLE, Whole, counted
from interfaces.http.pages.asked import NOTHING
from interfaces.http.v1.cursors import Cursors
from projections.capacity import Capacity, MentorCapacity
from queries import capacity as words

PAGE = 50
STEPS = 5
"""Of the heat map, from little to as much as there is room for; above them is over the limit."""
Sort = Literal["load", "free", "name"]
SORTS: tuple[Sort, ...] = get_args(Sort)


@dataclass(frozen=True, slots=True)
class Cell:
    minutes: str
    step: str
    """`away`, `0` to `5`, or `over`."""
    says: str
    """What its color says, in words."""


@dataclass(frozen=True, slots=True)
class MentorLine:
    mentor: str
    name: str
    kind: str
    places: str
    free: int
    used: str
    standing: str
    grave: bool
    trained: str
    weeks: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class WeekAhead:
    label: str
    planned: str
    waiting: str
    available: str
    used: str
    over: bool


@dataclass(frozen=True, slots=True)
class Column:
    """Of the chart: below the planned minutes, then those for who waits, and a line for what there is."""

    x: float
    label: str
    planned_y: float
    planned_height: float
    waiting_y: float
    waiting_height: float
    available_y: float | None


@dataclass(frozen=True, slots=True)
class ForecastChart:
    title: str
    columns: Sequence[Column]
    top: str
    """What the height of the chart stands for."""


CHART_HEIGHT, CHART_FLOOR, COLUMN = 100, 120, 34


@dataclass(frozen=True, slots=True)
class WaitingLine:
    learner: str
    name: str
    journey: str
    pathway: str
    since: str
    expected: str


@dataclass(frozen=True, slots=True)
class LoadPage:
    program: str
    headline: str
    waiting_says: str
    weeks: Sequence[str]
    rows: Sequence[MentorLine]
    mentors: int
    """How many the filter has found."""
    has_none: bool
    """Whether the program has no mentors at all."""
    forecast: Sequence[WeekAhead]
    chart: ForecastChart | None
    waiting: Sequence[WaitingLine]
    more_waiting: str
    find: str
    use: str
    uses: Sequence[tuple[str, str]]
    sort: str
    next: str | None
    first: str | None
    adds: bool
    opens: bool
    """Whether mentors and journeys lead to their pages, which hold personal data."""


USES: Mapping[Use, str] = {
    "over_limit": "over the limit",
    "at_target": "at the target",
    "below_target": "below the target",
    "under_used": "under-used",
}
_MOST_WAITING = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which mentors, in which order, from which one on."""

    find: str = ""
    use: str = ""
    sort: Sort = "load"
    after: "Place | None" = None


@dataclass(frozen=True, slots=True)
class Place:
    """Of a mentor in the list: the next page begins behind it. Holds no name: that is looked up by the id."""

    share: float
    free: int
    mentor: MentorId


CURSORS: Cursors[Place] = Cursors(
    Place,
    TypeAdapter(
        tuple[
            Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)],
            Annotated[Whole, Field(ge=-1_000_000, le=1_000_000)],
            Annotated[str, STORABLE],
        ]
    ),
)


Names = Mapping[str, str]
"""By the ids of the mentors who are known by name, where the reader may see names and something depends on them."""


def chosen(found: Capacity, wanted: Wanted, names: Names) -> list[MentorCapacity]:
    """All that the filter finds, in the order that is asked for, from the first page on."""
    words_wanted = wanted.find.casefold().split()
    those = [
        one
        for one in found.mentors
        if (not wanted.use or one.utilization.use == wanted.use)
        and (not words_wanted or _has(f"{names.get(one.mentor, '')} {one.mentor}".casefold(), words_wanted))
    ]
    return sorted(those, key=lambda one: _key(wanted.sort, place_of(one), names))


def _has(text: str, words_wanted: Sequence[str]) -> bool:
    return all(word in text for word in words_wanted)


def place_of(one: MentorCapacity) -> Place:
    return Place(one.utilization.share, one.free, one.mentor)


def behind(those: Sequence[MentorCapacity], wanted: Wanted, names: Names) -> Sequence[MentorCapacity]:
    """Of those that were chosen, the ones behind `wanted.after`, which need not be there any more."""
    if wanted.after is None:
        return those
    last = _key(wanted.sort, wanted.after, names)
    return those[bisect_right(those, last, key=lambda one: _key(wanted.sort, place_of(one), names)) :]


def _key(sort: Sort, place: Place, names: Names) -> tuple[Any, ...]:
    match sort:
        case "load":
            return -place.share, place.mentor
        case "free":
            return -place.free, place.share, place.mentor
        case "name":
            return names.get(place.mentor, place.mentor).casefold(), place.mentor


def mentor_line(one: MentorCapacity, limit: float, trained: str) -> MentorLine:
    use = one.utilization
    away = f", on leave until {one.on_leave_until:%d %b}" if one.on_leave_until else ""
    reserved = f", {use.reserved} reserved" if use.reserved else ""
    return MentorLine(
        mentor=one.mentor,
        name=one.name or one.mentor,
        kind=one.mentor_type or NOTHING,
        places=f"{use.taken} of {use.places}{reserved}",
        free=one.free,
        used=f"{use.share:.0%}",
        standing=f"{USES[use.use]}{away}",
        grave=use.use == "over_limit",
        trained=trained,
        weeks=[
            cell(minutes, use.minutes, limit, away=gone) for minutes, gone in zip(use.planned, one.away, strict=True)
        ],
    )


def cell(minutes: int, most: int | None, limit: float, *, away: bool) -> Cell:
    if away:
        return Cell(f"{minutes}" if minutes else "away", "away", "on leave all week")
    if not most:
        return Cell(f"{minutes}", "0" if not minutes else "1", "no limit of minutes" if most is None else "no minutes")
    share = minutes / most
    if share > limit:
        return Cell(f"{minutes}", "over", f"over the limit: {share:.0%} of {most} minutes")
    return Cell(f"{minutes}", f"{min(STEPS, -int(-share * STEPS // 1))}", f"{share:.0%} of {most} minutes")


def weeks_ahead(found: Capacity) -> list[WeekAhead]:
    return [
        WeekAhead(
            label=f"{monday(one.week):%d %b}",
            planned=f"{one.planned:,}",
            waiting=f"{one.waiting:,}",
            available="no limit" if one.available is None else f"{one.available:,}",
            used=f"{(one.planned + one.waiting) / one.available:.0%}" if one.available else NOTHING,
            over=one.available is not None and one.planned + one.waiting > one.available,
        )
        for one in found.forecast
    ]


def forecast_chart(found: Capacity) -> ForecastChart | None:
    """None: nothing is planned, so there is nothing to draw."""
    most = max((max(one.planned + one.waiting, one.available or 0) for one in found.forecast), default=0)
    if not most:
        return None
    columns = []
    for nth, one in enumerate(found.forecast):
        planned, waiting = (round(CHART_HEIGHT * part / most, 1) for part in (one.planned, one.waiting))
        floor = CHART_FLOOR - 15
        columns.append(
            Column(
                x=40 + nth * (COLUMN + 8),
                label=f"{monday(one.week):%d %b}",
                planned_y=floor - planned,
                planned_height=planned,
                waiting_y=floor - planned - waiting,
                waiting_height=waiting,
                available_y=None if one.available is None else floor - round(CHART_HEIGHT * one.available / most, 1),
            )
        )
    return ForecastChart(
        "Minutes of all mentors by week: planned, for those who wait, and available", columns, f"{most:,}"
    )


def waiting_lines(found: Capacity, names: Mapping[str, str]) -> list[WaitingLine]:
    today = found.at.date()
    return [
        WaitingLine(
            learner=one.learner,
            name=names.get(one.learner, one.learner),
            journey=one.journey,
            pathway=one.pathway or NOTHING,
            since=f"{one.since:%d %b %Y}",
            expected=_expected(one.expected_from, today),
        )
        for one in found.waiting[:_MOST_WAITING]
    ]


def shown_waiting(found: Capacity) -> Sequence[str]:
    """The learners whose names the page shows."""
    return [one.learner for one in found.waiting[:_MOST_WAITING]]


def more_waiting(found: Capacity) -> str:
    many = len(found.waiting)
    return f"The first {_MOST_WAITING} of {counted(many, 'learner')}." if many > _MOST_WAITING else ""


def _expected(expected: date | None, today: date) -> str:
    if expected is None:
        return "not known"
    return "now" if expected <= today else f"{expected:%d %b %Y}"


def headline(found: Capacity) -> tuple[str, str]:
    return words.headline(found), words.waiting_in_words(found)


def week_labels(found: Capacity) -> list[str]:
    return [f"{monday(week):%d %b}" for week in found.weeks]


def address(query: Mapping[str, object]) -> str:
    """Of the page, with these parameters."""
    return f"/mentors?{urlencode({name: value for name, value in query.items() if value})}"
