"""The draft of a round: who gets which mentor, who gets none and why, and how good it is."""

from collections.abc import Iterator

import numpy as np

from domain.kit import Kit
from domain.matching.contributions import contributions, points_in_words, weakest
from domain.matching.costs import price_of_waiting
from domain.matching.draft import Draft, Obstacle, Preferring, Proposed, Unplaced, Why, WorstOff
from domain.matching.matched import Matched
from domain.matching.policy import POINT
from domain.matching.pool import Pool
from domain.matching.scores import LEAST_POINTS
from domain.matching.strange_words import strange_words
from domain.values import counted, together
from domain.words import plain

_WORST_OFF = 10
_PREFERRING = 20
_RULES_NAMED = 4


def match(pool: Pool, kit: Kit) -> Draft:
    """The best assignment, the same for any order of the pool's rows. Raises BadProblem where costs are too large."""
    return draft_of(Matched(pool, kit))


def draft_of(matched: Matched) -> Draft:
    pairs = tuple(_proposed(matched))
    return Draft(
        program=matched.pool.program,
        kit=matched.pool.kit,
        pool=matched.pool.digest,
        at=matched.pool.at,
        pairs=pairs,
        unplaced=tuple(_unplaced(matched)),
        certificate=matched.solution.certificate,
        mean_points=round(sum(one.points for one in pairs) / len(pairs), 2) if pairs else None,
        worst_off=tuple(_worst_off(matched)),
        preferring=tuple(_preferring(matched, row, column) for row, column in matched.blocking[:_PREFERRING]),
        preferring_in_all=len(matched.blocking),
        obstacles=tuple(_obstacles(matched)),
        remarks=tuple(_remarks(matched)),
    )


def _remarks(matched: Matched) -> Iterator[str]:
    yield from matched.policy.remarks
    yield from matched.scores.silent
    yield from strange_words(matched.kit, matched.roster.mentors)
    yield from matched.pins.remarks


def _proposed(matched: Matched) -> Iterator[Proposed]:
    for row, one in enumerate(matched.roster.candidates):
        column = matched.mentor_of(row)
        if column is not None:
            yield Proposed(
                journey=one.journey,
                learner=one.learner,
                mentor=matched.roster.mentors[column].mentor,
                points=int(matched.scores.points[row, column]) / POINT,
                pinned=row in matched.pins.columns,
            )


def _unplaced(matched: Matched) -> Iterator[Unplaced]:
    for row, one in enumerate(matched.roster.candidates):
        if matched.mentor_of(row) is None:
            why, says = why_unplaced(matched, row)
            excluded = matched.scores.excluded_for(row)
            yield Unplaced(journey=one.journey, learner=one.learner, why=why, says=says, excluded=excluded)


def why_unplaced(matched: Matched, row: int) -> tuple[Why, str]:
    """Why a learner gets nobody, as a code and in a sentence."""
    scores, mentors = matched.scores, len(matched.roster.mentors)
    if not mentors:
        return "excluded", "There is no mentor in this round."
    if possible := int(scores.possible[row].sum()):
        fitting = "1 mentor fits" if possible == 1 else f"{possible} mentors fit"
        price = points_in_words(price_of_waiting(matched.kit, matched.roster.candidates[row], matched.pool.at))
        return "no_place", f"{fitting}, but every place would cost more in all than waiting, which costs {price} today."
    too_few = scores.reasons[row] == 1 << scores.names.index(LEAST_POINTS)
    if too_few.any():
        best, least = int(scores.points[row][too_few].max()), matched.least[row]
        return "below_least", f"The best fit has {points_in_words(best)}; {points_in_words(least)} are wanted today."
    counts = [one for one in scores.excluded_for(row).items() if one[0] != LEAST_POINTS]
    named = together(f"{plain(name)} {many:,}" for name, many in counts[:_RULES_NAMED])
    return "excluded", f"Rules exclude all {counted(mentors, 'mentor')}: {named}."


def _worst_off(matched: Matched) -> Iterator[WorstOff]:
    points, rows = matched.scores.points, range(len(matched.roster.candidates))
    placed = [(row, column) for row in rows if (column := matched.mentor_of(row)) is not None]
    for row, column in sorted(placed, key=lambda cell: (points[cell], cell))[:_WORST_OFF]:
        yield WorstOff(
            learner=matched.roster.candidates[row].learner,
            mentor=matched.roster.mentors[column].mentor,
            points=int(points[row, column]) / POINT,
            says=weakest(contributions(matched.scores, row, column)),
        )


def _preferring(matched: Matched, row: int, column: int) -> Preferring:
    learner, mentor = matched.roster.candidates[row].learner, matched.roster.mentors[column].mentor
    points, now = matched.scores.points, matched.mentor_of(row)
    has = "nobody" if now is None else f"{matched.roster.mentors[now].mentor} with {_said(points[row, now])}"
    theirs = [points[other, column] for other in np.flatnonzero(matched.solution.mentor_of == column)]
    least = f"{mentor}'s learners begin at {_said(min(theirs))}" if theirs else f"{mentor} has no learner"
    says = f"{learner} and {mentor} fit with {_said(points[row, column])}: {learner} gets {has}, {least}."
    return Preferring(learner=learner, mentor=mentor, points=int(points[row, column]) / POINT, says=says)


def _said(points: np.int32) -> str:
    return points_in_words(int(points))


def _obstacles(matched: Matched) -> Iterator[Obstacle]:
    scores = matched.scores
    pairs = scores.points.size
    for name, many in sorted(scores.excluded.items(), key=lambda one: (-one[1], one[0])):
        if many:
            alone = scores.alone(name)
            shares = f"{many / pairs:.0%} of all pairs, {alone / pairs:.0%} by itself"
            says = f"{plain(name).capitalize()} makes {shares}, impossible."
            yield Obstacle(rule=name, pairs=many, alone=alone, says=says)
