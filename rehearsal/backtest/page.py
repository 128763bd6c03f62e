"""A backtest as one HTML file, which needs nothing else: for whoever leads a program."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from rehearsal.backtest.advice import limits, trade_offs
from rehearsal.backtest.comparing import Compared
from rehearsal.backtest.rules import say_value
from rehearsal.backtest.scoring import Score
from rehearsal.backtest.study import Backtest, Curve
from rehearsal.report import charts
from rehearsal.report.page import TEMPLATES

_VERDICTS = {
    "tie": "a tie",
    "first": "the rule is better",
    "second": "the regression is better",
    "too few": "too few to tell",
}


def page(found: Backtest, compared: Sequence[Compared], alerts_a_week: float) -> str:
    middle = found.days[len(found.days) // 2]
    rules = [*found.tried, *found.together]
    on_middle = [(one, next(each.score for each in one.days if each.day == middle)) for one in rules]
    return TEMPLATES.get_template("backtest.html").render(
        found=found,
        compared=compared,
        rules=rules,
        advice=[_with_code(one) for one in trade_offs(found, alerts_a_week)],
        limits=[one for one in limits(found) if not one.startswith("Detection")],
        verdicts=_VERDICTS,
        middle=middle,
        base=on_middle[0][1].base,
        there={one.day: one.score for one in found.tried[0].days},
        precision_chart=_markup(
            charts.bars(
                f"Of those flagged on day {middle}, the share who end in trouble; the tables below have the figures",
                [charts.Bar(one.name, _share(score), _says(score)) for one, score in on_middle],
            )
        ),
        curves=[_curve(one, middle) for one in found.curves],
    )


def _curve(one: Curve, day: int) -> dict[str, Any]:
    values = [say_value(point.value) for point in one.tested]
    scores = [point.days[day] for point in one.tested]
    return {
        "title": one.rule.title,
        "field": one.field,
        "now": say_value(one.now),
        "points": list(zip(values, one.tested, strict=True)),
        "chart": _markup(
            charts.lines(
                f"Precision and recall over the values of {one.field}; the table below has the figures",
                values,
                [
                    charts.Line("precision", "used", [_share(score) for score in scores]),
                    charts.Line("recall", "over", [_found(score) for score in scores]),
                ],
            )
        ),
    }


def _with_code(words: str) -> Markup:
    """What is in backticks as code."""
    code = Markup("<code>{}</code>")
    return Markup("").join(code.format(one) if nth % 2 else one for nth, one in enumerate(words.split("`")))


def _markup(chart: str) -> Markup:
    return Markup(chart)  # noqa: S704 - the chart escapes its words


def _share(score: Score) -> float:
    return score.precision.estimate if score.precision else 0.0


def _found(score: Score) -> float:
    return score.recall.estimate if score.recall else 0.0


def _says(score: Score) -> str:
    return f"{_share(score):.0%} of {score.flagged:,}" if score.flagged else "nobody is flagged"
