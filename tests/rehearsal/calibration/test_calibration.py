"""The fit counts what the data has, and people who were made by a fit are found again by it."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from interfaces.cli.calibrate import calibrate as command
from rehearsal.backtest.history import Work
from rehearsal.calibration.counting import counted
from rehearsal.calibration.holding import calibrate, held
from rehearsal.people.draws import Draws
from rehearsal.people.fitted import GAPS, fitted, range_of
from rehearsal.people.track import Track, kind_of
from scenarios.oulad.kit import milestone_id
from tests.rehearsal.backtest.courses import course, history, learner
from tests.scenario import invented


def test_days_and_leaving_are_counted_by_the_days_away() -> None:
    one = learner("l", [0, 1, 5, 6], left=20, succeeded=False)
    found = counted([course("2014J", [one])])
    assert found.kinds.sum() == 1
    assert found.days.sum() == 19  # days 1 to 19, on which the learner could be active
    assert found.active.sum() == 3
    assert found.active[:, range_of(3, GAPS)].sum() == 1  # back on day 5, three full days away
    assert found.left.sum() == 1
    assert found.left[1, range_of(13, GAPS)] == 1  # on day 20, last seen on day 6, in the second period


def test_work_is_counted_by_how_long_somebody_is_away_a_week_before() -> None:
    early = learner("early", range(60), work=[Work(milestone_id("1"), 8, 70.0, 15)])
    late = learner("late", range(60), work=[Work(milestone_id("1"), 12, 30.0, 20)])
    found = counted([course("2014J", [early, late])])
    assert (found.due.sum(), found.handed_in.sum()) == (4, 2)
    assert (found.ahead, found.late) == ([2], [2])
    assert (found.marked.sum(), found.passed.sum()) == (2, 1)


def test_people_of_a_fit_are_held_to_be_like_themselves() -> None:
    """A course whose learners are walks of the model lies within its own intervals, mostly."""
    fit = fitted()
    made = [(Draws(11, 0, f"real-{nth}"), nth) for nth in range(800)]
    walks = [Track(draws, fit, kind_of(draws, fit), 60) for draws, _ in made]
    learners = [
        learner(f"l-{nth}", walk.active, left=walk.left, succeeded=walk.left is None) for nth, walk in enumerate(walks)
    ]
    found = held(course("2014J", learners), fit, seed=1, people=1_500)
    outside = [
        one for one in (*found.there, *found.quiet) if abs(one.model - one.data.estimate) > 2 * one.data.half_width
    ]
    assert outside == []


def test_each_course_is_held_against_earlier_ones_of_its_module() -> None:
    found = calibrate(history(120))
    (one,) = found.tests
    assert (one.course, list(one.fitted_to)) == ("AAA/2014J", ["AAA/2013J"])
    assert all(each.earlier and abs(each.earlier - each.data.estimate) < 0.2 for each in one.there)
    assert list(found.fitted.courses) == ["AAA/2013J"]


def test_what_was_fitted_is_written_and_read_again(tmp_path: Path) -> None:
    app = typer.Typer()
    app.command()(command)
    folder, to = invented.write(tmp_path / "tables"), tmp_path / "fitted.json"
    said = CliRunner().invoke(app, ["--folder", str(folder), "--to", str(to), "--json"])
    assert said.exit_code == 0, said.output
    assert json.loads(said.stdout)["fitted"]["courses"] == list(fitted(to).courses)


def test_what_ships_says_where_it_comes_from() -> None:
    assert "Kuzilek" in fitted().source
    assert not any(one.endswith("2014J") for one in fitted().courses)
    assert sum(fitted().kinds) == pytest.approx(1, abs=1e-4)
