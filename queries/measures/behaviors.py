"""Which behaviors of mentors go with momentum of their learners (R67). No mentor is named."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analysis.clustered import Cell, difference
from analysis.samples import SHARES
from queries.measures.comparisons import LEAST_JOURNEYS, LEAST_MENTORS, Adjusted, Group, adjusted, widened

BEHAVIORS: Mapping[str, str] = {
    "follow_up": "Sends at least 3 of 4 follow-ups in time",
    "notes": "Writes at least 3 of 4 notes in time",
    "check_ins": "Makes at least 3 of 4 check-ins in time",
    "next_steps": "Leaves two or more next steps, each with an owner and a day",
    "response": "Answers as quickly as the quicker half: attendance, notes, follow-ups, reviews",
}
MOMENTUM: Mapping[str, str] = {
    "active_weeks": "Share of weeks with a sign of the learner",
    "milestones_in_time": "Share of milestones handed in on time",
    "stayed": "Share still there after eight weeks, or completed",
}


@dataclass(frozen=True, slots=True)
class BehaviorAssociation:
    behavior: str
    behavior_title: str
    momentum: str
    momentum_title: str
    showing: Group
    """Journeys whose mentor showed the behavior on them."""
    lacking: Group
    mentors_showing: int
    mentors_lacking: int
    difference: Adjusted | None
    """Null with too little evidence."""
    stands_out: bool


def behaviors(cells: Mapping[tuple[str, str], Sequence[Cell]]) -> tuple[list[BehaviorAssociation], float]:
    """Each behavior with each sign of momentum, and the confidence of each interval."""
    confidence = widened(sum(map(_enough, cells.values())))
    found = [
        _behavior(behavior, momentum, cells.get((behavior, momentum), ()), confidence)
        for behavior in BEHAVIORS
        for momentum in MOMENTUM
    ]
    return found, confidence


def _enough(cells: Iterable[Cell]) -> bool:
    listed = list(cells)
    return all(
        sum(one.n for one in listed if one.having is side) >= LEAST_JOURNEYS
        and len({one.cluster for one in listed if one.having is side}) >= LEAST_MENTORS
        for side in (True, False)
    )


def _behavior(behavior: str, momentum: str, cells: Sequence[Cell], confidence: float) -> BehaviorAssociation:
    found = adjusted(difference(cells, confidence, SHARES) if _enough(cells) else None)
    return BehaviorAssociation(
        behavior=behavior,
        behavior_title=BEHAVIORS[behavior],
        momentum=momentum,
        momentum_title=MOMENTUM[momentum],
        showing=_of_cells(cells, having=True),
        lacking=_of_cells(cells, having=False),
        mentors_showing=len({one.cluster for one in cells if one.having}),
        mentors_lacking=len({one.cluster for one in cells if not one.having}),
        difference=found,
        stands_out=bool(found and found.stands_out),
    )


def _of_cells(cells: Iterable[Cell], *, having: bool) -> Group:
    those = [one for one in cells if one.having is having]
    n = sum(one.n for one in those)
    return Group(n, sum(one.total for one in those) / n if n else None)
