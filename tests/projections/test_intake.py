"""Where learners stop in the intake, question by question, for any size of batch."""

from datetime import date

import pytest

from domain.journey import JourneyEvent
from domain.journey import events as e
from domain.kit import Kit
from projections.views import intake
from projections.views.intake import Asked
from store import sequencer
from store.database import Pool
from store.event_log import EventLog
from tests.projections.stories import AT, DAY, SEGMENTED, answering, publish, tell
from tests.support.following import in_batches_of, show

SHORT = Kit.model_validate(
    SEGMENTED.model_dump(mode="json")
    | {"version": "short", "intake": {"questions": SEGMENTED.model_dump(mode="json")["intake"]["questions"][:1]}}
)


def asked_for_more(number: int) -> list[JourneyEvent]:
    told = answering(number, "a job", 2)
    due = told[-1].at + 9 * DAY
    return [*told, e.MoreInformationRequested(at=told[-1].at + DAY, reason="which?", intake_due_at=due)]


def given_up(told: list[JourneyEvent]) -> list[JourneyEvent]:
    return [*told, e.JourneyClosed(at=told[-1].at + 14 * DAY, ending="ended_early", reason="not sent in")]


def by_the_short_form(told: list[JourneyEvent]) -> list[JourneyEvent]:
    """Who began with one question, and was then moved to the version with three."""
    begun, sent, *rest = told
    answered = sent.model_copy(update={"answers": {"goal": "a job"}})
    moved = e.MovedToKit(at=told[-1].at, kit=SEGMENTED.digest, reason="more to ask")
    return [begun.model_copy(update={"kit": SHORT.digest}), answered, *rest, moved]


STORIES = (
    answering(0, "", 1),
    given_up(answering(1, "", 1)),
    answering(2, "a job", 3),
    asked_for_more(3),
    given_up(asked_for_more(4)),
    given_up(by_the_short_form(asked_for_more(5))),
    by_the_short_form(answering(6, "a job", 3)),
    [*answering(7, "", 1), e.AnswersGiven(at=AT + DAY, answers={"goal": "a job", "note": "x"})],
)


@pytest.fixture
async def told(pool: Pool, dsn: str) -> str:
    """Where the log with all the stories is, interleaved."""
    for kit in (SEGMENTED, SHORT):
        await publish(pool, kit)
    for version in range(max(map(len, STORIES))):
        for number, events in enumerate(STORIES):
            await tell(EventLog(pool), number, events[: version + 1], after=version)
    await sequencer.drain(dsn)
    return dsn


@in_batches_of
async def test_each_question_tells_who_was_asked_who_answered_and_who_stopped(told: str, pool: Pool, size: int) -> None:
    await show(told, "intake", size)
    found = await intake.questions(pool, date(2026, 1, 1), date(2027, 1, 1), "ready")
    assert found == [
        Asked("ready", "goal", asked=8, answered=6, open=1, abandoned=1),
        Asked("ready", "hours", asked=7, answered=3, open=1, abandoned=1),
        Asked("ready", "note", asked=7, answered=1, open=0, abandoned=0),
        Asked("ready", None, asked=0, answered=0, open=1, abandoned=1),
    ]
    assert await intake.questions(pool, date(2027, 1, 1), date(2028, 1, 1)) == []


async def test_what_was_answered_is_kept_nowhere(told: str, pool: Pool) -> None:
    await show(told, "intake", 5000)
    states = await pool.fetchval("select string_agg(state::text, '') from view_intake_1.states")
    assert '"goal"' in states
    assert "a job" not in states
