"""`trellis backtest`: the rules of a kit on real learners of the past, before anybody is exposed to them."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from analysis.intervals import Interval
from domain.kit import Kit
from domain.words import signed
from interfaces.cli.options import Json, KitFolder
from interfaces.cli.past import Data, DataFolder, Kind, folder_of, never_collected, showing_progress
from interfaces.cli.quick import Grid, Line, Row, show
from interfaces.cli.screen import complain, err, print_json
from kits.loading import load_kit
from kits.problems import BadFileError
from kits.setting import SettingError, with_values
from rehearsal.backtest.advice import ALERTS_A_WEEK, limits, ties, trade_offs
from rehearsal.backtest.comparing import Compared, compared
from rehearsal.backtest.crowd import Crowd
from rehearsal.backtest.history import History
from rehearsal.backtest.page import page
from rehearsal.backtest.rules import say_value
from rehearsal.backtest.sources import MARKED_AFTER, SOURCES
from rehearsal.backtest.study import Backtest, CannotBacktest, Point, Tried
from rehearsal.backtest.study import backtest as study
from rehearsal.backtest.telling import told
from rehearsal.backtest.variants import Variant
from runtime.exits import Exit
from scenarios.oulad.tables import OuladError

_Day = Annotated[
    list[int] | None,
    typer.Option(
        "--day", min=0, max=1_000, help="A day of the term to look at, instead of 14, 28 and 56. May be repeated."
    ),
]
_Report = Annotated[Path, typer.Option(help="Where the report is written, as one HTML file.")]
_Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Also try the kit with this value, on the same learners: "
        "'escalations.quiet.when.no_activity_for=10 days'. Those given together are one change.",
    ),
]


def backtest(
    kit: KitFolder,
    *,
    data: Kind = Data.oulad,
    folder: DataFolder = None,
    term: Annotated[
        str | None, typer.Option(help="The term to report on, such as 2014J. Default: the last one.")
    ] = None,
    day: _Day = None,
    change: _Set = None,
    alerts: Annotated[
        float, typer.Option(min=0.01, max=1_000, help="How many alerts of one rule a mentor can follow up each week.")
    ] = ALERTS_A_WEEK,
    marked_after: Annotated[
        int, typer.Option(min=0, max=365, help="How many days after the work its score is known, where no date says.")
    ] = MARKED_AFTER,
    report: _Report = Path("backtest.html"),
    json: Json = False,
) -> None:
    """Try a kit's rules of escalation on real learners of the past.

    Goes through the past day by day, knowing nothing before its day: whom each rule flags, how many of them end in
    trouble, how many in trouble it finds, how long before, and how many alerts that is for each mentor. Beside it, what
    a logistic regression finds in the same data. Settings and the regression are chosen on earlier terms than the one
    that is reported on.
    """
    try:
        tried = load_kit(kit)
        changed = with_values(tried, change) if change else None
        days = sorted(set(day)) if day else None
        read = partial(SOURCES[data.value], folder_of(data, folder), marked_after)
        found, differences = _found(tried, changed, read, term, days)
    except (BadFileError, SettingError, OuladError, CannotBacktest, OSError) as error:
        complain(error)
        raise typer.Exit(Exit.BAD_INPUT) from None
    try:
        report.write_text(page(found, differences, alerts), encoding="utf-8")
    except OSError as error:
        complain(f"the report cannot be written to {report}: {error.strerror}; name another file with --report")
        raise typer.Exit(Exit.BAD_INPUT) from None
    if json:
        print_json(told(found, differences, alerts))
    else:
        show(*_lines(found, differences, alerts))
        err().print(f"The report is in {report}.", soft_wrap=True)


def _found(
    tried: Kit,
    changed: Kit | None,
    read: Callable[[], History],
    term: str | None,
    days: Sequence[int] | None,
) -> tuple[Backtest, list[Compared]]:
    with showing_progress("reading the data") as tell, never_collected():
        history = read()
        found = study(tried, history, term, days, tell)
        if changed is None:
            return found, []
        crowd = Crowd.of(one for one in history.courses if one.term == found.term)
        return found, compared(tried, changed, crowd, found.days)


def _lines(found: Backtest, differences: Sequence[Compared], alerts: float) -> Iterator[Line | Grid]:
    yield Line((f"{found.kit.title} on the {found.history.title}, {found.term}", "bold"))
    yield Line(
        f"{found.learners:,} learners; settings and regression from {found.past_learners:,} others"
        f" in {', '.join(found.past_terms) or 'no earlier term'}. {found.learner_days:,} learner-days in all."
    )
    for day in found.days:
        yield Line("")
        yield from _day_lines(found, day)
    middle = found.days[len(found.days) // 2]
    yield Line("")
    yield Line((f"By course, on day {middle}: those there, precision, recall", "bold"))
    first = [one for one in (*found.tried, *found.together) if not one.rung.step]
    yield Grid(("rule", *first[0].days[0].by_course), [_course_row(one, middle) for one in first])
    yield Line("")
    yield Line(("Over the whole term", "bold"))
    yield Grid(_TERM, [_term_row(one) for one in found.tried])
    for curve in found.curves:
        yield Line("")
        yield Line((f"{curve.rule.id}: {curve.field}, now {say_value(curve.now)}", "bold"))
        yield Grid(_curve_columns(found), [_point_row(found, curve.now, point) for point in curve.tested])
    if found.variants:
        yield Line("")
        yield Line(("Inactivity with breaks, and beside the others of the course: flagged, precision, recall", "bold"))
        days = list(found.variants[0].days)
        yield Grid(
            ("rule", "", *(f"day {day}" for day in days), "a week"), [_variant_row(one) for one in found.variants]
        )
    if differences:
        yield Line("")
        yield Line(("With the change, less without it, on the same learners", "bold"))
        yield Grid(_DIFFERENCES, [_difference_row(one) for one in differences])
    yield Line("")
    yield Line(("What to set, chosen on the past", "bold"))
    yield from (Line(f"  {one}") for one in trade_offs(found, alerts))
    yield Line(("Beside the regression, flagging as many", "bold"))
    yield from (Line(f"  {one}") for one in ties(found))
    yield Line(("Not tried", "bold"))
    yield from (Line(f"  {one.rule}: {one.why}") for one in found.untried)
    yield Line(("How to read this", "bold"))
    yield from (Line(f"  {one.words} ({one.times:,})") for one in found.history.remarks)
    yield from (Line(f"  {one}") for one in limits(found))
    yield Line(f"  Data: {found.history.source}")


_ON_DAY = ("rule", "flags when", "flagged", "precision", "recall", "regression's precision")
_TERM = ("rule", "does", "alerts", "found", "found a week ahead", "days ahead", "a mentor and week", "19 of 20 below")
_DIFFERENCES = ("rule", "day", "precision", "recall", "alerts a mentor and week")


def _day_lines(found: Backtest, day: int) -> Iterator[Line | Grid]:
    first = next(each for each in found.tried[0].days if each.day == day).score
    yield Line((f"Day {day}", "bold"), f": {first.there:,} still there, {first.base:.0%} of them in trouble at the end")
    yield Grid(_ON_DAY, [_day_row(one, day) for one in (*found.tried, *found.together)])
    for each in found.yardstick:
        if each.day == day:
            share = f"top {each.top.flagged / max(each.top.there, 1):.0%}"
            says = f"precision {_share(each.top.precision)}, recall {_share(each.top.recall)}"
            yield Line(f"The regression's {share}: {says}; area under the curve {each.area:.2f}")


def _day_row(one: Tried, day: int) -> Row:
    each = next(each for each in one.days if each.day == day)
    beside = each.regression
    as_many = f"{_share(beside.score.precision)} ({_VERDICTS[beside.difference.verdict]})" if beside else "-"
    flagged = f"{each.score.flagged:,}"
    return Row((one.name, one.says, flagged, _share(each.score.precision), _share(each.score.recall), as_many))


def _course_row(one: Tried, day: int) -> Row:
    by_course = next(each for each in one.days if each.day == day).by_course
    cells = (f"{each.there:,} {_plain(each.precision)} {_plain(each.recall)}" for each in by_course.values())
    return Row((one.name, *cells))


_VERDICTS = {"tie": "a tie", "first": "rule better", "second": "regression better", "too few": "too few to tell"}


def _term_row(one: Tried) -> Row:
    assert one.whole, "each step was watched over the whole term"
    lead, load = one.whole.lead, one.whole.load
    ahead = "-" if lead.median_days is None else f"{lead.median_days:.0f}"
    if lead.quarter_days:
        ahead += f" ({lead.quarter_days[0]:.0f} to {lead.quarter_days[1]:.0f})"
    return Row(
        (
            one.name,
            one.does,
            f"{one.whole.alerts:,}",
            f"{lead.warned:,} of {lead.left:,} who left",
            f"{lead.early:,}",
            ahead,
            f"{load.mean:.2f}",
            f"{load.at_95:.0f}",
        )
    )


def _curve_columns(found: Backtest) -> tuple[str, ...]:
    return ("value", *(f"day {day}: precision, recall" for day in found.days), "alerts a mentor and week")


def _point_row(found: Backtest, now: object, point: Point) -> Row:
    days = (point.days[day] for day in found.days)
    cells = [f"{_plain(one.precision)}, {_plain(one.recall)}" for one in days]
    return Row((say_value(point.value), *cells, f"{point.load.mean:.2f}"), "bold" if point.value == now else "")


def _variant_row(one: Variant) -> Row:
    cells = (f"{each.flagged:,} {_plain(each.precision)} {_plain(each.recall)}" for each in one.days.values())
    return Row((one.rule, one.kind, *cells, "-" if one.alerts_a_week is None else f"{one.alerts_a_week:.2f}"))


def _difference_row(one: Compared) -> Row:
    apart = one.difference
    loads = f"{one.load.mean:.2f} → {one.load_changed.mean:.2f}"
    return Row((str(one.rung), str(one.day), _apart(apart.precision), _apart(apart.recall), loads))


def _apart(one: Interval | None) -> str:
    if one is None:
        return "-"
    says = f"{signed(one.estimate, 2)} ({signed(one.low, 2)} to {signed(one.high, 2)})"
    return f"{says}, a tie" if one.holds(0) else says


def _share(one: Interval | None) -> str:
    return "-" if one is None else f"{one.estimate:.2f} ({one.low:.2f} to {one.high:.2f})"


def _plain(one: Interval | None) -> str:
    return "-" if one is None else f"{one.estimate:.2f}"
