"""Scores of sessions and rounds of reviews, on a real log: sampled, taken, scored blind, corrected, closed."""

from datetime import timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from activities.quality import QualityRounds
from client.journeys import NoSuchJourney
from domain.ids import JourneyId, ProgramId, RoundId, SessionId
from domain.kit import Kit
from domain.quality.reviews import SkipItem
from domain.quality.scores import Given
from domain.refusal import Rejected
from projections.rebuild import rebuild
from projections.registry import PROJECTIONS
from projections.runner import catch_up
from projections.views.qa_samples import candidates
from queries import quality as queries
from queries.quality import NoSuchItem
from queries.sessions import NoSuchSession
from services import quality
from services.quality import Review, Score
from store import sequencer
from store.database import Pool
from tests.projections.stories import AT, DAY, journey, publish
from tests.support.reviews import REVIEWED, tell_held
from workflows.quality_activities import BeginReviews, CloseReviews, Reviews

READY = ProgramId("ready")
S1 = SessionId("s1")
NOW = AT + 20 * DAY
GOOD = Given(questions={"next": "yes"}, dimensions={"clarity": 4, "depth": 5}, notes="a date", minutes=10)
FAIR = Given(questions={"next": "partly"}, dimensions={"clarity": 3}, minutes=20)


@pytest.fixture
async def held(pool: Pool, dsn: str) -> str:
    """Where the log is."""
    await tell_held(pool)
    await show(dsn)
    return dsn


async def show(dsn: str) -> None:
    await sequencer.drain(dsn)
    await catch_up(dsn)


async def begun(pool: Pool, run: str = "run-1", days: int = 0) -> Reviews:
    return await QualityRounds(pool).begin(BeginReviews(program=READY, run=run, at=NOW + days * DAY))


async def items(pool: Pool, reviewer: str = "ops:ana") -> list[str]:
    return [one.item for one in await queries.queue(pool, READY, reviewer, NOW)]


async def test_a_session_is_scored_by_whoever_held_it_and_by_others(held: str, pool: Pool) -> None:
    assert await quality.score(pool, Score(journey(1), S1, GOOD, "mentor:m-1"), NOW)
    assert not await quality.score(pool, Score(journey(1), S1, GOOD, "mentor:m-1"), NOW)
    assert await quality.score(pool, Score(journey(1), S1, FAIR, "mentor:m-2"), NOW)
    assert await quality.score(pool, Score(journey(1), S1, FAIR, "ops:ana"), NOW)
    found = await queries.scores_of(pool, journey(1), "ops")
    assert [(one.by, one.role) for one in found] == [("mentor:m-1", "self"), ("mentor:m-2", "peer"), ("ops:ana", "qa")]
    corrected = Score(journey(1), S1, FAIR, "mentor:m-1", corrects=True, reason="too kind")
    assert await quality.score(pool, corrected, NOW + DAY)
    assert (await queries.scores_of(pool, journey(1), "ops"))[0].corrected_because == "too kind"
    await show(held)
    told = await queries.figures(pool, READY)
    assert [(one.name, one.says, one.role, one.scores, one.mean) for one in told.figures] == [
        *(("clarity", "clarity", role, 1, 3.0) for role in ("peer", "qa", "self")),
        *(("next", "Is there a next step?", role, 1, 0.5) for role in ("peer", "qa", "self")),
    ]
    assert told.agreement == ()


async def test_what_cannot_be_scored_is_said(held: str, pool: Pool) -> None:
    with pytest.raises(NoSuchJourney):
        await quality.score(pool, Score(JourneyId("none"), S1, GOOD, "ops"), NOW)
    with pytest.raises(NoSuchSession, match="Sessions: s1"):
        await quality.score(pool, Score(journey(1), SessionId("s9"), GOOD, "ops"), NOW)
    with pytest.raises(Rejected, match="was not held"):
        await quality.score(pool, Score(journey(6), S1, GOOD, "ops"), NOW)


async def test_a_round_is_begun_once_and_says_how_it_was_drawn(held: str, pool: Pool) -> None:
    first = await begun(pool)
    assert (first.round, first.items, first.is_open) == ("ready-1", 4, True)
    assert await begun(pool) == first
    assert await begun(pool, "run-2") == first, "one round is open at a time"
    await show(held)
    (row,) = await queries.rounds(pool, READY)
    assert (row.sessions, row.mentors, row.sampled, row.twice, row.waiting) == (6, 3, 2, 2, 4)
    assert (row.since, row.until) == (NOW - 33 * DAY, NOW - 3 * DAY)


