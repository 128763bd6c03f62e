"""The feedback of a term with a weak template, through its doors: the API, the command line, and the page."""

import asyncio
import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from temporalio.testing import WorkflowEnvironment

from client.journeys import JourneyClient
from runtime.exits import Exit
from store.database import Pool
from tests.commands import Trellis
from tests.interfaces.calling import calling, guarded_app, key_of
from tests.interfaces.filling import Filling, Forms
from tests.queries.answering import Faults, answer, term


@pytest.fixture
def app(temporal: WorkflowEnvironment, pool: Pool) -> FastAPI:
    return guarded_app(pool, JourneyClient(temporal.client))


async def test_a_weak_template_is_found_and_told_from_its_symptoms(
    trellis: Trellis, program: str, pool: Pool, app: FastAPI, dsn: str
) -> None:
    await answer(pool, dsn, program, term(1, Faults(template=1.0), learners=120), datetime.now(UTC))
    address = f"/v1/programs/{program}/feedback"
    async with calling(app, await key_of(pool, "ops")) as ops:
        found = (await ops.get(address)).json()
        page = (await ops.get(f"/programs/{program}/feedback")).text
        await propose(ops, program, found["findings"][0]["says"])
    first = found["findings"][0]
    assert (first["place"]["level"], first["place"]["group"]) == ("template", "vague-steps")
    assert first["difference"] < first["high"] < 0
    assert all(one["explained_by"]["group"] == "vague-steps" for one in found["findings"] if one["explained_by"])
    sessions = [one for one in found["findings"] if one["place"]["group"] in ("s3", "s6")]
    assert sessions and all(one["explained_by"] for one in sessions)
    assert "with the template vague-steps" in first["says"] and "points" not in first["says"]
    assert found["evidence"][0]["says"] == first["says"]
    assert "What stands out" in page and "with the template vague-steps" in page

    async with calling(app, await key_of(pool, "observer")) as observer:
        seen = (await observer.get(address)).json()
    levels = {group["level"] for one in seen["questions"] for group in one["groups"]}
    assert "mentor" not in levels and "template" in levels
    assert "m-0" not in str(seen)

    said = await trellis("feedback", program, "--by", "template")
    assert re.search(r"with the template vague-steps: \d\.\d\d, elsewhere", said.out), said.out
    assert "stands out" in said.out and "It goes with what stands out with the template vague-steps" in said.out
    file = Path("feedback.json")
    await asyncio.to_thread(file.write_text, (await trellis("feedback", program, "--json")).out)
    made = await trellis("proposals", "make", program, "Say the steps", "--evidence-file", "feedback.json", "--json")
    assert made.json["evidence"][0]["says"] == first["says"]


async def propose(ops: httpx2.AsyncClient, program: str, says: str) -> None:
    """From a finding to a proposal that has it as its evidence."""
    filling, base = Filling(ops), f"/programs/{program}/proposals"
    address = f"/programs/{program}/findings?source=feedback"
    forms = Forms(await filling.read(address)).found
    evidence = next(one["evidence"] for to, one in forms if to == base and says in one["evidence"])
    nameless = await filling.send(address, base, {"title": ""}, holding=evidence)
    assert (nameless.status_code, says in unescape(nameless.text)) == (422, True), "the evidence stays with the form"
    made = await filling.fill(nameless.text, base, {"title": "Say the steps"}, holding=evidence)
    kept = await ops.get(f"/v1{made.headers['location']}")
    assert [one["says"] for one in kept.json()["evidence"]] == [says]
    spoiled = await filling.send(address, base, {"title": "x", "evidence": "["}, holding=evidence)
    assert (spoiled.status_code, "load the page again" in spoiled.text) == (422, True)


async def test_a_period_that_ends_before_it_begins_is_refused(trellis: Trellis, program: str) -> None:
    said = await trellis("feedback", program, "--since", "2026-03-01", "--until", "2026-02-01")
    assert said.exit == Exit.BAD_INPUT and "is not before" in said.err
    empty = await trellis("feedback", program)
    assert "Nobody has answered a survey" in empty.out
    assert (await trellis("feedback", "none")).exit != 0
