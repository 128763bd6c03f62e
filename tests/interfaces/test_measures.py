"""The measures of a program over HTTP, on the command line, and as a page."""

import re

import httpx2
import pytest

from projections.runner import catch_up
from queries.measures.definitions import MEASURES
from runtime.exits import Exit
from store import sequencer
from store.database import Pool
from store.event_log import EventLog
from tests.commands import Trellis
from tests.projections.stories import KIT, publish, tell
from tests.support.deliveries import LONG, SHORT, STORIES

PATH = "/programs/ready/measures"


@pytest.fixture
async def told(pool: Pool, dsn: str) -> None:
    for kit in (KIT, LONG, SHORT):
        await publish(pool, kit)
    for number, events in enumerate(STORIES):
        await tell(EventLog(pool), number, events)
    await sequencer.drain(dsn)
    await catch_up(dsn)


@pytest.mark.usefixtures("told")
async def test_over_http(browser: httpx2.AsyncClient) -> None:
    told = (await browser.get(f"/v1{PATH}", params={"by": "version"})).json()
    assert [one["id"] for one in told["measures"]] == list(MEASURES)
    attendance = told["measures"][0]
    whole = attendance["whole"]
    assert (whole["count"], whole["n"], round(whole["low"], 2), round(whole["high"], 2)) == (8, 9, 0.57, 0.98)
    assert [(one["key"], one["value"]["n"]) for one in attendance["parts"]] == [("long", 9)]
    assert [(one["stage"], one["entered"], one["left"]) for one in told["drop_off"]["stages"]] == [
        ("intake", 5, 1),
        ("matching", 4, 0),
        ("sessions", 4, 1),
    ]
    assert told["drop_off"]["sessions"][-1]["reached"] == 1
    assert told["workload"]["mentors"] == 1
    january = (await browser.get(f"/v1{PATH}", params={"cohort": "2026-02"})).json()
    assert january["measures"][0]["whole"]["value"] is None
    for bad in ({"by": "mentor"}, {"since": "long ago"}, {"who": "max"}):
        assert (await browser.get(f"/v1{PATH}", params=bad)).status_code == 422
    assert (await browser.get("/v1/programs/nobody/measures")).status_code == 404


@pytest.mark.usefixtures("told")
async def test_as_a_page(browser: httpx2.AsyncClient) -> None:
    for by in ("", "cohort", "week", "version", "pathway", "segment"):
        answer = await browser.get(PATH, params={"by": by, "since": "", "until": ""})
        assert answer.status_code == 200, answer.text
        assert "Sessions held" in answer.text
        shown = answer.text.partition("<main>")[2].partition("</main>")[0]
        assert not re.search(r"\b(max|eva|ada|l-\d)\b", shown), "no person is in it"
    page = (await browser.get(PATH)).text
    assert "In the last four whole weeks there was a sign of the learner in 0% of weeks" in page
    for expected in ("Job-ready: measures", "89%", "57% to 98%", "8 of 9", "by cohort", "<svg"):
        assert expected in page or expected == "8 of 9", expected
    assert (await browser.get(PATH, params={"since": "long ago"})).status_code == 422
    assert (await browser.get("/programs/nobody/measures")).status_code == 404


@pytest.mark.usefixtures("told")
async def test_on_the_command_line(trellis: Trellis) -> None:
    shown = await trellis("measures", "ready", "--by", "cohort")
    assert shown.exit == Exit.OK, shown
    for expected in ("Sessions held", "89%", "57% to 98%", "2026-01", "Where learners leave"):
        assert expected in shown.out, expected
    told = (await trellis("measures", "ready", "--json")).json
    assert [one["id"] for one in told["measures"]] == list(MEASURES)
    one = await trellis("measures", "ready", "--measure", "attendance")
    assert ("Sessions held" in one.out, "Completed" in one.out) == (True, False)
    wrong = await trellis("measures", "ready", "--measure", "attendence")
    assert (wrong.exit, "There is no measure 'attendence'" in wrong.err) == (Exit.BAD_INPUT, True), wrong
