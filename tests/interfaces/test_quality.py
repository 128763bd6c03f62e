"""Reviews of sessions through their doors: the API as ops and as a mentor, the command line, and the pages."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx2
import pytest
from fastapi import FastAPI
from temporalio.testing import WorkflowEnvironment

from activities.quality import QualityRounds
from client.journeys import JourneyClient
from domain.ids import ProgramId
from projections.runner import catch_up
from runtime.exits import Exit
from store import sequencer
from store.database import Pool
from tests.commands import Trellis
from tests.interfaces.calling import calling, guarded_app, key_of
from tests.projections.stories import KIT, journey, publish
from tests.support.reviews import LONG_OPEN, tell_held, with_terms
from workflows.quality_activities import BeginReviews

Client = httpx2.AsyncClient
READY = "/v1/programs/ready/quality"
SCORES = f"/v1/journeys/{journey(1)}/sessions/s1/scores"
GOOD = {"questions": {"next": "yes"}, "dimensions": {"clarity": 4}}


@pytest.fixture
def app(temporal: WorkflowEnvironment, pool: Pool) -> FastAPI:
    return guarded_app(pool, JourneyClient(temporal.client))


@pytest.fixture
async def items(pool: Pool, dsn: str) -> list[str]:
    """Of a round that is open now; the sessions are years old to it."""
    await tell_held(pool, with_terms(**LONG_OPEN))
    await show(dsn)
    await QualityRounds(pool).begin(BeginReviews(program=ProgramId("ready"), run="r", at=datetime.now(UTC)))
    await show(dsn)
    return [f"ready-1.{number}" for number in range(1, 5)]


async def show(dsn: str) -> None:
    await sequencer.drain(dsn)
    await catch_up(dsn)


@pytest.fixture
async def ops(app: FastAPI, pool: Pool, items: list[str]) -> AsyncIterator[Client]:
    async with calling(app, await key_of(pool, "ops", programs=["ready"])) as client:
        yield client


async def test_ops_take_score_and_correct_a_review(ops: Client, items: list[str], dsn: str) -> None:
    (round_,) = (await ops.get(f"{READY}/rounds")).json()
    assert (round_["round"], round_["sampled"], round_["twice"]) == ("ready-1", 2, 2)
    assert [one["item"] for one in (await ops.get(f"{READY}/queue")).json()] == sorted(items)
    item = f"/v1/quality/{items[0]}"
    assert (await ops.get(item)).json()["session"]["session"] == "s1"
    early = await ops.post(f"{item}/score", json=GOOD)
    assert (early.status_code, early.json()["code"]) == (409, "item_not_taken")
    assert (await ops.post(f"{item}/take", json={})).json()["by"] == "ops:test"
    assert (await ops.post(f"{item}/score", json=GOOD)).json() == {"new": True}
    assert (await ops.post(f"{item}/score", json=GOOD)).json() == {"new": False}
    other = GOOD | {"dimensions": {"clarity": 2}}
    assert (await ops.post(f"{item}/score", json=other)).json()["code"] == "scored_otherwise"
    unsaid = await ops.post(f"{item}/score", json=other | {"corrects": True})
    assert (unsaid.status_code, unsaid.json()["code"]) == (422, "score_needs_reason")
    assert (await ops.post(f"{item}/score", json=other | {"corrects": True, "reason": "misread"})).json() == {
        "new": True
    }
    assert (await ops.get(item)).json()["given"]["dimensions"] == {"clarity": 2}
    await show(dsn)
    figures = (await ops.get(READY)).json()["figures"]
    assert [(one["name"], one["mean"], one["low"]) for one in figures] == [("clarity", 2.0, None), ("next", 1.0, None)]


NO_SCORES: list[dict[str, object]] = [
    {},
    {"questions": {"next": "maybe"}},
    {"dimensions": {"clarity": 6}},
    {"dimensions": {"clarity": "4"}},
    {"dimensions": {"width": 4}},
    GOOD | {"by": "learner:l-1"},
    GOOD | {"by": "mentor"},
    GOOD | {"minutes": 0},
]


async def test_what_is_no_score_is_refused_and_what_is_of_another_program_is_not_there(
    ops: Client, app: FastAPI, pool: Pool, items: list[str]
) -> None:
    assert [(await ops.post(SCORES, json=one)).status_code for one in NO_SCORES] == [422] * len(NO_SCORES)
    assert (await ops.get(f"/v1/journeys/{journey(1)}/scores")).json() == []
    await publish(pool, KIT.model_copy(update={"program": "other"}))
    async with calling(app, await key_of(pool, "ops", programs=["other"])) as other:
        for address in (READY, f"{READY}/rounds", f"{READY}/queue", f"/v1/quality/{items[0]}"):
            assert (await other.get(address)).status_code == 404


async def test_a_mentor_scores_and_sees_their_own_and_reviews_nobody_unless_the_kit_says_so(
    app: FastAPI, pool: Pool, ops: Client, items: list[str]
) -> None:
    async with calling(app, await key_of(pool, "mentor", mentor="m-1")) as mentor:
        assert (await mentor.post(SCORES, json=GOOD | {"by": "ops:ana"})).json() == {"new": True}
        assert (await ops.post(SCORES, json=GOOD | {"notes": "kind"})).json() == {"new": True}
        seen = (await mentor.get(f"/v1/journeys/{journey(1)}/scores")).json()
        assert [(one["by"], one["role"]) for one in seen] == [("mentor:m-1", "self"), ("ops:test", "qa")]
        assert (await mentor.get(f"{READY}/queue")).json()["code"] == "no_peer_reviews"
        for item in (*items, "ready-1.9", "nonsense"):
            assert (await mentor.get(f"/v1/quality/{item}")).status_code == 404
        assert (await mentor.get(f"/v1/journeys/{journey(2)}/scores")).status_code == 404
        assert (await mentor.post(f"{READY}/rounds")).status_code == 403


async def test_the_command_line_goes_through_a_review(trellis: Trellis, items: list[str], dsn: str) -> None:
    assert items[0] in (await trellis("qa", "queue", "ready")).out
    taken = await trellis("qa", "take", items[0], "--by", "ops:ana")
    assert all(one in taken.out for one in ("What to look for", "--mark clarity=1..5", "none were written")), taken.out
    wrong = await trellis("qa", "score", items[0], "--mark", "clarity=9", "--by", "ops:ana")
    assert wrong.exit == Exit.BAD_INPUT and "write a whole number from 1 to 5" in wrong.err
    given = ("--answer", "next=partly", "--mark", "clarity=3", "--minutes", "12", "--by", "ops:ana")
    assert (await trellis("qa", "score", items[0], *given)).out == "Recorded.\n"
    assert "Nothing changed" in (await trellis("qa", "score", items[0], *given)).out
    assert (
        "You have scored it: next partly, clarity 3" in (await trellis("qa", "show", items[0], "--by", "ops:ana")).out
    )
    assert (await trellis("qa", "skip", items[1], "--reason", "no notes")).exit == Exit.OK
    assert (await trellis("qa", "session", journey(1), "s1", "--mark", "depth=5", "--by", "mentor:m-1")).exit == Exit.OK
    assert "mentor:m-1" in (await trellis("qa", "scores", journey(1))).out
    await show(dsn)
    rounds = await trellis("qa", "rounds", "ready", "--json")
    assert (rounds.json[0]["reviewed"], rounds.json[0]["skipped"], rounds.json[0]["minutes_used"]) == (1, 1, 12)
    assert "12 of 60" in (await trellis("qa", "rounds", "ready")).out
    assert "Is there a next step?" in (await trellis("qa", "figures", "ready")).out
    unknown = await trellis("qa", "take", "ready-7.1")
    assert unknown.exit == Exit.FAILED and "trellis qa queue" in unknown.err


async def test_a_review_is_done_on_its_page(ops: Client, items: list[str]) -> None:
    queue = (await ops.get("/programs/ready/quality")).text
    assert all(f'href="/quality/{one}"' in queue for one in items)
    assert "2 of 6 sessions" in queue
    address = f"/quality/{items[0]}"
    assert "Take this review" in (await ops.get(address)).text
    assert (await ops.post(f"{address}/take")).status_code == 303
    form = (await ops.get(address)).text
    assert "Is there a next step?" in form and "This review is yours." in form

    empty = await ops.post(address, data={"notes": "<b>nothing</b>", "question-next": ""})
    assert empty.status_code == 422
    assert "answer at least one question" in empty.text
    assert "&lt;b&gt;nothing&lt;/b&gt;" in empty.text, "what was typed stays"
    odd = await ops.post(address, data={"question-next": "perhaps", "minutes": "ten"})
    assert (odd.status_code, "does not offer" in odd.text) == (422, True)
    given = {"question-next": "partly", "dimension-clarity": "4", "notes": "a date", "minutes": "9"}
    assert (await ops.post(address, data=given)).status_code == 303
    again = await ops.post(address, data=given | {"dimension-clarity": "2"})
    assert (again.status_code, "Correct the score" in again.text) == (409, True)
    assert (await ops.post(address, data=given | {"dimension-clarity": "2", "reason": "misread"})).status_code == 303
    assert (await ops.get(f"/v1/quality/{items[0]}")).json()["given"]["dimensions"] == {"clarity": 2}

    taken = [one for one in items[1:] if (await ops.post(f"/quality/{one}/take")).status_code == 303]
    assert len(taken) == 1, "of the others one is of the same session, and two of one other"
    (other,) = taken
    assert (await ops.post(f"/quality/{other}/skip", data={"reason": " "})).status_code == 422
    assert (await ops.post(f"/quality/{other}/skip", data={"reason": "no notes"})).status_code == 303
    assert (await ops.get("/quality/ready-9.1")).status_code == 404
