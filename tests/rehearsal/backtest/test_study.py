"""Figures of a backtest against the same counted by hand, and what it must never know."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from domain.values import changed
from kits.loading import load_kit
from kits.setting import with_values
from rehearsal.backtest.advice import in_words, ties, trade_offs
from rehearsal.backtest.beside import paired
from rehearsal.backtest.comparing import compared
from rehearsal.backtest.crowd import Crowd
from rehearsal.backtest.history import History, PastLearner
from rehearsal.backtest.rules import Rung, tried
from rehearsal.backtest.scoring import score, whole
from rehearsal.backtest.study import Backtest, CannotBacktest, backtest
from rehearsal.backtest.telling import told
from rehearsal.backtest.yardstick import area, features, fit, highest
from tests.rehearsal.backtest.courses import course, history, learner

KIT = load_kit(Path(__file__).resolve().parents[3] / "programs" / "job-ready")
QUIET = [rule for rule in tried(KIT) if rule.id == "quiet"]


@pytest.fixture(scope="module")
def past() -> History:
    return history()


@pytest.fixture(scope="module")
def found(past: History) -> Backtest:
    return backtest(KIT, past, days=(14, 28))


def test_a_quiet_week_counted_by_hand() -> None:
    crowd = Crowd(
        Crowd.of(
            [
                course(
                    "2014J",
                    [
                        learner("quiet", range(5), succeeded=False),
                        learner("busy", range(60)),
                        learner("back", [*range(5), *range(13, 60)]),
                        learner("gone", range(5), left=10, succeeded=False),
                        learner("late to come", range(20, 60), registered=20),
                    ],
                )
            ]
        ).rows
    )
    watched = crowd.watch(QUIET)
    first = Rung("quiet", 0)
    assert list(watched.flagged(first, 10)) == [False] * 5  # last seen on day 4 at noon: a week later is day 11
    assert list(watched.flagged(first, 11)) == [True, False, True, False, False]
    assert list(watched.flagged(first, 13)) == [True, False, False, False, False]
    on_11 = score(crowd, watched.flagged(first, 11), 11)
    assert (on_11.there, on_11.troubled, on_11.flagged, on_11.right) == (3, 1, 2, 1)
    assert whole(watched, first).lead.left == 1
    assert whole(watched, first).lead.warned == 0


def test_lead_time_is_from_the_first_alert_to_the_day_of_leaving() -> None:
    crowd = Crowd.of([course("2014J", [learner("l", range(5), left=31, succeeded=False)])])
    lead = whole(crowd.watch(QUIET), Rung("quiet", 0)).lead
    assert (lead.left, lead.warned, lead.early, lead.median_days) == (1, 1, 1, 19.5)


def test_alerts_are_shared_out_over_all_weeks_of_all_mentors() -> None:
    busy, quiet = learner("busy", range(60), mentor="m-2"), learner("quiet", range(53))
    crowd = Crowd.of([course("2014J", [busy, quiet])])
    assert whole(crowd.watch(QUIET), Rung("quiet", 0)).load.mean == pytest.approx(1 / (2 * 9))


def after(one: PastLearner, day: int) -> PastLearner:
    """The same until this day, and something else afterwards."""
    kept = {each: clicks for each, clicks in one.active.items() if each <= day}
    work = [each._replace(marked=None, score=None) for each in one.work if each.day <= day]
    known = [
        old if old.marked is not None and old.marked <= day else new for old, new in zip(one.work, work, strict=False)
    ]
    return replace(one, active=kept, work=known, left=None, succeeded=not one.succeeded)


def test_nothing_that_comes_later_is_known_on_a_day(past: History) -> None:
    """What becomes of learners, and all they do after the day, changes neither flags nor features."""
    day = 28
    here = [one for one in past.courses[1].learners if one.is_there(day)]
    first = Crowd.of([course("2014J", here)])
    second = Crowd.of([course("2014J", [after(one, day) for one in here])])
    for rung in (Rung("quiet", 0), Rung("late-work", 0), Rung("setbacks", 0)):
        flags = [crowd.watch(tried(KIT)).flagged(rung, day) for crowd in (first, second)]
        assert (flags[0] == flags[1]).all()
    assert (features(first, day) == features(second, day)).all()


def test_nobody_stands_on_both_sides_of_the_split(past: History) -> None:
    again = replace(past.courses[0], learners=[*past.courses[0].learners, past.courses[1].learners[0]])
    found = backtest(KIT, replace(past, courses=[again, past.courses[1]]), days=(14,))
    assert found.past_learners == len(past.courses[0].learners)


def test_the_figures_of_rules_yardstick_curves_and_words(found: Backtest) -> None:
    assert (found.past_terms, found.term, found.learners) == (["2013J"], "2014J", 300)
    quiet = next(one for one in found.tried if one.rung == Rung("quiet", 0))
    precision = quiet.days[1].score.precision
    assert precision
    assert precision.estimate > quiet.days[1].score.base
    assert quiet.days[1].by_course.keys() == {"AAA/2014J"}
    assert all(one.area > 0.55 for one in found.yardstick)
    points = next(one for one in found.curves if one.rule.id == "quiet").tested
    flagged = [point.days[28].flagged for point in points]
    assert flagged == sorted(flagged, reverse=True)
    assert any("no_activity_for" in one for one in trade_offs(found, 1.0))
    assert any(one.startswith("quiet: day 14: ") for one in ties(found))
    assert {one.rule for one in found.untried} >= {"two-missed", "low-confidence", "silent-mentor"}


def test_a_rule_is_never_better_than_itself() -> None:
    crowd = Crowd.of(history(600).courses[1:])
    assert compared(KIT, KIT, crowd, (28,)) == []
    slower = with_values(KIT, ["escalations.quiet.when.no_activity_for=21 days"])
    (one,) = (each for each in compared(KIT, slower, crowd, (28,)) if each.rung.step == 0)
    assert one.difference.recall
    assert one.difference.recall.high < 0
    assert one.load_changed.mean < one.load.mean


def test_two_ways_are_paired_by_person() -> None:
    troubled = np.array([True] * 50 + [False] * 50)
    first, second = np.array([True] * 50 + [False] * 50), np.array([False] * 10 + [True] * 50 + [False] * 40)
    assert paired(first, first, troubled).verdict == "tie"
    assert paired(first, second, troubled).verdict == "too few"
    many = [np.tile(one, 10) for one in (first, second, troubled)]
    found = paired(*many)
    assert found.precision
    assert found.recall
    assert found.verdict == "first"
    assert found.precision.estimate == pytest.approx(0.2)
    assert found.recall.estimate == pytest.approx(0.2)
    assert paired(many[1], many[0], many[2]).verdict == "second"


def test_the_area_under_the_curve_counts_ties_as_half() -> None:
    troubled = np.array([True, True, False, False])
    assert area(np.array([0.9, 0.4, 0.4, 0.1]), troubled) == pytest.approx(3.5 / 4)
    assert area(np.zeros(4), troubled) == 0.5


def test_the_regression_finds_the_weights_that_made_the_data() -> None:
    crowd = Crowd.of(history(1_500).courses[:1])
    chances = fit(crowd, 28).chances(crowd)
    there = crowd.there(28)
    assert chances[there].mean() == pytest.approx(crowd.troubled[there].mean(), abs=0.01)
    assert highest(chances, there, 10).sum() == 10


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"term": "2020J"}, "there are: 2013J, 2014J"),
        ({"days": (14, 60)}, "on day 60 nobody is there; the longest course of 2014J has 60 days"),
        ({"kit": changed(KIT, {"escalations": ()})}, "no rule that the data can try"),
    ],
)
def test_what_cannot_be_tried_is_refused_in_words(past: History, change: dict[str, object], says: str) -> None:
    with pytest.raises(CannotBacktest, match=says):
        backtest(**{"kit": KIT, "history": past, **change})  # type: ignore[arg-type]


def test_the_first_term_has_no_past_to_choose_on(past: History) -> None:
    found = backtest(KIT, past, term="2013J", days=(14,))
    assert list(trade_offs(found, 1.0)) == ["There is no term before 2013J to choose settings on."]
    assert found.yardstick == []
    assert told(found, [], 1.0)["advice"] == []


def test_advice_keeps_within_the_alerts_that_are_allowed(found: Backtest) -> None:
    from rehearsal.backtest.advice import advice

    few, many = ({one.rule: one for one in advice(found.curves, alerts)} for alerts in (0.05, 50.0))
    assert few["quiet"].chosen.value > many["quiet"].chosen.value
    assert many["quiet"].chosen.value == timedelta(days=3)
    assert "instead of" in in_words(many["quiet"], 28)
