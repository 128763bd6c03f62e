"""`trellis calibrate`: how well the people of a rehearsal behave as real ones did."""

from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from interfaces.cli.options import Json
from interfaces.cli.past import Data, DataFolder, Kind, folder_of, never_collected, showing_progress
from interfaces.cli.quick import Grid, Line, Row, show
from interfaces.cli.screen import complain, print_json
from rehearsal.backtest.sources import MARKED_AFTER, SOURCES
from rehearsal.backtest.study import CannotBacktest
from rehearsal.calibration.holding import Calibration, Held, Tested
from rehearsal.calibration.holding import calibrate as fit_and_hold
from runtime.exits import Exit
from scenarios.oulad.tables import OuladError


def calibrate(
    *,
    data: Kind = Data.oulad,
    folder: DataFolder = None,
    seed: Annotated[int, typer.Option(help="Of the simulated learners.")] = 1,
    to: Annotated[Path | None, typer.Option(help="Also write what was fitted to this file, as JSON.")] = None,
    json: Json = False,
) -> None:
    """Fit the people of rehearsals to real data, and show how well they fit.

    Each course is held against people who were fitted to earlier terms of the same module: who is still there, who has
    been quiet for a week, and how much work is handed in.
    """
    try:
        read = partial(SOURCES[data.value], folder_of(data, folder), MARKED_AFTER)
        with showing_progress("reading the data") as tell, never_collected():
            found = fit_and_hold(read(), seed, tell)
        if to:
            to.write_text(found.fitted.written())
    except (OuladError, CannotBacktest, OSError) as error:
        complain(error)
        raise typer.Exit(Exit.BAD_INPUT) from None
    if json:
        print_json(_told(found))
    else:
        show(*_lines(found))


def _told(found: Calibration) -> dict[str, Any]:
    tests = [asdict(one) | {"within": one.within, "earlier_within": one.earlier_within} for one in found.tests]
    return {"fitted": asdict(found.fitted), "tests": tests}


def _lines(found: Calibration) -> Iterator[Line | Grid]:
    yield Line(("Simulated learners beside real ones, by course", "bold"))
    yield Line(
        "Each course by people fitted to earlier terms of the same module. * lies outside of the data's interval."
    )
    for one in found.tests:
        yield Line("")
        yield Line((one.course, "bold"), f": {one.learners:,} learners; fitted to {', '.join(one.fitted_to)}")
        yield Grid(("", *(f"day {each.day}" for each in one.there)), list(_rows(one)))
        work = one.handed_in
        yield Line(f"work handed in: {_beside(work)}")
    within = sum(one.within for one in found.tests)
    yield Line("")
    yield Line(f"The whole survival curve lies in the data's intervals for {within} of {len(found.tests)} courses.")
    yield from _bounds(found)
    yield Line(
        "Attendance, confidence, answers to offers and surveys, and everything of mentors is assumed, not fitted."
    )
    yield Line(f"Data: {found.fitted.source}")


def _bounds(found: Calibration) -> Iterator[Line]:
    """What no model of earlier terms can better."""
    apart = [abs(each.model - each.earlier) for one in found.tests for each in one.there if each.earlier is not None]
    if not apart:
        return
    within = sum(one.earlier_within for one in found.tests)
    yield Line(f"That of the earlier terms themselves does for {within}: terms differ by more than chance.")
    yield Line(
        f"From the terms that they were fitted to, the simulated learners are {sum(apart) / len(apart):.3f} away in "
        f"the mean, {max(apart):.3f} at most."
    )


def _rows(one: Tested) -> Iterator[Row]:
    yield Row(("still there", *map(_beside, one.there)))
    if any(each.earlier is not None for each in one.there):
        yield Row(("  in the earlier terms", *map(_earlier, one.there)))
    yield Row(("quiet for a week", *map(_beside, one.quiet)))


def _beside(one: Held) -> str:
    return f"{one.data.estimate:.3f} ± {one.data.half_width:.3f}, {one.model:.3f}{'' if one.within else ' *'}"


def _earlier(one: Held) -> str:
    return "" if one.earlier is None else f"{one.earlier:.3f}{'' if one.earlier_within else ' *'}"
