"""What was promised beside what was delivered, in figures, in words, and by the command."""

from datetime import date

import pytest

from domain.ids import ProgramId
from domain.kit import Kit
from interfaces.exits import Exit
from interfaces.naming_kits import NoSuchProgram
from interfaces.returns import UNKNOWN, introduction, listings, the_return
from projections.runner import catch_up
from store import sequencer
from store.database import Pool
from store.event_log import EventLog
from tests.commands import Trellis
from tests.projections.stories import AT, DAY, KIT, publish, tell
from tests.projections.test_delivered import LONG, SHORT, STORIES

READY = KIT.program_id


def promising(outcome: str, version: str) -> Kit:
    content = KIT.model_dump(mode="json")
    return Kit.model_validate(content | {"version": version, "promise": content["promise"] | {"outcome": outcome}})


@pytest.fixture
async def told(pool: Pool, dsn: str) -> None:
    for kit in (KIT, LONG, SHORT):
        await publish(pool, kit)
    for number, events in enumerate(STORIES):
        await tell(EventLog(pool), number, events)
    await sequencer.drain(dsn)
    await catch_up(dsn)


@pytest.mark.usefixtures("told")
async def test_the_figures_follow_from_what_was_delivered(pool: Pool) -> None:
    found = await the_return(pool, READY)
    assert found.completion_rate == pytest.approx(2 / 3), "who is under way, or was declined, has not ended"
    assert found.sessions_per_learner == 8 / 4
    cost = found.cost
    assert (cost.mentors, cost.meetings, cost.live_hours, cost.asynchronous_hours) == (3, 7, 6, 0.5)
    assert (cost.live_hours_per_learner, cost.live_hours_per_completed) == (6 / 4, 6 / 2)
    assert cost.meetings_of_unknown_length == 1


@pytest.mark.usefixtures("told")
async def test_the_promise_is_the_newest_and_says_to_whom_another_was_given(pool: Pool) -> None:
    assert (await the_return(pool, READY)).promised_otherwise == 0
    await publish(pool, promising("a better job", "2"), AT + DAY)
    found = await the_return(pool, READY, date(2026, 1, 1))
    assert (found.promise.outcome, found.version, found.promised_otherwise) == ("a better job", "2", 5)
    assert introduction(found) == (
        "the promise of version 2; of those who began from 2026-01-01 on, until now; "
        "5 learners by a version that promises in other words"
    )


@pytest.mark.usefixtures("told")
async def test_the_promise_stands_beside_the_delivery(pool: Pool) -> None:
    promised, outcomes, cost = listings(await the_return(pool, READY))
    beside = {what: (said, done) for what, said, done in promised.rows}
    assert beside["outcome"] == ("a job", "2 of 3 who have ended completed (67%); 1 withdrew, 0 ended early")
    assert str(beside["cadence"][1]).startswith("2 sessions held per learner who had a mentor (8 in all); 1 missed by")
    assert beside["duration"] == (
        "8 weeks",
        "a median of 46 days from the start of the pathway to the end, of those who completed",
    )
    assert beside["support"] == ("a mentor", "2 of 3 follow-ups sent, 1 of them in time")
    assert beside["measures"] == (
        "jobs",
        "2 of 5 learners had an outcome recorded; milestones: 1 passed, 1 failed, 1 waived",
    )
    assert outcomes.rows == [("interview", 2, 1), ("job", 1, 1)]
    hours = {what: much for what, much in cost.rows}  # noqa: C416 - it says that a row is a pair
    assert hours["hours of live time, by the lengths in the kit"] == "6, without 1 whose length is not known"
    assert hours["for each learner who completed"] == "3"
    assert hours["hours of preparation, follow-up and review"] == UNKNOWN


@pytest.mark.usefixtures("told")
async def test_what_nobody_can_know_is_not_guessed(pool: Pool) -> None:
    found = await the_return(pool, READY, since=date(2027, 1, 1), until=date(2028, 1, 1))
    assert (found.completion_rate, found.sessions_per_learner) == (None, None)
    assert (found.cost.live_hours_per_learner, found.cost.live_hours_per_completed) == (None, None)
    promised, _, cost = listings(found)
    done = {what: words for what, _, words in promised.rows}
    assert done["outcome"] == "not known: nobody has ended yet"
    assert done["duration"] == "not known: nobody has completed yet"
    assert done["support"] == "follow-ups: none were asked for"
    assert ("for each learner who completed", UNKNOWN) in cost.rows


async def test_a_program_that_is_not_there_is_said(pool: Pool) -> None:
    await publish(pool)
    with pytest.raises(NoSuchProgram, match="no kit of the program 'redy' is published; there are: ready"):
        await the_return(pool, ProgramId("redy"))


@pytest.mark.usefixtures("told")
async def test_the_command_tells_it_in_words_and_as_json(trellis: Trellis) -> None:
    said = (await trellis("return", "ready")).out
    for words in ("Job-ready: the promise of version", "2 of 3 follow-ups sent", "interview", "hours of live time"):
        assert words in " ".join(said.split())
    assert "nothing yet" in (await trellis("return", "ready", "--until", "2026-01-01")).out
    told = (await trellis("return", "ready", "--until", "2026-01-01", "--json")).json
    assert (told["learners"]["begun"], told["completion_rate"], told["until"]) == (0, None, "2026-01-01")
    missing = await trellis("return", "redy")
    assert (missing.exit, "there are: ready" in missing.err) == (Exit.BAD_INPUT, True)
