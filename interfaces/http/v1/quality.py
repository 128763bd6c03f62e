"""The quality of sessions: scores, the queue of those who review, rounds of reviews, and a program's figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Path, Query
from pydantic import Field, StringConstraints

from client.journeys import JourneyClient
from domain.access import Caller, KeyRole
from domain.ids import JourneyId, ProgramId, SessionId, Slug
from domain.kit.quality import LEAST_MARK, MOST_MARK, Verdict
from domain.quality.reviews import RoundState, SkipItem
from domain.quality.scores import Given
from domain.values import Frozen, Instant, Personal, Truth, Whole
from interfaces.http.access import NO_PROGRAM, Operator, Reader, Reviewer, require_program
from interfaces.http.v1.journeys import found as row_of
from interfaces.http.v1.orders import giver
from interfaces.http.v1.visibility import require_journey
from kits.lookup import NoSuchProgram, newest
from projections.views import mentors
from projections.views.qa_samples import QueuedReview, ReviewRound
from queries import quality as queries
from queries.quality import NoSuchItem, QualityFigures, ScoreShown, ToReview, round_with
from services import quality as services
from services.quality import Review, Score
from store.database import Pool
from workflows.quality_activities import Reviews

_ITEM = Path(max_length=250, description="the id of the item, such as job-ready-3.7")
Item: TypeAlias = Annotated[str, _ITEM]
_MOST_ANSWERS = 100
Scorer = Annotated[
    str,
    StringConstraints(
        pattern=r"^(ops(:[A-Za-z0-9][A-Za-z0-9_.-]*)?|mentor:[A-Za-z0-9][A-Za-z0-9_.-]*)$", max_length=128
    ),
]
Verdicts: TypeAlias = Annotated[Mapping[Slug, Verdict], Field(max_length=_MOST_ANSWERS)]
Mark = Annotated[Whole, Field(ge=LEAST_MARK, le=MOST_MARK)]
Marks: TypeAlias = Annotated[Mapping[Slug, Mark], Field(max_length=_MOST_ANSWERS)]


class ByReviewer(Frozen):
    by: Scorer | None = None
    """Who reviews, such as `ops:ana` or `mentor:m-3`. Default: whoever the key belongs to. A mentor's key reviews as
    that mentor alone."""


class SkipReview(ByReviewer):
    reason: Personal
    """It is recorded."""


class SessionScore(ByReviewer):
    questions: Verdicts = Field(default={})
    """The answers to the rubric's questions, by id. One that nobody can tell from what is written is left out."""
    dimensions: Marks = Field(default={})
    """The marks of the rubric's dimensions, by id, from 1 to 5."""
    notes: Personal = ""
    """For those who run the program, and for the mentor."""
    minutes: Annotated[Whole, Field(ge=1, le=600)] | None = None
    """How long it took."""
    corrects: Truth = False
    """True: this counts instead of what the same person said before. It needs a reason."""
    reason: Personal = ""

    @property
    def given(self) -> Given:
        fields = ("questions", "dimensions", "notes", "minutes")
        return Given.model_validate({name: getattr(self, name) for name in fields})


@dataclass(frozen=True, slots=True)
class ScoreRecorded:
    new: bool
    """False: it was recorded before."""


@dataclass(frozen=True, slots=True)
class ReviewSkipped:
    item: str


_NOT_A_REVIEWER = "Whoever asks does not review here; see `code`."


