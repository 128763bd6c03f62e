"""`trellis match`, as it is typed, and the same in the API: on a real Temporal and a real Postgres."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from temporalio.testing import WorkflowEnvironment

from client.journeys import JourneyClient
from domain.ids import JourneyId
from interfaces.cli.match_shown import by_rule
from interfaces.http.app import create_app
from runtime.exits import Exit
from store import people, pools
from store.database import Pool
from store.people import Person
from tests.commands import Said, Trellis
from tests.support.matching_rounds import Matching
from workflows.contract import TASK_QUEUE

ASKS = {
    "asks": ["mentor"],
    "weights": {"time_zone": 20},
    "rules": ["mentor_type"],
    "declines": {"no-time": {"title": "No time"}},
}


@pytest.fixture
async def matching(temporal: WorkflowEnvironment, pool: Pool, dsn: str, trellis: Trellis) -> AsyncIterator[Matching]:
    """Four learners wait for three places."""
    matching = Matching(temporal, pool, dsn, queue=TASK_QUEUE)
    await matching.published(ASKS, capacity=2)
    await matching.mentors("ana")
    async with matching.programs():
        yield matching


async def typed(trellis: Trellis, *arguments: str, exit_code: Exit = Exit.OK) -> Said:
    said = await trellis("match", *arguments)
    assert said.exit == exit_code, (said.out, said.err)
    return said


async def test_a_round_as_ops_go_through_it(trellis: Trellis, matching: Matching, pool: Pool) -> None:
    program = matching.program
    refused = await typed(trellis, "round", program, exit_code=Exit.FAILED)
    assert "nobody waits for a mentor" in refused.err
    await matching.waiting(range(3))

    drafted = await typed(trellis, "round", program)
    assert f"{program}-1 is drafted" in drafted.out
    assert "of 3 learners who wait, 2 get one of 1 mentor with 2 free places" in drafted.out
    assert "Proven to be the best there is" in drafted.out
    assert f"trellis match release {program} --draft 1" in drafted.out
    second = await typed(trellis, "round", program, exit_code=Exit.FAILED)
    assert f"round {program}-1 of '{program}' is open" in second.err

    await people.upsert_many(pool, [Person("ana", "mentor", "Ana Ruiz"), Person("l-0", "learner", "Lea Brandt")])
    named = (await typed(trellis, "show", program)).out
    assert ("Ana Ruiz (ana)" in named, "Lea Brandt (l-0)" in named) == (True, True)
    shown = (await typed(trellis, "show", program, "--json")).json
    without = shown["left"][0]["learner"]
    explained = await typed(trellis, "explain", without)
    assert "1 mentor fits, but every place would cost more" in explained.out
    told = (await typed(trellis, "explain", "l-0", "--json")).json
    assert told["names"] == {"ana": "Ana Ruiz", "l-0": "Lea Brandt"}
    told = (await typed(trellis, "what-if", "--learner", without, "--mentor", "ana", "--json")).json
    assert (told["round"], told["what_if"]["possible"]) == (f"{program}-1", True)

    pinned = await typed(trellis, "pin", program, without, "ana", "--reason", "they know each other")
    assert f"trellis match again {program}" in pinned.out
    stale = await typed(trellis, "release", program, exit_code=Exit.FAILED)
    assert "make it again first" in stale.err
    again = (await typed(trellis, "again", program, "--json")).json
    assert without in {one["learner"] for one in again["pairs"] if one["pinned"]}
    assert "proof holds" in (await typed(trellis, "verify", program)).out

    await typed(trellis, "release", program, "--draft", "2", "--by", "ops:eva")
    await matching.temporal.client.get_workflow_handle(f"matching-{program}").result()
    released = await typed(trellis, "show", program)
    assert "Of 2 pairs: 2 proposed, waiting for an answer" in released.out
    decline = {"by": "mentor:ana", "answer": "decline", "code": "no-time"}
    await matching.journeys.send(JourneyId(f"{program}.{without}"), "answer_offer", decline)
    assert "1 declined" in (await typed(trellis, "show", program, "--round", "1")).out

    back = await typed(trellis, "take-back", program, "--reason", "the wrong list")
    assert "1 proposal withdrawn, 1 kept" in back.out
    listed = await typed(trellis, "list", program)
    assert "taken back" in listed.out
    (row,) = (await typed(trellis, "list", program, "--json")).json
    assert (row["round"], row["sent"], row["withdrawn"]) == (f"{program}-1", 2, 1)


def test_rules_are_listed_by_what_they_exclude() -> None:
    pairs = {"channel": 1, "capacity": 2, "mentor_type": 6, "checks_valid": 2, "common_hours": 9, "leave": 1}
    assert by_rule(pairs) == "common hours 9, mentor type 6, capacity 2, checks valid 2, channel 1"


async def test_what_is_wrong_is_said_in_words(trellis: Trellis, matching: Matching) -> None:
    program = matching.program
    for arguments, exit_code, says in (
        (("show", program), Exit.FAILED, "has no round yet"),
        (("show", "nowhere"), Exit.BAD_INPUT, "no kit of the program 'nowhere'"),
        (("round", "nowhere"), Exit.BAD_INPUT, "no kit of the program 'nowhere'"),
        (("verify", program, "--round", "7"), Exit.FAILED, "has no round 7"),
        (("pin", program, "l-1", "ana"), Exit.FAILED, "begin one with `trellis match round"),
        (("pin", program, "l 1", "ana"), Exit.BAD_INPUT, "learner"),
        (("explain", "l-1"), Exit.FAILED, "no recent round has a learner 'l-1'"),
        (("take-back", program), Exit.FAILED, "there is no such round"),
    ):
        said = await typed(trellis, *arguments, exit_code=exit_code)
        assert says in said.err, (arguments, said.err)


async def test_the_api_shows_the_same(trellis: Trellis, matching: Matching, pool: Pool) -> None:
    program = matching.program
    await matching.waiting(range(2))
    await typed(trellis, "round", program)
    await matching.shown()
    app = create_app(pool, JourneyClient(matching.temporal.client), {})
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        base = f"/api/programs/{program}/rounds"
        assert [one["phase"] for one in (await client.get(base)).json()] == ["drafted"]
        latest, first = (await client.get(f"{base}/latest")).json(), (await client.get(f"{base}/1")).json()
        assert latest == first
        learner = first["pairs"][0]["learner"]
        explained = (await client.get(f"{base}/1/learners/{learner}")).json()
        assert explained["explanation"]["mentor"] == "ana"
        imagined = await client.get(f"{base}/1/learners/{learner}/mentors/ana")
        assert imagined.json()["what_if"]["choice"]["price"] == 0
        verified = (await client.get(f"{base}/1/verification")).json()
        assert (verified["proven"], verified["same_pairs"], verified["says"]) == (True, True, "")
        for missing in (f"{base}/2", "/api/programs/nowhere/rounds", f"{base}/1/learners/nobody"):
            assert (await client.get(missing)).status_code == 404, missing


async def test_a_draft_that_was_tampered_with_does_not_verify(trellis: Trellis, matching: Matching, pool: Pool) -> None:
    await matching.waiting(range(2))
    await typed(trellis, "round", matching.program)
    digest = await pool.fetchval("select digest from trellis.pools")
    kept = await pools.get(pool, digest)
    assert kept
    await pool.execute("delete from trellis.pools")
    await pools.put(pool, digest, matching.program, kept.replace('"learner":"l-0"', '"learner":"l-9"'))
    other = await typed(trellis, "verify", matching.program, exit_code=Exit.FAILED)
    assert "another one than the draft was made from" in other.out
    await pool.execute("delete from trellis.pools")
    gone = await typed(trellis, "verify", matching.program, exit_code=Exit.FAILED)
    assert "cannot be calculated again" in gone.err
