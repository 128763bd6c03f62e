"""The activities of a round of reviews: draw a sample and begin, and close what is settled or over.

Both can be repeated at any time. Contract: workflows/quality_activities.py.
"""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from domain.ids import KitDigest, ProgramId, round_id
from domain.kit import Kit
from domain.quality import reviews as r
from domain.quality.sampling import RULE, Sample, sample
from domain.refusal import Rejected
from kits.lookup import NoSuchProgram, newest
from projections.views.qa_samples import candidates
from store.database import Pool
from store.rounds import last_number_of
from store.transact import given, read, transact
from workflows.journey_activities import NO_SUCH_KIT
from workflows.quality_activities import BEGIN_REVIEWS, CLOSE_REVIEWS, BeginReviews, CloseReviews, Reviews

log = structlog.get_logger()

_NONE = Reviews(round=None)


class QualityRounds:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @property
    def all(self) -> Sequence[Callable[..., Any]]:
        return (self.begin, self.close)

    @activity.defn(name=BEGIN_REVIEWS)
    async def begin(self, wanted: BeginReviews) -> Reviews:
        """A number is taken by appending to the stream of that name while there is none, so no two rounds share one."""
        last = await self._last(wanted.program, wanted.at)
        if last and (last.is_open or last.begun.run == wanted.run):
            return _found(last)
        kit = await self._newest(wanted.program)
        if kit.quality is None:
            return _NONE
        return await self._begin(kit, wanted, last)

    @activity.defn(name=CLOSE_REVIEWS)
    async def close(self, wanted: CloseReviews) -> Reviews:
        command = r.CloseReviews()
        done = await transact(self._pool, r.qa_stream(wanted.round), r.REVIEWS, command, wanted.at, meta=given(command))
        assert done.after.state, "a round that can be closed has begun"
        if done.events:
            log.info("qa_round_closed", round=wanted.round)
        return _found(done.after.state)

    async def _newest(self, program: ProgramId) -> Kit:
        """Raises a non-retryable ApplicationError when the program has published no kit."""
        try:
            return await newest(self._pool, program)
        except NoSuchProgram as error:
            raise ApplicationError(str(error), type=NO_SUCH_KIT, non_retryable=True) from error

    async def _last(self, program: ProgramId, at: datetime) -> r.RoundState | None:
        """The last round. One whose time is over, and whose workflow was lost, is closed."""
        number = await last_number_of(self._pool, "qa", program)
        if not number:
            return None
        stream = r.qa_stream(round_id(program, number))
        state = (await read(self._pool, stream, r.REVIEWS)).state
        if state and state.is_open and state.begun.closes_at <= at:
            return (await transact(self._pool, stream, r.REVIEWS, r.CloseReviews(), at)).after.state
        return state

    async def _begin(self, kit: Kit, wanted: BeginReviews, last: r.RoundState | None) -> Reviews:
        terms = kit.quality
        assert terms
        until = wanted.at - terms.settle
        since = max(last.begun.until, until - terms.every_mentor_within) if last else until - terms.every
        held = await candidates(self._pool, kit.program, since, until, terms.low_mark) if since < until else []
        if not held:
            return _NONE
        seed = hashlib.sha256(f"{kit.program}:{wanted.run}".encode()).hexdigest()[:16]
        drawn = await asyncio.to_thread(sample, held, terms, seed, wanted.at)
        number = last.begun.number + 1 if last else 1
        while True:
            begun = _begun(kit, wanted, drawn, number=number, span=(since, until), seed=seed)
            command = r.BeginReviews(begun=begun, chosen=tuple(drawn.chosen))
            stream = r.qa_stream(round_id(kit.program_id, number))
            try:
                done = await transact(self._pool, stream, r.REVIEWS, command, wanted.at, meta=given(command))
            except Rejected:
                number += 1
                continue
            assert done.after.state
            log.info("qa_round_begun", round=done.after.state.id, sampled=begun.sampled, sessions=begun.sessions)
            return _found(done.after.state)


def _begun(
    kit: Kit, wanted: BeginReviews, drawn: Sample, *, number: int, span: tuple[datetime, datetime], seed: str
) -> r.RoundBegun:
    terms = kit.quality
    assert terms
    twice = sum(one.is_twin for one in drawn.chosen)
    return r.RoundBegun(
        at=wanted.at,
        program=kit.program_id,
        number=number,
        run=wanted.run,
        kit=KitDigest(kit.digest),
        rule=RULE,
        seed=seed,
        since=span[0],
        until=span[1],
        closes_at=wanted.at + terms.open_for,
        minutes=terms.minutes,
        minutes_a_review=terms.minutes_a_review,
        sessions=drawn.sessions,
        mentors=drawn.mentors,
        sampled=len(drawn.chosen) - twice,
        twice=twice,
        mentors_left=len(drawn.left),
        left=r.named(drawn.left),
    )


def _found(state: r.RoundState) -> Reviews:
    return Reviews(round=state.id, closes_at=state.begun.closes_at, items=len(state.items), is_open=state.is_open)