async def test_two_reviewers_score_a_session_and_neither_sees_what_the_other_said(
    held: str, pool: Pool, temporal: WorkflowEnvironment
) -> None:
    await begun(pool)
    await show(held)
    mine = await items(pool)
    assert len(mine) == 4
    state = await queries.round_with(pool, mine[0])
    one, other = state.item(mine[0]), state.twin_of(state.item(mine[0]))
    assert other
    await quality.take(pool, one.item, "ops:ana", NOW)
    await show(held)
    assert other.item not in await items(pool), "nobody gets both"
    with pytest.raises(Rejected, match="you have this session already"):
        await quality.take(pool, other.item, "ops:ana", NOW)
    with pytest.raises(Rejected, match="somebody has taken this review"):
        await quality.take(pool, one.item, "ops:ben", NOW)
    with pytest.raises(Rejected, match="take this review first"):
        await quality.review(pool, temporal.client, Review(other.item, GOOD, "ops:ben"), NOW)

    assert await quality.review(pool, temporal.client, Review(one.item, GOOD, "ops:ana"), NOW)
    assert not await quality.review(pool, temporal.client, Review(one.item, GOOD, "ops:ana"), NOW)
    assert await queries.scores_of(pool, one.journey, "ops:ben") == []
    assert len(await queries.scores_of(pool, one.journey, "ops:ana")) == 1
    await quality.take(pool, other.item, "ops:ben", NOW)
    read = await queries.to_review(pool, other.item, "ops:ben")
    assert (read.given, read.session.session, [one.id for one in read.dimensions]) == (None, "s1", ["clarity", "depth"])
    await quality.review(pool, temporal.client, Review(other.item, FAIR, "ops:ben"), NOW)
    assert len(await queries.scores_of(pool, one.journey, "ops:cid")) == 2

    await show(held)
    agreed = {one.name: (one.sessions, one.same) for one in (await queries.figures(pool, READY)).agreement}
    assert agreed == {"clarity": (1, 0), "depth": (0, 0), "next": (1, 0)}
    (row,) = await queries.rounds(pool, READY)
    assert (row.reviewed, row.waiting, row.minutes_used) == (2, 2, 30)


async def test_a_mentor_reviews_others_where_the_kit_lets_them_and_is_told_no_names(held: str, pool: Pool) -> None:
    await begun(pool)
    await show(held)
    item = (await items(pool))[0]
    mentor = (await queries.round_with(pool, item)).item(item).mentor
    other = next(one for one in ("m-0", "m-1", "m-2") if one != mentor)
    with pytest.raises(Rejected, match="mentors do not review"):
        await quality.take(pool, item, f"mentor:{other}", NOW)
    terms = REVIEWED.model_dump(mode="json")["quality"] | {"peers": True}
    await publish(
        pool, Kit.model_validate(REVIEWED.model_dump(mode="json") | {"version": "2", "quality": terms}), AT + DAY
    )
    with pytest.raises(Rejected, match="this session is your own"):
        await quality.take(pool, item, f"mentor:{mentor}", NOW)
    await quality.take(pool, item, f"mentor:{other}", NOW)
    read = await queries.to_review(pool, item, f"mentor:{other}")
    assert (read.learner, read.mentor) == (None, None)
    assert not {one.mentor for one in await queries.queue(pool, READY, f"mentor:{other}", NOW)} & {other}


async def test_a_round_ends_when_everything_is_settled_or_lapses(
    held: str, pool: Pool, temporal: WorkflowEnvironment
) -> None:
    await begun(pool)
    await show(held)
    first, *others = await items(pool)
    with pytest.raises(Rejected, match="say why"):
        await quality.skip(pool, temporal.client, SkipItem(item=first, by="ops:ana", reason=" "), NOW)
    await quality.skip(pool, temporal.client, SkipItem(item=first, by="ops:ana", reason="no notes"), NOW)
    rounds, close = QualityRounds(pool), CloseReviews(round=RoundId("ready-1"), at=NOW + DAY)
    assert (await rounds.close(close)).is_open
    assert not (await rounds.close(close.model_copy(update={"at": NOW + 6 * DAY}))).is_open
    with pytest.raises(Rejected, match="this review is lapsed"):
        await quality.take(pool, others[0], "ops:ana", NOW + 7 * DAY)
    await show(held)
    assert await items(pool) == []
    (row,) = await queries.rounds(pool, READY)
    assert (row.skipped, row.reviewed, row.waiting) == (1, 0, 0)
    again = await begun(pool, "run-2", days=7)
    assert again.round is None, "no session was held since"


async def test_an_unknown_item_is_not_there(held: str, pool: Pool) -> None:
    for item in ("ready-1.1", "nothing", "", "x.y"):
        with pytest.raises(NoSuchItem, match="No round of reviews has an item"):
            await quality.take(pool, item, "ops", NOW)


async def test_risks_of_a_session_are_known(held: str, pool: Pool) -> None:
    low = Given(dimensions={"clarity": 1})
    await quality.score(pool, Score(journey(1), S1, low, "ops:ana"), NOW)
    await show(held)
    found = {one.journey: one for one in await candidates(pool, READY, AT, NOW, 2.5)}
    assert found[journey(1)].risks == ("open_case", "low_mark")
    assert found[journey(2)].risks == ("open_case",)
    assert {one.sessions_of_mentor for one in found.values()} == {2}


async def test_the_views_are_the_same_when_they_are_built_anew(
    held: str, pool: Pool, temporal: WorkflowEnvironment
) -> None:
    await begun(pool)
    await show(held)
    for nth, item in enumerate((await items(pool))[:3]):
        await quality.take(pool, item, f"ops:r-{nth}", NOW)
        await show(held)
        await quality.review(pool, temporal.client, Review(item, GOOD, f"ops:r-{nth}"), NOW + timedelta(minutes=nth))
    one = Review(item, FAIR, "ops:r-2", corrects=True, reason="misread")
    await quality.review(pool, temporal.client, one, NOW + DAY)
    await show(held)
    before = await _rows(pool)
    for view in ("qa_samples", "session_scores"):
        await rebuild(held, PROJECTIONS[view])
    assert await _rows(pool) == before
    assert len(before["session_scores"]) == 2 * 3 + 2


async def _rows(pool: Pool) -> dict[str, list[tuple[object, ...]]]:
    found = {}
    for table in ("qa_rounds", "qa_samples", "session_scores"):
        rows = await pool.fetch(f"select * from views.{table}")  # noqa: S608
        found[table] = sorted((tuple(row) for row in rows), key=repr)
    return found
