"""A whole backtest: rules chosen or fitted on some terms, and reported on another one that they have not seen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from domain.kit import Escalation, Kit
from rehearsal.backtest.beside import Paired, paired
from rehearsal.backtest.crowd import Crowd, Flags, Numbers, Watched
from rehearsal.backtest.history import History
from rehearsal.backtest.rules import Dial, Rung, Untried, dial, does, is_for, rungs, says, tried, untried
from rehearsal.backtest.scoring import Load, Score, Whole, load, score, whole
from rehearsal.backtest.variants import Variant, variants
from rehearsal.backtest.yardstick import FEATURES, Regression, area, fit, highest

DAYS = (14, 28, 56)
TOP_SHARE = 0.2
"""The share of those who are there that the regression may flag."""
_FEWEST_PAST = 200
"""Learners that a regression is fitted on at least."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


class CannotBacktest(Exception):
    """The data and the kit do not allow what was asked for; the message says what would."""


@dataclass(frozen=True)
class Equal:
    """The regression, flagging as many as the rule did on the same day."""

    score: Score
    difference: Paired
    """The rule less the regression."""


@dataclass(frozen=True)
class OnDay:
    day: int
    score: Score
    by_course: Mapping[str, Score]
    regression: Equal | None


@dataclass(frozen=True)
class Tried:
    """One step of one rule."""

    rung: Rung
    title: str
    says: str
    does: str
    is_for: str
    days: Sequence[OnDay]
    whole: Whole | None
    """None for what is a union of rules."""

    @property
    def name(self) -> str:
        return str(self.rung) if self.whole else self.title


@dataclass(frozen=True)
class Point:
    """One value of a dial."""

    value: Any
    days: Mapping[int, Score]
    load: Load


@dataclass(frozen=True)
class Curve:
    """A rule's first step over the values of its dial, on the terms that the choice is made on and on the other one."""

    rule: Escalation
    field: str
    now: Any
    past: Sequence[Point]
    tested: Sequence[Point]


@dataclass(frozen=True)
class OfDay:
    """The regression on one day."""

    day: int
    area: float
    top: Score
    """With the share TOP_SHARE flagged."""
    weights: Mapping[str, float]
    """Of a standard deviation of each feature."""


@dataclass(frozen=True)
class Backtest:
    kit: Kit
    history: History
    past_terms: Sequence[str]
    term: str
    """The one that is reported on."""
    past_learners: int
    learners: int
    learner_days: int
    """Days of activity of all learners, past and tested."""
    tried: Sequence[Tried]
    together: Sequence[Tried]
    untried: Sequence[Untried]
    yardstick: Sequence[OfDay]
    """Empty where there is no earlier term to fit it on."""
    curves: Sequence[Curve]
    variants: Sequence[Variant]

    @property
    def days(self) -> Sequence[int]:
        return [one.day for one in self.tried[0].days]


def backtest(
    kit: Kit,
    history: History,
    term: str | None = None,
    days: Sequence[int] | None = None,
    progress: Progress = lambda *_: None,
) -> Backtest:
    """Reports on `term` (without it: the last one), with whatever comes before it as the past. `days`: those of the
    term that are looked at; None: the usual ones, as far as the term goes.

    Raises:
        CannotBacktest: when there is no such term, no rule that the data can try, or nobody is there on a day.
    """
    return _Study(kit, history, term or history.terms[-1], days, progress).result()


