"""A round explained: why a learner gets whom, what something else would cost, and whether the proof holds.

Calculated anew from the pool that was kept with the draft, and so as of that draft.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from domain.ids import LearnerId, MentorId, ProgramId, RoundId
from domain.matching.certificate import Certificate, Refuted, verify
from domain.matching.explaining import explained, imagined
from domain.matching.explanation import Choice, Explanation, WhatIf
from domain.matching.matched import Matched
from domain.matching.pool import Pool as MatchingPool
from domain.matching.problem import UNMATCHED
from domain.round import RoundState
from domain.round.events import RoundDrafted
from projections.board_filter import Filter
from projections.views import board
from queries.rounds import NoPool, NoSuchRound, NotMatched, round_state
from store import kits, pools
from store.database import Pool
from store.people import names_of
from store.rounds import last_number

_ROUNDS_BACK = 20


@dataclass(frozen=True, slots=True)
class Explained:
    round: RoundId
    draft: int
    explanation: Explanation
    names: Mapping[str, str]
    """Of those whom it mentions, as far as they are known. Personal data."""


@dataclass(frozen=True, slots=True)
class Imagined:
    round: RoundId
    draft: int
    what_if: WhatIf
    names: Mapping[str, str]
    """Of those whom it mentions, as far as they are known. Personal data."""


@dataclass(frozen=True, slots=True)
class Verification:
    round: RoundId
    draft: int
    pool: str
    """The digest of the pool, as it was calculated now."""
    same_pool: bool
    """Whether the draft names that digest."""
    proven: bool
    """Whether the stored certificate proves that the stored pairs are the optimum of this pool."""
    same_pairs: bool
    """Whether the calculation gives the same pairs again."""
    says: str
    """What does not hold; empty when everything does."""

    @property
    def holds(self) -> bool:
        return self.same_pool and self.proven and self.same_pairs


async def explain(
    pool: Pool, learner: LearnerId, program: ProgramId | None = None, number: int | None = None
) -> Explained:
    """Of the round with this number, or the last one with the learner. Raises NoSuchRound, NotMatched, NoPool."""
    state = await _round_with(pool, learner, program, number)
    drafted, matched = await _matched(pool, state)
    told = await asyncio.to_thread(explained, matched, learner)
    names = await names_of(pool, {learner, *matched.roster.column, *_moving(told.choices)})
    return Explained(state.id, drafted.draft, told, names)


async def what_if(
    pool: Pool, learner: LearnerId, mentor: MentorId, program: ProgramId | None = None, number: int | None = None
) -> Imagined:
    """Raises as `explain`, and Rejected for a mentor who is not in the round."""
    state = await _round_with(pool, learner, program, number)
    drafted, matched = await _matched(pool, state)
    told = await asyncio.to_thread(imagined, matched, learner, mentor)
    names = await names_of(pool, {learner, mentor, *_moving((told.choice,))})
    return Imagined(state.id, drafted.draft, told, names)


def _moving(choices: Iterable[Choice]) -> Iterator[str]:
    """Learners and mentors."""
    for one in (move for choice in choices for move in choice.moves):
        yield one.learner
        yield from (mentor for mentor in (one.leaves, one.gets) if mentor)


async def verified(pool: Pool, program: ProgramId, number: int | None = None) -> Verification:
    """Checks the stored certificate against the stored pairs and pool, and calculates the draft again. Raises
    NoSuchRound, NotMatched, NoPool."""
    state = await round_state(pool, program, number)
    drafted, matched = await _stored(pool, state)
    return await asyncio.to_thread(_verify, state, drafted, matched)


def _verify(state: RoundState, drafted: RoundDrafted, matched: Matched) -> Verification:
    stored = _stored_assignment(state, matched)
    certificate = Certificate.model_validate(drafted.certificate.model_dump())
    problem = ""
    try:
        verify(matched.problem, stored, certificate)
    except Refuted as refuted:
        problem = f"the certificate does not hold: {refuted}"
    same_pool = matched.pool.digest == drafted.pool
    same_pairs = bool((matched.solution.mentor_of == stored).all())
    says = [
        "" if same_pool else "the pool that is kept is another one than the draft was made from",
        problem,
        "" if same_pairs else "calculated again, other pairs come out",
    ]
    return Verification(
        round=state.id,
        draft=drafted.draft,
        pool=matched.pool.digest,
        same_pool=same_pool,
        proven=not problem,
        same_pairs=same_pairs,
        says="; ".join(one for one in says if one),
    )


def _stored_assignment(state: RoundState, matched: Matched) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """The columns of the mentors whom the stored draft gives to the learners, in the order of the rows."""
    columns = {one.mentor: column for column, one in enumerate(matched.roster.mentors)}
    pairs = [state.pairs.get(one.journey) for one in matched.roster.candidates]
    return np.array([columns.get(pair.mentor, UNMATCHED) if pair else UNMATCHED for pair in pairs], np.int64)


async def _round_with(pool: Pool, learner: LearnerId, program: ProgramId | None, number: int | None) -> RoundState:
    if program and number:
        return await round_state(pool, program, number)
    programs = [program] if program else await _programs_of(pool, learner)
    for one in programs:
        last = await last_number(pool, one)
        for nth in range(last, max(last - _ROUNDS_BACK, 0), -1):
            state = await round_state(pool, one, nth)
            learners = {pair.learner for pair in state.pairs.values()} | {left.learner for left in state.left.values()}
            if learner in learners:
                return state
    if program and not await last_number(pool, program):
        raise NoSuchRound(program, None)
    where = f" of {program!r}" if program else ""
    raise NotMatched(
        f"no recent round{where} has a learner {learner!r} in its draft; `trellis why JOURNEY` tells what they wait for"
    )


async def _programs_of(pool: Pool, learner: LearnerId) -> list[ProgramId]:
    page = await board.page(pool, Filter(learner=learner), limit=50)
    return list(dict.fromkeys(ProgramId(row.program) for row in page.rows))


async def _matched(pool: Pool, state: RoundState) -> tuple[RoundDrafted, Matched]:
    """As `_stored`, calculated once for several questions."""
    drafted = state.drafted
    if drafted and (matched := _MATCHED.get((drafted.pool, drafted.kit))):
        return drafted, matched
    drafted, matched = await _stored(pool, state)
    _MATCHED[drafted.pool, drafted.kit] = matched
    while len(_MATCHED) > _KEPT:
        _MATCHED.popitem(last=False)
    return drafted, matched


async def _stored(pool: Pool, state: RoundState) -> tuple[RoundDrafted, Matched]:
    drafted = state.drafted
    if drafted is None:
        raise NotMatched(f"round {state.id} has no draft yet; it is being made")
    body = await pools.get(pool, drafted.pool)
    if body is None:
        raise NoPool(state.id)
    found = await asyncio.to_thread(MatchingPool.model_validate_json, body)
    return drafted, Matched(found, await kits.load(pool, drafted.kit))


_KEPT = 2
"""Drafts whose calculation is kept in the process, some 40 MB each for thousands of learners."""
_MATCHED: OrderedDict[tuple[str, str], Matched] = OrderedDict()
