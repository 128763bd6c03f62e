"""The figures of one replication: a number for each measure, by its name."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from statistics import median
from typing import Literal, NamedTuple

from domain.kit import Kit
from rehearsal.player.program import Played, WeekOfMentors
from rehearsal.player.tally import Tally
from rehearsal.report.asking import for_each_learner, response

Unit = Literal["share", "days", "hours", "count"]
Figures = Mapping[str, float | None]
"""By the name of the measure. None: there was nothing to measure it by."""

COMPLETION = "completion"
_DAY, _HOUR, _WEEK = timedelta(days=1), timedelta(hours=1), timedelta(weeks=1)


class Measure(NamedTuple):
    name: str
    title: str
    unit: Unit
    better: Literal["more", "less"]
    says: str
    """What is counted, of what."""
    of: Callable[[Kit, Played], float | None]


def figures(kit: Kit, played: Played) -> Figures:
    return {one.name: one.of(kit, played) for one in MEASURES}


def censored(played: Played) -> list[Tally]:
    """Those whose journeys are still open at the end: what becomes of them is not known."""
    return [one for one in played.tallies if one.ending is None]


def _share(count: int, of: int) -> float | None:
    return count / of if of else None


def _completion(_: Kit, played: Played) -> float | None:
    ended = [one for one in played.tallies if one.ending]
    return _share(sum(one.ending == "completed" for one in ended), len(ended))


def _of_all(happened: Callable[[Tally], object]) -> Callable[[Kit, Played], float | None]:
    return lambda _, played: _share(sum(bool(happened(one)) for one in played.tallies), len(played.tallies))


def _waits(played: Played) -> list[float]:
    """From the approval to the match, in days; of those who wait still, up to the end."""
    return [
        ((one.matched_at or one.closed_at or played.ended_at) - one.approved_at) / _DAY
        for one in played.tallies
        if one.approved_at
    ]


def quantile(values: Iterable[float], share: float) -> float | None:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


def _wait(_: Kit, played: Played) -> float | None:
    waits = _waits(played)
    return median(waits) if waits else None


def _long_wait(_: Kit, played: Played) -> float | None:
    return quantile(_waits(played), 0.9)


def _utilization(_: Kit, played: Played) -> float | None:
    shares = [one.share for week in played.weeks for one in week.use]
    return sum(shares) / len(shares) if shares else None


def mean_share(week: WeekOfMentors) -> float:
    return sum(one.share for one in week.use) / len(week.use) if week.use else 0.0


def _peak(_: Kit, played: Played) -> float | None:
    return max(map(mean_share, played.weeks), default=None)


def overloaded(week: WeekOfMentors) -> float:
    """The share of mentors who are over their limit."""
    return sum(one.use == "over_limit" for one in week.use) / len(week.use) if week.use else 0.0


def _overload(_: Kit, played: Played) -> float | None:
    return max(map(overloaded, played.weeks), default=None)


def _answers(played: Played) -> list[float]:
    """How long somebody waited for a person, in hours; without an answer, up to the end."""
    found: list[float] = []
    for one in played.tallies:
        end = one.closed_at or played.ended_at
        found += [((case.answered_at or end) - case.opened_at) / _HOUR for case in one.cases]
    return found


def _answer(_: Kit, played: Played) -> float | None:
    hours = _answers(played)
    return median(hours) if hours else None


def _late_answers(_: Kit, played: Played) -> float | None:
    cases = [(case, one.closed_at or played.ended_at) for one in played.tallies for case in one.cases]
    return _share(sum((case.answered_at or end) > case.due_at for case, end in cases), len(cases))


def _escalations(_: Kit, played: Played) -> float | None:
    return _share(sum(sum(one.fired.values()) for one in played.tallies), len(played.tallies))


def _weeks_of(played: Played) -> float:
    return sum(((one.closed_at or played.ended_at) - one.came_at) / _WEEK for one in played.tallies)


def _letters(_: Kit, played: Played) -> float | None:
    weeks = _weeks_of(played)
    return sum(one.letters["learner"] for one in played.tallies) / weeks if weeks else None


def _busiest(_: Kit, played: Played) -> float | None:
    return quantile([max(one.weeks.values(), default=0) for one in played.tallies], 0.9)


def _missed(_: Kit, played: Played) -> float | None:
    missed = sum(one.missed for one in played.tallies)
    return _share(missed, missed + sum(one.held for one in played.tallies))


def _matched(_: Kit, played: Played) -> float | None:
    approved = [one for one in played.tallies if one.approved_at]
    return _share(sum(one.matched_at is not None for one in approved), len(approved))


def _censored(_: Kit, played: Played) -> float | None:
    return _share(len(censored(played)), len(played.tallies))


def _in_groups(_: Kit, played: Played) -> float | None:
    approved = sum(one.approved_at is not None for one in played.tallies)
    return _share(played.groups.members, approved) if played.groups else None


def _came(_: Kit, played: Played) -> float | None:
    groups = played.groups
    return _share(groups.came, groups.came + groups.stayed_away) if groups else None


MEASURES: Sequence[Measure] = (
    Measure(
        COMPLETION, "Completion", "share", "more", "completed, of all journeys that have ended by then", _completion
    ),
    Measure("matched", "Matched", "share", "more", "have had a mentor, of all who were approved", _matched),
    Measure("wait_median", "Wait for a mentor", "days", "less", "from approval to match, half wait longer", _wait),
    Measure("wait_p90", "Long wait for a mentor", "days", "less", "one in ten waits longer than this", _long_wait),
    Measure("missed", "Sessions missed", "share", "less", "of sessions held or missed", _missed),
    Measure("utilization", "Mentors in use", "share", "more", "mean over mentors and weeks", _utilization),
    Measure("utilization_peak", "Busiest week of mentors", "share", "less", "mean over mentors", _peak),
    Measure("overload", "Overloaded mentors", "share", "less", "over their limit, in the worst week", _overload),
    Measure("escalations", "Escalations", "count", "less", "for each learner", _escalations),
    Measure("answer_median", "Wait for a person", "hours", "less", "from the opening of a case to an answer", _answer),
    Measure("answer_late", "Answered late", "share", "less", "of cases: later than the kit promises", _late_answers),
    Measure("letters_week", "Letters a week", "count", "less", "to each learner", _letters),
    Measure("letters_busiest", "Letters in the busiest week", "count", "less", "one learner in ten has more", _busiest),
    Measure("in_groups", "In a group", "share", "more", "were in one, of all who were approved", _in_groups),
    Measure("came", "Came to meetings of groups", "share", "more", "of members, over all meetings", _came),
    Measure("surveys", "Surveys asked", "count", "less", "of each learner, reminders not counted", for_each_learner),
    Measure(
        "answered", "Surveys answered", "share", "more", "by learners, of those that are over", response("learner")
    ),
    Measure(
        "answered_mentors", "Surveys answered by mentors", "share", "more", "of those that are over", response("mentor")
    ),
    Measure(
        "open", "Not over yet", "share", "less", "journeys still open at the end: their ending is unknown", _censored
    ),
)


class Step(NamedTuple):
    """How many come so far."""

    title: str
    many: int
    share: float


def funnel(played: Played) -> list[Step]:
    everybody = len(played.tallies)
    steps: Sequence[tuple[str, Callable[[Tally], object]]] = (
        ("Came", lambda _: True),
        ("Sent in the intake", lambda one: one.submitted_at),
        ("Were approved", lambda one: one.approved_at),
        ("Got a mentor", lambda one: one.matched_at),
        ("Met their mentor", lambda one: one.met_at),
        ("Came to the wrap-up", lambda one: one.wrapped_up_at),
        ("Completed", lambda one: one.ending == "completed"),
    )
    counted = [(title, sum(bool(holds(one)) for one in played.tallies)) for title, holds in steps]
    return [Step(title, many, many / everybody if everybody else 0.0) for title, many in counted]
