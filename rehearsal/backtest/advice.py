"""Which setting of a rule to take, chosen on the past and told by what it did on the term that nobody had seen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.values import counted
from rehearsal.backtest.rules import say_value
from rehearsal.backtest.scoring import Score
from rehearsal.backtest.study import Backtest, Curve, Point

ALERTS_A_WEEK = 1.0
"""What one mentor can follow up each week beside their sessions, unless the reader says otherwise."""


@dataclass(frozen=True)
class Advice:
    """For one rule: the setting that finds most for the alerts that are allowed."""

    rule: str
    field: str
    now: Point
    chosen: Point
    """Both as on the tested term."""
    affordable: bool
    """False: every setting asks for more alerts than are allowed, and this one for the fewest."""

    @property
    def stays(self) -> bool:
        return bool(self.now.value == self.chosen.value)


def advice(curves: Sequence[Curve], alerts_a_week: float = ALERTS_A_WEEK) -> list[Advice]:
    return [_of(curve, alerts_a_week) for curve in curves]


def _of(curve: Curve, alerts_a_week: float) -> Advice:
    allowed = [point for point in curve.past if point.load.mean <= alerts_a_week]
    chosen = max(allowed, key=_found) if allowed else min(curve.past, key=lambda point: point.load.mean)
    tested = {point.value: point for point in curve.tested}
    return Advice(curve.rule.id, curve.field, tested[curve.now], tested[chosen.value], bool(allowed))


def _found(point: Point) -> float:
    """Of all who were in trouble on all days together."""
    right = sum(score.right for score in point.days.values())
    return right / max(sum(score.troubled for score in point.days.values()), 1)


def in_words(one: Advice, day: int) -> str:
    """The trade-off, as of a day."""
    now, then = one.now, one.chosen
    keep = f"Keep `{one.field}: {say_value(now.value)}` of {one.rule}"
    if one.stays and one.affordable:
        return f"{keep}: {_what_it_does(now, day)}. {_load(now)}."
    if one.stays:
        return f"{keep}; no other setting asks for fewer alerts. {_what_it_does(now, day).capitalize()}. {_load(now)}."
    change = f"Set `{one.field}` of {one.rule} to {say_value(then.value)} instead of {say_value(now.value)}"
    effect = f"then {_what_it_does(then, day)}; now, {_what_it_does(now, day)}"
    return f"{change}: {effect}. {_load(then)} instead of {now.load.mean:.1f}."


def _what_it_does(point: Point, day: int) -> str:
    found = point.days[day]
    if not found.flagged:
        return f"nobody is flagged on day {day}"
    return f"{_of_ten(found)} flagged on day {day} end in trouble, and {_share(found)} of all who do are among them"


def _of_ten(found: Score) -> str:
    return f"{round(10 * found.right / found.flagged)} of 10 who are"


def _share(found: Score) -> str:
    return f"{found.right / max(found.troubled, 1):.0%}"


def _load(point: Point) -> str:
    return f"Each mentor has {point.load.mean:.1f} alerts a week of it on average"


def trade_offs(found: Backtest, alerts_a_week: float) -> Iterator[str]:
    if not found.past_learners:
        yield f"There is no term before {found.term} to choose settings on."
        return
    day = found.days[len(found.days) // 2]
    for one in advice(found.curves, alerts_a_week):
        yield in_words(one, day)


def ties(found: Backtest) -> Iterator[str]:
    """How each rule does beside the regression, where the two can be told apart, and where not."""
    for one in (*found.tried, *found.together):
        verdicts = {each.day: each.regression.difference.verdict for each in one.days if each.regression}
        if verdicts:
            said = "; ".join(f"day {day}: {_WORDS[verdict]}" for day, verdict in verdicts.items())
            yield f"{one.name}: {said}"


_WORDS = {
    "tie": "a tie",
    "first": "the rule is better",
    "second": "the regression is better",
    "too few": "too few to tell",
}


def limits(found: Backtest) -> Iterator[str]:
    """What such figures do not say."""
    yield (
        "Detection is not effect: these figures say who would have been flagged, and not whether it would have helped "
        "them. Learners of the past had their tutors, and what these did is part of what became of them."
    )
    yield (
        f"Trouble is to fail or to leave by the end of the term. Precision is the share of those flagged who end so; "
        f"recall is the share of those who end so that were flagged. On each day only those count who were still "
        f"there; of {counted(found.learners, 'learner')} in {found.term} some had left before."
    )
    yield "Intervals are at 95 % and take learners for independent of each other; those of one course are alike."
