"""The activities of a round of matching: begin it, obey commands, make the draft, send what was released, withdraw it.

Each can be repeated at any time: what was done stands in the stream of the round, or is recognized by its journey.
Contracts: workflows/round_activities.py.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import structlog
from pydantic import TypeAdapter, ValidationError
from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError

from activities.clock import Clock, machine_time
from activities.collecting import Collector
from activities.heartbeats import heartbeats
from activities.proposing import AT_ONCE, Answer, Proposer
from client.journeys import JourneyClient
from domain.ids import JourneyId, KitDigest, ProgramId, RoundId, round_id, round_stream
from domain.kit import Kit
from domain.matching.drafting import calculate
from domain.matching.pool import Pool as MatchingPool
from domain.matching.problem import BadProblem
from domain.refusal import Rejected
from domain.round import (
    ROUND,
    AllowPair,
    BeginRound,
    DiscardRound,
    DraftAgain,
    EnterProposals,
    EnterWithdrawals,
    FinishSending,
    ForbidPair,
    PinPair,
    ReleaseRound,
    RoundCommand,
    RoundState,
    UnpinPair,
)
from domain.round import events as e
from domain.round.decide import Code
from projections.views import board
from store import kits, pools
from store.database import Pool
from store.errors import KitNotReadable
from store.rounds import last_number
from store.transact import Snapshot, given, read, transact
from workflows.contract import RoundStatus
from workflows.journey_activities import NO_SUCH_KIT
from workflows.refusals import Code as Misfit
from workflows.refusals import refused
from workflows.round_activities import (
    AGAIN,
    ALLOW,
    ASK_ROUND,
    BEGIN_ROUND,
    DISCARD,
    DRAFT_ROUND,
    FINISH,
    FORBID,
    LOAD_ROUND,
    PIN,
    RELEASE,
    SEND_ROUND,
    SILENCE,
    UNPIN,
    WITHDRAW_ROUND,
    AskRound,
    FindRound,
    OneRound,
    RoundFound,
)

log = structlog.get_logger()

COMMANDS: Mapping[str, type[RoundCommand]] = {
    PIN: PinPair,
    UNPIN: UnpinPair,
    FORBID: ForbidPair,
    ALLOW: AllowPair,
    AGAIN: DraftAgain,
    RELEASE: ReleaseRound,
    DISCARD: DiscardRound,
    FINISH: FinishSending,
}
"""By the name of the update."""
_CHUNK = 64
"""Journeys between two entries in the stream of the round."""
_LAST_ATTEMPT_AT_SILENCE = 4
"""From this attempt on, a journey that does not answer is entered as such, and the round goes on."""
_LONGEST = 500
_NO_ANSWER = e.Refused(code="not_answering", says="the journey does not answer; `trellis doctor` tells why")

Known = Snapshot[RoundState | None]


class StillSending(Exception):
    """The round is taken back while it is being sent; what was sent can be withdrawn once that has stopped."""


class Rounds:
    def __init__(self, pool: Pool, temporal: Client, clock: Clock | None = None) -> None:
        """`clock`: in a play, the time of its scenario."""
        self._pool = pool
        self._journeys = JourneyClient(temporal, at=clock)
        self._now = clock or machine_time
        self._at_once = 1 if clock else AT_ONCE  # in a play, who asks first decides

    @property
    def all(self) -> Sequence[Callable[..., Any]]:
        return (self.begin, self.load, self.ask, self.draft, self.send, self.withdraw)

    @activity.defn(name=BEGIN_ROUND)
    async def begin(self, wanted: FindRound) -> RoundFound:
        """A number is taken by appending to the stream of that name while there is none, so no two rounds share one."""
        _, kit = await self._newest(wanted.program)
        if not await board.unmatched(self._pool, wanted.program, 1):
            return RoundFound(status=None)
        rounds = kit.matching.rounds
        begin = BeginRound(
            program=wanted.program,
            number=max(await last_number(self._pool, wanted.program), 1),
            cause=wanted.cause,
            released_by="ops" if rounds is None or wanted.cause == "demand" else rounds.released_by,
            run=wanted.run,
        )
        while True:
            try:
                begun = await self._decide(round_id(begin.program, begin.number), begin)
            except Rejected as refusal:
                if refusal.code != Code.NUMBER_TAKEN:
                    raise
                begin = begin.model_copy(update={"number": begin.number + 1})
            else:
                log.info("round_begun", round=round_id(begin.program, begin.number), cause=begin.cause)
                return RoundFound(status=status_of(begun))

    @activity.defn(name=LOAD_ROUND)
    async def load(self, one: OneRound) -> RoundStatus:
        return status_of(await self._read(one.round))

    @activity.defn(name=ASK_ROUND)
    async def ask(self, asked: AskRound) -> RoundStatus:
        """Raises a non-retryable ApplicationError of type Rejected when the round refuses it."""
        try:
            command, known = _command(asked), await self._read(asked.round)
            if isinstance(command, PinPair | ForbidPair):
                await self._require_in_pool(_state(known), command)
            return status_of(await self._decide(asked.round, command, known))
        except Rejected as refusal:
            raise refused(refusal.message, refusal.code, refusal.data) from refusal

    @activity.defn(name=DRAFT_ROUND)
    async def draft(self, one: OneRound) -> RoundStatus:
        """Reads who waits, calculates apart from the event loop, keeps the pool, and records the draft. Where it can
        never be made, the round is discarded with the reason."""
        known = await self._read(one.round)
        state = _state(known)
        if state.next_step != "draft":
            return status_of(known)  # an earlier attempt has recorded it
        told: list[Any] = []
        async with heartbeats(SILENCE, lambda: told):
            digest, kit = await self._newest(state.program)
            collector = Collector(self._pool, kit, digest, self._now())

            def progress(done: int, of: int) -> None:
                told[:] = ["reading journeys", done, of]

            pool = await collector.collect(state, progress)
            told[:] = ["matching", len(pool.candidates), len(pool.mentors)]
            return status_of(await self._record_draft(pool, kit, known))

    async def _record_draft(self, pool: MatchingPool, kit: Kit, known: Known) -> Known:
        state = _state(known)
        try:
            calculated = await asyncio.to_thread(calculate, pool, kit, state)
        except BadProblem as error:
            reason = f"the draft cannot be made: {error}"[:_LONGEST]
            return await self._decide(state.id, DiscardRound(by="system", reason=reason), known)
        await pools.put(self._pool, calculated.digest, state.program, calculated.pool)
        drafted = calculated.record.drafted
        log.info("round_drafted", round=state.id, waiting=drafted.waiting, mentors=drafted.mentors, pairs=drafted.pairs)
        return await self._decide(state.id, calculated.record, known)

    @activity.defn(name=SEND_ROUND)
    async def send(self, one: OneRound) -> RoundStatus:
        """Sends what is not entered as sent, and enters what became of it every so often: little is repeated after a
        kill, and that is recognized by the journeys."""
        known = await self._read(one.round)
        state = _state(known)
        if state.drafted is None or state.next_step != "send":
            return status_of(known)
        kit = await kits.load(self._pool, state.drafted.kit)
        proposer, pending, silent = Proposer(self._journeys, one.round, self._at_once), state.pending, 0
        told: list[Any] = []
        async with heartbeats(SILENCE, lambda: told):
            for first in range(0, len(pending), _CHUNK):
                told[:] = ["sending", first, len(pending)]
                answers = await proposer.propose(pending[first : first + _CHUNK], kit)
                silent += sum(answer == "silent" for answer in answers.values())
                known = await self._decide(one.round, _proposals(answers), known)
                if _state(known).next_step != "send":
                    return status_of(known)  # it is complete, or is being taken back
        _require_answers(silent)
        return status_of(known)

    @activity.defn(name=WITHDRAW_ROUND)
    async def withdraw(self, one: OneRound) -> RoundStatus:
        """Raises StillSending, to be tried again."""
        known = await self._read(one.round)
        state = _state(known)
        if state.is_open:
            raise StillSending(f"round {one.round} is still being sent")
        outstanding = [state.pairs[journey] for journey in state.outstanding]
        proposer, silent = Proposer(self._journeys, one.round), 0
        told: list[Any] = []
        async with heartbeats(SILENCE, lambda: told):
            for first in range(0, len(outstanding), _CHUNK):
                told[:] = ["withdrawing", first, len(outstanding)]
                answers = await proposer.withdraw(outstanding[first : first + _CHUNK], state.taken_back_because)
                silent += sum(answer == "silent" for answer in answers.values())
                known = await self._decide(one.round, _withdrawals(answers), known)
        _require_answers(silent)
        return status_of(known)

    # Reading and deciding

    async def _read(self, round_: RoundId) -> Known:
        return await read(self._pool, round_stream(round_), ROUND)

    async def _decide(self, round_: RoundId, command: RoundCommand, known: Known | None = None) -> Known:
        """Raises Rejected."""
        done = await transact(
            self._pool,
            round_stream(round_),
            ROUND,
            command,
            self._now(),
            meta=given(command),
            known=known,
        )
        return done.after

    async def _newest(self, program: ProgramId) -> tuple[KitDigest, Kit]:
        """Raises a non-retryable ApplicationError when the program has published no kit, or one that only a newer
        Trellis can read."""
        published = await kits.latest(self._pool, program)
        if published is None:
            problem = f"program {program!r} has published no kit; publish one with: trellis publish FOLDER"
            raise ApplicationError(problem, type=NO_SUCH_KIT, non_retryable=True)
        try:
            return KitDigest(published.digest), kits.read(published)
        except KitNotReadable as error:
            raise ApplicationError(str(error), type=NO_SUCH_KIT, non_retryable=True) from error

    async def _require_in_pool(self, state: RoundState, command: PinPair | ForbidPair) -> None:
        """Raises Rejected for ids that the present draft does not know. Before there is one, any are taken; the draft
        remarks on those that it does not find."""
        body = await pools.get(self._pool, state.drafted.pool) if state.drafted else None
        if body is None:
            return
        pool = await asyncio.to_thread(MatchingPool.model_validate_json, body)
        if all(one.learner != command.learner for one in pool.candidates):
            says = f"{command.learner!r} is not among those who wait; `trellis match show {state.program}` lists them"
            raise Rejected(Code.NOT_WAITING, says)
        if all(one.mentor != command.mentor for one in pool.mentors):
            says = f"{command.mentor!r} is not among the mentors of this round; correct the id, or add them first"
            raise Rejected(Code.NOT_AVAILABLE, says)


def status_of(known: Known) -> RoundStatus:
    state, drafted = _state(known), _state(known).drafted
    return RoundStatus(
        round=state.id,
        version=known.version,
        phase=state.phase,
        next_step=state.next_step,
        draft=drafted.draft if drafted else None,
        stale=state.is_stale,
        waiting=drafted.waiting if drafted else 0,
        pairs=len(state.pairs),
        unplaced=len(state.left),
        pending=len(state.pending) if state.released_at else 0,
        sent=len(state.sent),
        refused=len(state.refused),
        taken_back=state.taken_back_at is not None,
        withdrawn=len(state.withdrawn),
    )


def _state(known: Known) -> RoundState:
    if known.state is None:
        raise ApplicationError("there is no such round in the log", non_retryable=True)
    return known.state


def _command(asked: AskRound) -> RoundCommand:
    """Raises Rejected for what does not fit."""
    kind = COMMANDS[asked.command]
    try:
        return TypeAdapter(kind).validate_python(dict(asked.payload or {}))
    except ValidationError as error:
        fields = sorted({str(one["loc"][0]) for one in error.errors() if one["loc"]})
        said = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise Rejected(Misfit.MISFIT, f"{asked.command}: {said}", {"fields": fields}) from error


def _proposals(answers: Mapping[JourneyId, Answer]) -> EnterProposals:
    sent: dict[JourneyId, e.How] = {}
    refusals: dict[JourneyId, e.Refused] = {}
    for journey, answer in answers.items():
        if isinstance(answer, e.Refused):
            refusals[journey] = answer
        elif answer in ("offered", "matched"):
            sent[journey] = "offered" if answer == "offered" else "matched"
        elif activity.info().attempt >= _LAST_ATTEMPT_AT_SILENCE:
            sent[journey] = "unanswered"
    return EnterProposals(sent=sent, refused=refusals)


def _withdrawals(answers: Mapping[JourneyId, Answer]) -> EnterWithdrawals:
    kept = {journey: answer for journey, answer in answers.items() if isinstance(answer, e.Refused)}
    if activity.info().attempt >= _LAST_ATTEMPT_AT_SILENCE:
        kept |= {journey: _NO_ANSWER for journey, answer in answers.items() if answer == "silent"}
    return EnterWithdrawals(
        withdrawn=tuple(journey for journey, answer in answers.items() if answer == "withdrawn"), kept=kept
    )


def _require_answers(silent: int) -> None:
    if silent and activity.info().attempt < _LAST_ATTEMPT_AT_SILENCE:
        raise TimeoutError(f"{silent} journeys do not answer; they are asked again")