class _Study:
    def __init__(self, kit: Kit, history: History, term: str, days: Sequence[int] | None, progress: Progress) -> None:
        if term not in history.terms:
            raise CannotBacktest(f"there is no term {term!r} in the data; there are: {', '.join(history.terms)}")
        self.kit, self.history, self.term, self.progress = kit, history, term, progress
        self.rules = tried(kit)
        if not self.rules:
            raise CannotBacktest(
                f"{kit.title} has no rule that the data can try; it has activity, and work with deadlines and marks: "
                "write a rule with `no_activity_for`, `quieter_than`, `overdue: milestone` or `milestone_setbacks`"
            )
        self.past_terms = history.terms[: history.terms.index(term)]
        self.tested = Crowd.of(one for one in history.courses if one.term == term)
        empty = [day for day in days or DAYS if not self.tested.there(day).any()]
        self.days = days or [day for day in DAYS if day not in empty]
        if empty and (days or not self.days):
            longest = max(one.days for one in history.courses if one.term == term)
            raise CannotBacktest(f"on day {empty[0]} nobody is there; the longest course of {term} has {longest} days")
        self.past = Crowd.of((one for one in history.courses if one.term in self.past_terms), without=self.tested.ids)

    def result(self) -> Backtest:
        watched = self._watch(self.tested, self.rules, f"the rules on {self.term}")
        return Backtest(
            kit=self.kit,
            history=self.history,
            past_terms=self.past_terms,
            term=self.term,
            past_learners=len(self.past),
            learners=len(self.tested),
            learner_days=sum(len(row.learner.active) for crowd in (self.past, self.tested) for row in crowd.rows),
            tried=[self._tried(watched, rule, rung) for rule in self.rules for rung in rungs([rule])],
            together=list(self._together(watched)),
            untried=list(untried(self.kit)),
            yardstick=[self._of_day(one, self.chances[one.day]) for one in self.regressions],
            curves=[self._curve(rule, found) for rule in self.rules if (found := dial(rule))],
            variants=variants(self.tested, self.rules, self.days),
        )

    def _watch(self, crowd: Crowd, rules: Sequence[Escalation], what: str) -> Watched:
        done = 0

        def more(count: int) -> None:
            nonlocal done
            done += count
            self.progress(what, done, len(crowd))

        return crowd.watch(rules, more)

    @cached_property
    def regressions(self) -> Sequence[Regression]:
        days = (day for day in self.days if int(self.past.there(day).sum()) >= _FEWEST_PAST)
        return [fit(self.past, day) for day in days]

    @cached_property
    def chances(self) -> Mapping[int, Numbers]:
        return {one.day: one.chances(self.tested) for one in self.regressions}

    # The rules

    def _tried(self, watched: Watched, rule: Escalation, rung: Rung) -> Tried:
        return Tried(
            rung=rung,
            title=rule.title,
            says=says(rule, rung.step),
            does=does(rule, rung.step),
            is_for=is_for(rule, rung.step),
            days=[self._on_day(watched.flagged(rung, day), day) for day in self.days],
            whole=whole(watched, rung),
        )

    def _together(self, watched: Watched) -> list[Tried]:
        """What somebody sees who looks at all rules at once."""
        first = [Rung(rule.id, 0) for rule in self.rules]
        mentors = [rung for rule in self.rules for rung in rungs([rule]) if is_for(rule, rung.step) == "mentor"]
        found = [self._union(watched, "any-rule", "Any of these rules", first)]
        return [*found, self._union(watched, "any-case", "Anything for the mentor", mentors)] if mentors else found

    def _union(self, watched: Watched, name: str, title: str, those: Sequence[Rung]) -> Tried:
        flags = {day: np.logical_or.reduce([watched.flagged(rung, day) for rung in those]) for day in self.days}
        says_ = " or ".join(str(rung) for rung in those)
        days = [self._on_day(flags[day], day) for day in self.days]
        return Tried(Rung(name, 0), title, says_, "", "mentor", days, None)

    def _on_day(self, flags: Flags, day: int) -> OnDay:
        by_course = {one: score(self.tested, flags, day, self.tested.of_course(one)) for one in self.tested.courses}
        return OnDay(day, score(self.tested, flags, day), by_course, self._equal(flags, day))

    def _equal(self, flags: Flags, day: int) -> Equal | None:
        there = self.tested.there(day)
        flagged = flags & there
        if day not in self.chances or not flagged.any():
            return None
        as_many = highest(self.chances[day], there, int(flagged.sum()))
        return Equal(score(self.tested, as_many, day), paired(flagged, as_many, self.tested.troubled & there))

    # The yardstick

    def _of_day(self, regression: Regression, chances: Numbers) -> OfDay:
        there = self.tested.there(regression.day)
        top = highest(chances, there, round(TOP_SHARE * int(there.sum())))
        return OfDay(
            day=regression.day,
            area=area(chances[there], self.tested.troubled[there]),
            top=score(self.tested, top, regression.day),
            weights=dict(zip(FEATURES, (float(one) for one in regression.weights[1:]), strict=True)),
        )

    # Dials

    def _curve(self, rule: Escalation, found: Dial) -> Curve:
        now = found.of(rule)
        values = sorted({*found.values, now})
        settings = [(value, found.set(rule, value)) for value in values]
        return Curve(
            rule=rule,
            field=found.field,
            now=now,
            past=[self._point(self.past, value, one, "the past") for value, one in settings],
            tested=[self._point(self.tested, value, one, self.term) for value, one in settings],
        )

    def _point(self, crowd: Crowd, value: Any, rule: Escalation, where: str) -> Point:
        watched = self._watch(crowd, [rule], f"{rule.id} on {where}")
        first = Rung(rule.id, 0)
        days = {day: score(crowd, watched.flagged(first, day), day) for day in self.days}
        return Point(value, days, load(crowd, watched.spells[first]))
