"""The quality of sessions: scores, the items of a round that reviewers take, score or skip, and rounds held by hand."""

from dataclasses import dataclass
from datetime import datetime

from temporalio.client import Client

from client.quality_rounds import begun, hold, tell_settled
from domain.ids import JourneyId, ProgramId, SessionId
from domain.kit import Kit
from domain.quality import reviews as r
from domain.quality import scores as s
from domain.refusal import Rejected
from kits.lookup import newest
from queries.quality import held_session, round_with
from store.database import Pool
from store.transact import given, transact
from workflows.contract import PROGRAM_TASK_QUEUE
from workflows.quality_activities import Reviews


@dataclass(frozen=True, slots=True)
class Score:
    """What somebody says about a session, outside any round."""

    journey: JourneyId
    session: SessionId
    given: s.Given
    by: str
    corrects: bool = False
    reason: str = ""


async def score(pool: Pool, said: Score, at: datetime, item: r.Item | None = None) -> bool:
    """Records it, by the rubric of the version that the journey follows. Returns False when it was recorded before.

    Raises:
        NoSuchJourney, NoSuchSession: when there is nothing to score.
        Rejected: for a session that was not held, a score that does not fit the rubric, or one that was given before.
    """
    session = await held_session(pool, said.journey, said.session)
    command = s.ScoreSession(
        about=session.about,
        rubric=session.kit.rubric,
        given=said.given,
        by=said.by,
        role=s.role_of(said.by, session.about.mentor),
        round=r.round_of(item.item) if item else None,
        item=item.item if item else None,
        corrects=said.corrects,
        reason=said.reason,
    )
    done = await transact(pool, s.scores_stream(said.journey), s.SCORES, command, at, meta=given(command))
    return bool(done.events)


async def take(pool: Pool, item: str, by: str, at: datetime) -> r.Item:
    """Takes an item for a reviewer. Taking one's own again changes nothing.

    Raises:
        NoSuchItem.
        Rejected: when somebody else has it, it is settled, or this reviewer is not to review it.
    """
    state = await round_with(pool, item)
    kit = await newest(pool, state.begun.program)
    mentor = s.mentor_of(by)
    command = r.TakeReview(item=item, by=by, mentor=mentor, peers=bool(kit.quality and kit.quality.peers))
    done = await transact(pool, r.qa_stream(state.id), r.REVIEWS, command, at, meta=given(command))
    assert done.after.state
    return done.after.state.item(item)


@dataclass(frozen=True, slots=True)
class Review:
    """What a reviewer says about the session of an item that they have taken."""

    item: str
    given: s.Given
    by: str
    corrects: bool = False
    reason: str = ""


async def review(pool: Pool, temporal: Client, said: Review, at: datetime) -> bool:
    """Records the score, and that the item is reviewed. Returns False when the score was recorded before.

    The score is recorded first: when this is interrupted in between, the same again does the rest.

    Raises:
        NoSuchItem.
        Rejected: when the reviewer has not taken the item, and as `score` does.
    """
    state = await round_with(pool, said.item)
    item = r.require_taken(state, said.item, said.by)
    scored = Score(item.journey, item.session, said.given, said.by, said.corrects, said.reason)
    new = await score(pool, scored, at, item)
    await _settle(pool, temporal, state, r.FinishReview(item=said.item, by=said.by, minutes=said.given.minutes), at)
    return new


async def skip(pool: Pool, temporal: Client, command: r.SkipItem, at: datetime) -> None:
    """Raises NoSuchItem, Rejected."""
    await _settle(pool, temporal, await round_with(pool, command.item), command, at)


async def begin(temporal: Client, pool: Pool, program: ProgramId, task_queue: str = PROGRAM_TASK_QUEUE) -> Reviews:
    """Begins a round now, besides those that the program's schedule begins; or says which one is open.

    Raises:
        NoSuchProgram: when no kit of it is published.
        Rejected: when its kit samples no sessions.
        NobodySamples: when no worker does it in time.
    """
    _require_rounds(await newest(pool, program))
    await hold(temporal, program, task_queue)
    return await begun(temporal, program)


def _require_rounds(kit: Kit) -> None:
    if kit.quality is None:
        says = f"{kit.program} {kit.version} samples no sessions; a kit says under `quality` how many, and how often"
        raise Rejected(r.Code.NO_QUALITY, says)


async def _settle(
    pool: Pool, temporal: Client, state: r.RoundState, command: r.FinishReview | r.SkipItem, at: datetime
) -> None:
    done = await transact(pool, r.qa_stream(state.id), r.REVIEWS, command, at, meta=given(command))
    if any(isinstance(one, r.RoundClosed) for one in done.events):
        await tell_settled(temporal, state.begun.program)
