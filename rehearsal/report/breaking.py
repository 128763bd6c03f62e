"""What breaks first: the week from which a promise of the program does not hold for one in ten."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import NamedTuple

from domain.kit import Kit
from rehearsal.player.program import Played
from rehearsal.report.figures import overloaded

SHARE = 0.1
_FEW = 5
"""Of fewer than so many in a week nothing is said."""
_WEEK = timedelta(weeks=1)


class Break(NamedTuple):
    what: str
    week: int
    """From 1, the first in which it is so."""


class Breaking(NamedTuple):
    """Of several replications."""

    what: str
    week: float
    """The median of those in which it breaks."""
    share: float
    """Of the replications."""


def breaks(kit: Kit, played: Played) -> list[Break]:
    """Those that break, the earliest first."""
    found = [Break(what, week) for what, week in _breaks(kit, played) if week is not None]
    return sorted(found, key=lambda one: one.week)


def over_all(each: Sequence[Sequence[Break]]) -> list[Breaking]:
    """The earliest first, of those that break in half of the replications; then the others."""
    weeks: dict[str, list[int]] = defaultdict(list)
    for those in each:
        for one in those:
            weeks[one.what].append(one.week)
    found = [Breaking(what, median(when), len(when) / len(each)) for what, when in weeks.items()]
    return sorted(found, key=lambda one: (one.share < 0.5, one.week))


def _breaks(kit: Kit, played: Played) -> Iterator[tuple[str, int | None]]:
    yield "mentors are over their limit", _first_of_mentors(played)
    yield "learners find no mentor in a round of matching", _first_round(played)
    level = kit.service_levels.match
    late_match = _first(
        played,
        (
            (one.approved_at, (one.matched_at or one.closed_at or played.ended_at) - one.approved_at > level)
            for one in played.tallies
            if one.approved_at
        ),
    )
    yield "learners wait longer for a mentor than the kit promises", late_match
    cases = (
        (case.opened_at, (case.answered_at or one.closed_at or played.ended_at) > case.due_at)
        for one in played.tallies
        for case in one.cases
    )
    yield "cases are answered later than the kit promises", _first(played, cases)


def _first_of_mentors(played: Played) -> int | None:
    return next((nth for nth, week in enumerate(played.weeks, 1) if overloaded(week) >= SHARE), None)


def _first_round(played: Played) -> int | None:
    without = dict(played.without_room)
    for at, waiting in played.waiting:
        if waiting >= _FEW and without[at] >= SHARE * waiting:
            return _week(played, at)
    return None


def _first(played: Played, those: Iterable[tuple[datetime, bool]]) -> int | None:
    seen: dict[int, list[bool]] = defaultdict(list)
    for at, is_late in those:
        seen[_week(played, at)].append(is_late)
    bad: Callable[[list[bool]], bool] = lambda late: len(late) >= _FEW and sum(late) >= SHARE * len(late)  # noqa: E731
    return min((week for week, late in seen.items() if bad(late)), default=None)


def _week(played: Played, at: datetime) -> int:
    return int((at - played.began_at) / _WEEK) + 1
