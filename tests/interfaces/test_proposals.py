"""Proposals through their doors: the API, the command line, and the view behind both."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from temporalio.testing import WorkflowEnvironment

from client.journeys import JourneyClient
from kits.loading import load_kit, publish
from projections.runner import catch_up
from runtime.exits import Exit
from store import sequencer
from store.database import Pool
from tests.commands import Trellis
from tests.interfaces.calling import calling, guarded_app, key_of
from tests.interfaces.filling import Filling
from tests.support.small_kit import SMALL

Client = httpx2.AsyncClient
SAME = {"sec-fetch-site": "same-origin"}
WANTED = {
    "title": "Shorten the intake",
    "text": "Lea wrote that it is too long.",
    "evidence": [{"says": "38 % stop at question 7", "source": "intake", "n": 160, "estimate": 0.38}],
}


@pytest.fixture
def app(temporal: WorkflowEnvironment, pool: Pool) -> FastAPI:
    return guarded_app(pool, JourneyClient(temporal.client))


@pytest.fixture
async def small(pool: Pool, tmp_path: Path) -> str:
    (tmp_path / "program.yaml").write_text(SMALL)
    await publish(pool, load_kit(tmp_path))
    return "small"


@pytest.fixture
async def ops(app: FastAPI, pool: Pool, small: str) -> AsyncIterator[Client]:
    async with calling(app, await key_of(pool, "ops", programs=[small])) as client:
        yield client


async def shown(pool: Pool, dsn: str) -> None:
    await sequencer.drain(dsn)
    await catch_up(dsn)


async def test_a_proposal_goes_from_the_idea_to_what_became_of_it(
    ops: Client, app: FastAPI, pool: Pool, dsn: str
) -> None:
    made = (await ops.post("/v1/programs/small/proposals", json=WANTED)).json()
    assert (made["id"], made["status"], made["owner"]) == ("small-1", "proposed", "ops:test")
    again = (await ops.post("/v1/programs/small/proposals", json=WANTED)).json()
    assert (again["id"], again["version"]) == ("small-1", 1)
    other = (await ops.post("/v1/programs/small/proposals", json=WANTED | {"title": "Drop question 7"})).json()
    assert other["id"] == "small-2"
    await shown(pool, dsn)
    third = (await ops.post("/v1/programs/small/proposals", json=WANTED)).json()
    assert third["id"] == "small-3", "an earlier one that says the same is not taken for the latest"

    early = await ops.post("/v1/proposals/small-1/try", json={"version": "1"})
    assert (early.status_code, early.json()["code"]) == (409, "proposal_status")
    assert (await ops.post("/v1/proposals/small-1/decide", json={"decision": "accepted", "reason": "yes"})).is_success
    missing = await ops.post("/v1/proposals/small-1/try", json={"version": "9"})
    assert missing.status_code == 404
    assert (await ops.post("/v1/proposals/small-1/try", json={"cohort": "small.9"})).status_code == 404
    assert (await ops.post("/v1/proposals/small-1/try", json={})).status_code == 422
    tried = (await ops.post("/v1/proposals/small-1/try", json={"version": "1"})).json()
    assert [one["version"] for one in tried["tried"]] == ["1"]
    kept = await ops.post("/v1/proposals/small-1/keep", json={"reason": "12 % stop now"})
    assert kept.json()["ended"]["reason"] == "12 % stop now"
    assert (await ops.post("/v1/proposals/small-2/assign", json={"owner": "ops:ben"})).json()["owner"] == "ops:ben"

    await shown(pool, dsn)
    first = (await ops.get("/v1/proposals", params={"limit": 2})).json()
    rest = (await ops.get("/v1/proposals", params={"limit": 2, "after": first["next"]})).json()
    assert [one["id"] for one in first["rows"] + rest["rows"]] == ["small-3", "small-2", "small-1"]
    assert rest["next"] is None
    assert rest["rows"][0] | {"status": "kept", "kit_version": "1", "evidence": 1} == rest["rows"][0]
    only = (await ops.get("/v1/proposals", params={"status": ["kept", "dropped"]})).json()
    assert [one["id"] for one in only["rows"]] == ["small-1"]
    async with calling(app, await key_of(pool, "observer")) as observer:
        listed = (await observer.get("/v1/proposals")).text
        assert "Shorten the intake" in listed and "Lea" not in listed
        assert (await observer.get("/v1/proposals/small-1")).status_code == 403


async def test_what_is_not_there_and_what_is_not_theirs_are_refused_alike(
    ops: Client, app: FastAPI, pool: Pool, dsn: str, tmp_path: Path
) -> None:
    (tmp_path / "program.yaml").write_text(SMALL.replace("program: small", "program: other"))
    await publish(pool, load_kit(tmp_path))
    await ops.post("/v1/programs/small/proposals", json=WANTED)
    await shown(pool, dsn)
    async with calling(app, await key_of(pool, "ops", programs=["other"])) as stranger:
        theirs = await stranger.get("/v1/proposals/small-1")
        none = await stranger.get("/v1/proposals/small-9")
        assert (theirs.status_code, none.status_code) == (404, 404)
        assert theirs.json()["detail"].replace("small-1", "") == none.json()["detail"].replace("small-9", "")
        assert (await stranger.get("/v1/proposals")).json()["rows"] == []
        assert (await stranger.get("/v1/proposals", params={"program": "small"})).json()["rows"] == []
        assert (await stranger.post("/v1/programs/small/proposals", json=WANTED)).status_code == 404
    assert (await ops.post("/v1/proposals/small-9/drop", json={"reason": "x"})).status_code == 404
    assert (await ops.post("/v1/programs/other/proposals", json=WANTED)).status_code == 404


async def test_a_proposal_is_made_decided_tried_and_kept_on_its_pages(
    browser: Client, small: str, pool: Pool, dsn: str
) -> None:
    await shown(pool, dsn)
    filling, base = Filling(browser), f"/programs/{small}/proposals"
    nameless = await filling.send(base, base, {"text": "It is too long"})
    assert (nameless.status_code, "It is too long" in nameless.text) == (422, True)
    made = await filling.fill(nameless.text, base, {"title": "Shorten the intake"})
    page = f"/proposals/{small}-1"
    assert (made.status_code, made.headers["location"]) == (303, page)
    undecided = await filling.send(page, f"{page}/decide", {"reason": "good"})
    assert (undecided.status_code, "This is needed" in undecided.text) == (422, True)
    accepted = await filling.fill(undecided.text, f"{page}/decide", {"decision": "accepted"})
    tried = await filling.fill(await filling.done(accepted), f"{page}/try", {"version": "1"})
    kept = await filling.fill(await filling.done(tried), f"{page}/keep", {"reason": "More finish it"})
    assert "The proposal is kept" in await filling.done(kept)
    late = await browser.post(f"{page}/decide", data={"decision": "declined", "reason": "late"}, headers=SAME)
    assert (late.status_code, "Please check" in late.text) == (409, True)


async def test_from_the_command_line(trellis: Trellis, program: str, tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text(
        '{"evidence": [{"says": "clarity is lower with m-7", "source": "feedback", "low": -1, "high": -0.2}]}'
    )
    made = await trellis(
        *("proposals", "make", program, "Shorten the intake", "--text", "it is long", "--evidence", "38 % stop"),
        *("--evidence-file", str(file), "--by", "ops:ana", "--json"),
    )
    assert made.exit == Exit.OK, made.err
    proposal = made.json["id"]
    assert (await trellis("proposals", "accept", proposal, "--reason", "clear")).exit == Exit.OK
    assert (await trellis("proposals", "try", proposal, "--version", "1")).exit == Exit.OK
    assert (await trellis("proposals", "keep", proposal, "--reason", "it helped")).exit == Exit.OK
    refused = await trellis("proposals", "decline", proposal, "--reason", "no")
    assert refused.exit == Exit.FAILED and "the proposal is kept" in refused.err
    shown = await trellis("proposals", "show", proposal)
    for words in (
        "Shorten the intake",
        "38 % stop",
        "interval -1 to -0.2",
        "tried",
        "version 1",
        "it helped",
        "ops:ana",
    ):
        assert words in shown.out
    listed = await trellis("proposals", "list", "--program", program, "--status", "kept")
    assert proposal in listed.out and "version 1" in listed.out
    assert "No proposals match" in (await trellis("proposals", "list", "--program", "none")).out
    assert (await trellis("proposals", "show", "none-1")).exit == Exit.FAILED
    assert (await trellis("proposals", "try", proposal)).exit == Exit.BAD_INPUT
