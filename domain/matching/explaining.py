"""Why a learner gets the mentor that they get, and what everything else would cost."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from domain.ids import LearnerId, MentorId
from domain.kit import Kit
from domain.kit.naming import unknown
from domain.matching.assignment import Infeasible, solve
from domain.matching.contributions import contributions, exclusions, points_in_words
from domain.matching.costs import days_waited, price_of_waiting
from domain.matching.explanation import Choice, Exclusion, Explanation, Move, WhatIf
from domain.matching.match import why_unplaced
from domain.matching.matched import Matched
from domain.matching.policy import POINT
from domain.matching.pool import Pool
from domain.matching.problem import UNMATCHED
from domain.refusal import RefusalCode, Rejected
from domain.values import together


class Code(RefusalCode):
    """Why a round cannot explain something."""

    NOT_IN_ROUND = "not_in_round"
    """`who`: the learner or mentor who is not part of it."""


def explain(pool: Pool, kit: Kit, learner: LearnerId) -> Explanation:
    """Raises Rejected when the learner is not in the pool."""
    return explained(Matched(pool, kit), learner)


def what_if(pool: Pool, kit: Kit, learner: LearnerId, mentor: MentorId) -> WhatIf:
    """What it would mean if the learner had this mentor. Raises Rejected when one of them is not in the pool."""
    return imagined(Matched(pool, kit), learner, mentor)


def explained(matched: Matched, learner: LearnerId) -> Explanation:
    """As `explain`, for one of several learners of the same round."""
    row = _row(matched, learner)
    one, column = matched.roster.candidates[row], matched.mentor_of(row)
    why, says = (None, _why_this(matched, row, column)) if column is not None else why_unplaced(matched, row)
    points = matched.scores.points
    return Explanation(
        journey=one.journey,
        learner=learner,
        mentor=matched.roster.mentors[column].mentor if column is not None else None,
        points=int(points[row, column]) / POINT if column is not None else None,
        pinned=row in matched.pins.columns,
        says=says,
        why=why,
        waited_days=days_waited(one, matched.pool.at),
        unmatched_price=price_of_waiting(matched.kit, one, matched.pool.at) / POINT,
        least_points=max(matched.least[row], 0) / POINT,
        contributions=contributions(matched.scores, row, column) if column is not None else (),
        choices=tuple(_choices(matched, row, column)),
        excluded=tuple(_excluded(matched, row)),
        preferring=tuple(matched.roster.mentors[nth].mentor for which, nth in matched.blocking if which == row),
        rank_from_below=_rank_from_below(matched, row, column),
    )


def imagined(matched: Matched, learner: LearnerId, mentor: MentorId) -> WhatIf:
    """As `what_if`, for one of several questions about the same round."""
    row, column = _row(matched, learner), _column(matched, mentor)
    excluded, choice = tuple(exclusions(matched.scores, row, column)), _choice(matched, row, column)
    if not excluded and row not in matched.pins.columns:
        says, possible = choice.says, choice.price is not None
    else:
        price, possible = _price_if_allowed(matched, row, column), False
        why = [one.says for one in excluded] or ["is not the mentor to whom the learner is pinned"]
        says = f"{mentor} {together(why)}{_if_allowed(mentor, price)}."
    return WhatIf(learner=learner, mentor=mentor, possible=possible, excluded=excluded, choice=choice, says=says)


def _if_allowed(mentor: MentorId, price: int | None) -> str:
    """The end of a sentence that names what excludes the mentor."""
    if price is None:
        return ", and no place could be made free"
    spares = (
        f"save {points_in_words(-price)}" if price < 0 else f"cost {points_in_words(price) if price else 'nothing'}"
    )
    return f"; if that were allowed, {mentor} would {spares}"


def _row(matched: Matched, learner: LearnerId) -> int:
    if rows := matched.roster.rows.get(learner):
        return rows[0]
    raise _not_in_round("learner", learner, matched.roster.rows)


def _column(matched: Matched, mentor: MentorId) -> int:
    if mentor in matched.roster.column:
        return matched.roster.column[mentor]
    raise _not_in_round("mentor", mentor, matched.roster.column)


def _not_in_round(kind: str, who: str, known: Iterable[str]) -> Rejected:
    return Rejected(Code.NOT_IN_ROUND, unknown(kind, who, known, "this round"), {"who": who})


def _why_this(matched: Matched, row: int, column: int) -> str:
    """In a sentence: whether a better one was possible, and what kept the learner from it."""
    mentors, points = matched.roster.mentors, matched.scores.points[row]
    fit = points_in_words(int(points[column]))
    if row in matched.pins.columns:
        return f"{mentors[column].mentor} was set by a person, and fits with {fit}."
    possible = np.flatnonzero(matched.scores.possible[row]).tolist()
    better = [nth for nth in possible if points[nth] > points[column]]
    of = "the only mentor who is possible" if len(possible) == 1 else f"the best of {len(possible)} who are possible"
    if not better:
        return f"{mentors[column].mentor} fits with {fit}, {of}."
    best = max(better, key=lambda nth: (points[nth], -nth))
    fits = f"{mentors[column].mentor} fits with {fit}. {mentors[best].mentor} would fit with"
    return f"{fits} {points_in_words(int(points[best]))}: {_choice(matched, row, best).says}"


def _choices(matched: Matched, row: int, column: int | None) -> list[Choice]:
    """Everybody else who is possible, and nobody, the cheapest first."""
    others = [int(nth) for nth in np.flatnonzero(matched.scores.possible[row]) if nth != column]
    found = [_choice(matched, row, nth) for nth in others]
    if column is not None:
        found.append(_choice(matched, row, None))
    return sorted(found, key=lambda one: (one.price is None, one.price, -(one.points or 0), one.mentor or ""))


def _choice(matched: Matched, row: int, column: int | None) -> Choice:
    number = UNMATCHED if column is None else column
    price = matched.solution.prices.of(row, number)
    moves = () if price is None else tuple(_moves(matched, row, number))
    mentor = None if column is None else matched.roster.mentors[column].mentor
    return Choice(
        mentor=mentor,
        points=None if column is None else int(matched.scores.points[row, column]) / POINT,
        price=None if price is None else price / POINT,
        moves=moves,
        says=_in_words(mentor, price, moves, matched.mentor_of(row), column),
        contributions=() if column is None else contributions(matched.scores, row, column),
    )


def _moves(matched: Matched, row: int, number: int) -> Iterator[Move]:
    """Those of the others."""
    for one in matched.solution.prices.moves(row, number)[1:]:
        learner = matched.roster.candidates[one.learner].learner
        yield Move(learner=learner, leaves=_name(matched, one.mentor), gets=_name(matched, one.instead))


def _name(matched: Matched, number: int) -> MentorId | None:
    return None if number == UNMATCHED else matched.roster.mentors[number].mentor


def _in_words(
    mentor: MentorId | None, price: int | None, moves: Sequence[Move], now: int | None, column: int | None
) -> str:
    if column == now:
        return f"{mentor} is the mentor of this draft." if mentor else "The learner gets nobody in this draft."
    instead = f"{mentor} instead" if now is not None else f"{mentor}"
    choice = instead if mentor else "No mentor for now"
    if price is None:
        return f"{choice} cannot be had: a pin holds the place."
    costs = f"{choice} would cost {points_in_words(price)}" if price else f"{choice} would cost nothing"
    return f"{costs}: {together(map(_move_in_words, moves))}." if moves else f"{costs}, and nobody else would move."


def _move_in_words(move: Move) -> str:
    if move.gets is None:
        return f"{move.learner} would be left without a mentor"
    return f"{move.learner} would go to {move.gets}" if move.leaves else f"{move.learner} would get {move.gets}"


def _excluded(matched: Matched, row: int) -> Iterator[Exclusion]:
    for column in np.flatnonzero(~matched.scores.possible[row]):
        yield from exclusions(matched.scores, row, int(column))


def _rank_from_below(matched: Matched, row: int, column: int | None) -> int | None:
    if column is None:
        return None
    points, mentor_of = matched.scores.points, matched.solution.mentor_of
    placed = np.flatnonzero(mentor_of != UNMATCHED)
    return int((points[placed, mentor_of[placed]] < points[row, column]).sum()) + 1


def _price_if_allowed(matched: Matched, row: int, column: int) -> int | None:
    """Solved anew, with this pair allowed and set; None when the mentor has no place that can be made free."""
    pins = {one: pinned for one, pinned in matched.pins.columns.items() if one != row}
    try:
        solution = solve(matched.problem_with(pins | {row: column}, allowed=(row, column)))
    except Infeasible:
        return None
    return solution.objective - matched.solution.objective
