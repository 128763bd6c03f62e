"""A backtest as JSON: every figure, with its interval."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from analysis.intervals import Interval
from rehearsal.backtest.advice import advice, limits, trade_offs
from rehearsal.backtest.comparing import Compared
from rehearsal.backtest.rules import say_value
from rehearsal.backtest.scoring import Load, Score, Whole
from rehearsal.backtest.study import Backtest, Curve, OnDay, Point, Tried


def told(found: Backtest, compared: Sequence[Compared], alerts_a_week: float) -> dict[str, Any]:
    return {
        "kit": found.kit.program,
        "version": found.kit.version,
        "data": {"title": found.history.title, "source": found.history.source},
        "past_terms": list(found.past_terms),
        "term": found.term,
        "past_learners": found.past_learners,
        "learners": found.learners,
        "learner_days": found.learner_days,
        "rules": [_tried(one) for one in found.tried],
        "together": [_tried(one) for one in found.together],
        "untried": [one._asdict() for one in found.untried],
        "yardstick": [
            {"day": one.day, "area": one.area, "top": _score(one.top), "weights": dict(one.weights)}
            for one in found.yardstick
        ],
        "curves": [_curve(one) for one in found.curves],
        "variants": [
            {
                "rule": one.rule,
                "kind": one.kind,
                "alerts_a_week": one.alerts_a_week,
                "days": {str(day): _score(each) for day, each in one.days.items()},
            }
            for one in found.variants
        ],
        "advice": [
            {"rule": one.rule, "field": one.field, "now": say_value(one.now.value), "then": say_value(one.chosen.value)}
            for one in (advice(found.curves, alerts_a_week) if found.past_learners else ())
        ],
        "in_words": list(trade_offs(found, alerts_a_week)),
        "compared": [_compared(one) for one in compared],
        "remarks": [asdict(one) for one in found.history.remarks],
        "limits": list(limits(found)),
    }


def _tried(one: Tried) -> dict[str, Any]:
    about = {"rule": one.rung.rule, "step": one.rung.step, "title": one.title, "says": one.says, "does": one.does}
    days = [_on_day(each) for each in one.days]
    return about | {"days": days} | ({"term": _whole(one.whole)} if one.whole else {})


def _on_day(one: OnDay) -> dict[str, Any]:
    found: dict[str, Any] = {"day": one.day} | _score(one.score)
    found["by_course"] = {name: _score(each) for name, each in one.by_course.items()}
    if one.regression:
        difference = one.regression.difference
        found["regression"] = _score(one.regression.score) | {
            "verdict": {"first": "rule", "second": "regression"}.get(difference.verdict, difference.verdict),
            "precision_difference": interval(difference.precision),
            "recall_difference": interval(difference.recall),
        }
    return found


def _score(one: Score) -> dict[str, Any]:
    return {
        "there": one.there,
        "base": one.base,
        "flagged": one.flagged,
        "right": one.right,
        "precision": interval(one.precision),
        "recall": interval(one.recall),
    }


def interval(one: Interval | None) -> dict[str, float] | None:
    return None if one is None else {"estimate": one.estimate, "low": one.low, "high": one.high}


def _whole(one: Whole) -> dict[str, Any]:
    return {"alerts": one.alerts, "ever": _score(one.score), "lead": asdict(one.lead), "load": _load(one.load)}


def _load(one: Load) -> Mapping[str, Any]:
    return asdict(one)


def _curve(one: Curve) -> dict[str, Any]:
    sides = {"past": one.past, "tested": one.tested}
    points = {side: [_point(each) for each in those] for side, those in sides.items()}
    return {"rule": one.rule.id, "field": one.field, "now": say_value(one.now)} | points


def _point(one: Point) -> dict[str, Any]:
    days = {str(day): _score(each) for day, each in one.days.items()}
    return {"value": say_value(one.value), "days": days, "load": _load(one.load)}


def _compared(one: Compared) -> dict[str, Any]:
    return {
        "rule": one.rung.rule,
        "step": one.rung.step,
        "says": one.says,
        "says_changed": one.says_changed,
        "day": one.day,
        "now": _score(one.score) | {"alerts_a_week": one.load.mean},
        "changed": _score(one.changed) | {"alerts_a_week": one.load_changed.mean},
        "precision_difference": interval(one.difference.precision),
        "recall_difference": interval(one.difference.recall),
        "verdict": {"first": "changed", "second": "now"}.get(one.difference.verdict, one.difference.verdict),
    }
