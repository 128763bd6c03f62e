"""Courses of the past, invented: two terms of one module, with learners whose trouble shows in their activity."""

from datetime import UTC, datetime
from random import Random

from domain.kit import Kit
from rehearsal.backtest.history import Course, History, PastLearner, Work
from scenarios.oulad.kit import make_kit, milestone_id
from scenarios.oulad.tables import Assessment, Presentation

_DAYS = 60
_WORK = {"1": 10, "2": 40}
TERMS = ("2013J", "2014J")


def kit_of(term: str) -> Kit:
    assessments = tuple(Assessment(name, "TMA", due) for name, due in _WORK.items())
    return make_kit(Presentation("AAA", term, _DAYS, (), assessments, (), ()))


def learner(name: str, active: range | list[int] = range(0), **changes: object) -> PastLearner:
    usual: dict[str, object] = {
        "mentor": "m-1",
        "registered": -5,
        "left": None,
        "succeeded": True,
        "work": [],
        "traits": {"previous attempts": 0, "credits": 60, "level of education": 2},
    }
    return PastLearner(learner=name, active=dict.fromkeys(active, 5), **{**usual, **changes})  # type: ignore[arg-type]


def course(term: str, learners: list[PastLearner]) -> Course:
    starts_at = datetime(int(term[:4]), 10, 1, tzinfo=UTC)
    return Course(f"AAA/{term}", term, starts_at, _DAYS, kit_of(term), 40.0, learners)


def history(each: int = 300) -> History:
    """In each term, some fade away and mostly leave, and the others stay and mostly pass."""
    return History("invented courses", "nobody", [course(term, _learners(term, each)) for term in TERMS], [])


def _learners(term: str, count: int) -> list[PastLearner]:
    drawn = Random(term)  # noqa: S311  (nothing secret)
    return [_drawn(f"{term}-{nth}", nth, drawn) for nth in range(count)]


def _drawn(name: str, nth: int, drawn: Random) -> PastLearner:
    fades = drawn.random() < 0.4
    last = drawn.randrange(5, 40) if fades else _DAYS
    active = sorted(day for day in range(last) if drawn.random() < 0.5)
    left = drawn.randrange(last, _DAYS) if fades and drawn.random() < 0.6 else None
    work = [
        Work(milestone_id(one), due, 70.0, due + 5) for one, due in _WORK.items() if due < last and drawn.random() < 0.9
    ]
    succeeded = left is None and drawn.random() < (0.2 if fades else 0.85)
    return learner(name, active, mentor=f"m-{nth // 20}", left=left, work=work, succeeded=succeeded)
