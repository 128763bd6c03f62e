"""The models held against a course that they were not fitted to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from analysis.intervals import Interval, proportion
from rehearsal.backtest.history import Course, History, PastLearner
from rehearsal.calibration.counting import Counted, counted, days_of, summed
from rehearsal.people.draws import Draws
from rehearsal.people.fitted import Fitted
from rehearsal.people.handing_in import chance
from rehearsal.people.track import Track, kind_of

DAYS = (14, 28, 56, 84, 112, 168, 224)
PEOPLE = 2_000
"""Simulated learners for each course: their own error is half of that of most courses."""
_QUIET = 7

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Held:
    """A share on one day: in the data, with its interval, and of the model."""

    day: int
    data: Interval
    model: float
    earlier: float | None = None
    """In the data that the model was fitted to, where it is the same question of the same length. What lies outside of
    the interval by this much, no model of earlier terms can know."""

    @property
    def within(self) -> bool:
        return self.data.holds(self.model)

    @property
    def earlier_within(self) -> bool:
        return self.earlier is None or self.data.holds(self.earlier)


@dataclass(frozen=True)
class Tested:
    """One course, by what was fitted to others."""

    course: str
    fitted_to: Sequence[str]
    learners: int
    there: Sequence[Held]
    """Who has not left, of those who were there on the first day: the survival curve of withdrawal."""
    quiet: Sequence[Held]
    """Who has not been active for a week, of those who are still there."""
    handed_in: Held
    """The share of work that is handed in, of those who are there when it is due."""

    @property
    def within(self) -> bool:
        """Whether the whole survival curve lies in the data's own intervals."""
        return all(one.within for one in self.there)

    @property
    def earlier_within(self) -> bool:
        """Whether that of the earlier terms themselves does, without any model."""
        return all(one.earlier_within for one in self.there)


@dataclass(frozen=True)
class Calibration:
    fitted: Fitted
    """To all terms but the last."""
    tests: Sequence[Tested]


def calibrate(history: History, seed: int = 1, progress: Progress = lambda *_: None) -> Calibration:
    """Fits the models to every term but the last, and holds them against each course, fitted to the same module's
    earlier terms."""
    courses = sorted(history.courses, key=lambda one: (one.starts_at, one.name))
    counts: list[Counted] = []
    for nth, course in enumerate(courses):
        progress("counting", nth, len(courses))
        counts.append(counted([course]))
    before_last = [one for one, course in zip(counts, courses, strict=True) if course.term != history.terms[-1]]
    tests = []
    for nth, course in enumerate(courses):
        progress("holding against the data", nth, len(courses))
        earlier = [each for each in zip(counts, courses, strict=True) if _is_earlier(each[1], course)]
        if earlier:
            fit = summed([one for one, _ in earlier]).fit(history.source)
            tests.append(held(course, fit, seed, earlier=[one for _, one in earlier]))
    return Calibration(summed(before_last or counts).fit(history.source), tests)


def _is_earlier(one: Course, than: Course) -> bool:
    """Of the same module."""
    return one.name.partition("/")[0] == than.name.partition("/")[0] and one.starts_at < than.starts_at


def held(course: Course, fit: Fitted, seed: int, people: int = PEOPLE, earlier: Sequence[Course] = ()) -> Tested:
    """`earlier`: the courses of the fit."""
    real = [(one, days_of(course, one)) for one in course.learners if one.is_there(0)]
    made = [_made(course, fit, seed, nth) for nth in range(people)]
    days = [day for day in DAYS if day < course.days]
    return Tested(
        course=course.name,
        fitted_to=fit.courses,
        learners=len(real),
        there=[
            _held(
                day,
                [one.is_there(day) for one, _ in real],
                [track.is_there(day) for track in made],
                [one.is_there(day) for each in earlier if day < each.days for one in each.learners if one.is_there(0)],
            )
            for day in days
        ],
        quiet=[
            _held(
                day,
                [_gap(active, day) >= _QUIET for one, active in real if one.is_there(day)],
                [track.gap(day) >= _QUIET for track in made if track.is_there(day)],
            )
            for day in days
        ],
        handed_in=_work(course, real, made, fit),
    )


def _made(course: Course, fit: Fitted, seed: int, nth: int) -> Track:
    draws = Draws(seed, 0, f"{course.name}/{nth}")
    return Track(draws, fit, kind_of(draws, fit), course.days)


def _gap(active: Sequence[int], day: int) -> int:
    return day - max(one for one in active if one <= day)


def _held(day: int, real: Sequence[bool], made: Sequence[bool], earlier: Sequence[bool] = ()) -> Held:
    found = proportion(sum(real), len(real))
    assert found, "somebody is there on each day"
    return Held(day, found, sum(made) / max(len(made), 1), sum(earlier) / len(earlier) if earlier else None)


def _work(course: Course, real: Sequence[tuple[PastLearner, list[int]]], made: Sequence[Track], fit: Fitted) -> Held:
    (pathway,) = course.kit.pathways
    dues = [(one.id, one.due.days - 1) for one in pathway.milestones]
    done = [
        any(work.milestone == name for work in one.work) for one, _ in real for name, due in dues if one.is_there(due)
    ]
    expected = [chance(track, due, fit) for track in made for _, due in dues if track.is_there(due)]
    found = proportion(sum(done), len(done))
    assert found, "somebody was there when work was due"
    return Held(dues[-1][1], found, sum(expected) / max(len(expected), 1))