def router(pool: Pool, journeys: JourneyClient) -> APIRouter:
    routes = APIRouter(tags=["quality"])

    @routes.get("/programs/{program}/quality")
    async def get_quality(
        program: ProgramId,
        caller: Reader,
        since: Annotated[Instant | None, Query(description="Only sessions held from then on.")] = None,
        until: Annotated[Instant | None, Query(description="Only sessions held before.")] = None,
    ) -> QualityFigures:
        """The scores of a program's sessions by question and dimension, with their intervals, and how far two reviewers
        of one session agree."""
        require_program(caller, program)
        return await queries.figures(pool, program, since, until)

    @routes.get("/programs/{program}/quality/rounds")
    async def list_quality_rounds(
        program: ProgramId, caller: Reader, limit: Annotated[int, Query(ge=1, le=100)] = 20
    ) -> list[ReviewRound]:
        """The rounds of reviews, the latest first: the sample of each, and what was reviewed of it."""
        require_program(caller, program)
        return await queries.rounds(pool, program, limit)

    @routes.post("/programs/{program}/quality/rounds")
    async def begin_quality_round(program: ProgramId, caller: Operator) -> Reviews:
        """Begin a round of reviews now, besides those that the program's schedule begins. While one is open, the answer
        is that one; `round` is null if no session was held since the last round."""
        require_program(caller, program)
        return await services.begin(journeys.temporal, pool, program)

    @routes.get("/programs/{program}/quality/queue", responses={409: {"description": _NOT_A_REVIEWER}})
    async def list_reviews(
        program: ProgramId, caller: Reviewer, by: Annotated[Scorer | None, Query(description="Whose queue.")] = None
    ) -> list[QueuedReview]:
        """The sessions that can be reviewed: first those that the reviewer has taken, then those that close first."""
        require_program(caller, program)
        await require_of_program(pool, caller, program)
        return list(await queries.queue(pool, program, giver(caller, by), datetime.now(UTC)))

    @routes.get("/quality/{item}", responses={409: {"description": _NOT_A_REVIEWER}})
    async def get_review(item: Item, caller: Reviewer, by: Annotated[Scorer | None, Query()] = None) -> ToReview:
        """What a reviewer needs: the session with its notes and follow-up, the form, and what to look for. Personal
        data."""
        await require_item(pool, caller, item)
        return await queries.to_review(pool, item, giver(caller, by))

    @routes.post("/quality/{item}/take")
    async def take_review(item: Item, body: ByReviewer, caller: Reviewer) -> ToReview:
        """Keep an item for yourself, for a day. Personal data."""
        await require_item(pool, caller, item)
        reviewer = giver(caller, body.by)
        await services.take(pool, item, reviewer, datetime.now(UTC))
        return await queries.to_review(pool, item, reviewer)

    @routes.post("/quality/{item}/score")
    async def score_review(item: Item, body: SessionScore, caller: Reviewer) -> ScoreRecorded:
        """Score the session of an item that you have taken. The same again changes nothing."""
        await require_item(pool, caller, item)
        said = Review(item, body.given, giver(caller, body.by), body.corrects, body.reason)
        return ScoreRecorded(await services.review(pool, journeys.temporal, said, datetime.now(UTC)))

    @routes.post("/quality/{item}/skip")
    async def skip_review(item: Item, body: SkipReview, caller: Reviewer) -> ReviewSkipped:
        """Leave a session out of the round, for a reason."""
        await require_item(pool, caller, item)
        command = SkipItem(item=item, by=giver(caller, body.by), reason=body.reason)
        await services.skip(pool, journeys.temporal, command, datetime.now(UTC))
        return ReviewSkipped(item)

    @routes.get("/journeys/{journey}/scores")
    async def list_scores(journey: JourneyId, caller: Reviewer) -> list[ScoreShown]:
        """The scores of a journey's sessions; a mentor sees those of the sessions that they held. What the first of two
        reviewers says is shown when the second one has scored. Personal data."""
        await require_journey(pool, caller, journey)
        await row_of(pool, journey)
        found = await queries.scores_of(pool, journey, caller.actor)
        mentor = caller.mentor if caller.role is KeyRole.MENTOR else None
        return [one for one in found if mentor is None or one.mentor == mentor]

    @routes.post("/journeys/{journey}/sessions/{session}/scores")
    async def score_session(
        journey: JourneyId, session: SessionId, body: SessionScore, caller: Reviewer
    ) -> ScoreRecorded:
        """Score a session that was held, outside the rounds: a mentor their own, ops any. The same again changes
        nothing."""
        await require_journey(pool, caller, journey)
        said = Score(journey, session, body.given, giver(caller, body.by), body.corrects, body.reason)
        return ScoreRecorded(await services.score(pool, said, datetime.now(UTC)))

    return routes


async def require_item(pool: Pool, caller: Caller, item: str) -> RoundState:
    """Its round. Raises NoSuchItem, also for an item that the caller has nothing to do with."""
    state = await round_with(pool, item)
    program = state.begun.program
    if not caller.may_use(program):
        raise NoSuchItem(item)
    if caller.role is KeyRole.MENTOR:
        kit = await newest(pool, program)
        reviews = bool(kit.quality and kit.quality.peers) and state.item(item).mentor != caller.mentor
        if not reviews or not await _is_of(pool, caller, program):
            raise NoSuchItem(item)
    return state


async def require_of_program(pool: Pool, caller: Caller, program: ProgramId) -> None:
    """Raises NoSuchProgram for a mentor of other programs."""
    if caller.role is KeyRole.MENTOR and not await _is_of(pool, caller, program):
        raise NoSuchProgram(NO_PROGRAM)


async def _is_of(pool: Pool, caller: Caller, program: ProgramId) -> bool:
    assert caller.mentor
    row = (await mentors.by_ids(pool, [caller.mentor])).get(caller.mentor)
    return row is None or row.may_be_used_by(program)
