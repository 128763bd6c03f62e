"""The page of findings: what detectors found is read, filtered and judged on pages."""

from datetime import UTC, datetime

import httpx2
import pytest

from domain.finding import FindingRaised, finding_id, findings_stream
from domain.ids import MentorId, ProgramId, SessionId
from interfaces.http.pages.improving.findings import PAGE, drift_page
from projections.runner import catch_up
from queries.findings import Drift
from store import sequencer
from store.codec import encode
from store.database import Pool
from store.event_log import EventLog
from tests.interfaces.filling import Filling
from tests.interfaces.visiting import Tables
from tests.projections.stories import journey

BASE = "/programs/ready/findings"


@pytest.fixture
async def vague(three_journeys: None, pool: Pool, dsn: str) -> str:
    """A finding in the second journey."""
    one = journey(1)
    raised = FindingRaised(
        at=datetime.now(UTC),
        finding=finding_id("vague_step", 1, one, "kickoff", "step 1"),
        detector="vague_step",
        detector_version=1,
        program=ProgramId("ready"),
        journey=one,
        session=SessionId("kickoff"),
        mentor=MentorId("m-1"),
        subject="step 1",
        because="Nobody can tell when it is done.",
        quotes=("work <i>on</i> it",),
    )
    await EventLog(pool).append(findings_stream(one), 0, "found", encode([raised], "found"))
    await shown(pool, dsn)
    return raised.finding


async def shown(pool: Pool, dsn: str) -> None:
    await sequencer.drain(dsn)
    await catch_up(dsn)


async def test_a_finding_is_read_and_judged(browser: httpx2.AsyncClient, vague: str, pool: Pool, dsn: str) -> None:
    filling, page = Filling(browser), f"/findings/{vague}"
    listed = await filling.read(BASE)
    assert Tables(listed).open == []
    assert "Max Stone" in listed and f'href="{page}"' in listed and "work &lt;i&gt;" not in listed
    read = await filling.read(page)
    assert Tables(read).open == []
    assert f'href="{BASE}" aria-current="page"' in read, "the links of its program are there"
    assert "work &lt;i&gt;on&lt;/i&gt; it" in read and "Nobody can tell when it is done." in read
    wordless = await filling.fill(read, f"{page}/dismiss")
    assert (wordless.status_code, "This is needed" in wordless.text) == (422, True)
    done = await filling.fill(read, f"{page}/confirm")
    assert (done.status_code, done.headers["location"]) == (303, BASE)
    await shown(pool, dsn)
    assert page not in await filling.read(BASE), "it is judged"
    changed = await filling.send(page, f"{page}/dismiss", {"reason": "it was clear"})
    assert changed.status_code == 303
    await shown(pool, dsn)
    assert "it was clear" in await filling.read(page)


def test_the_list_of_drifting_mentors_is_read_in_pages() -> None:
    found = [Drift(MentorId(f"m-{nth:03}"), "marks", 9, 4.0, 1.0, 3.0) for nth in range(2 * PAGE + 1)]
    found.insert(PAGE, Drift(found[PAGE - 1].mentor, "notes", 9, 0.5, 0.0, 0.3))  # two of one mentor
    read, after, pages = list[Drift](), "", 0
    while True:
        shown, more = drift_page(found, after)
        read, pages = [*read, *shown], pages + 1
        if more is None:
            break
        after = more
    assert (read, pages) == (found, 3)
    assert drift_page([], "") == ([], None)


async def test_findings_are_filtered(browser: httpx2.AsyncClient, vague: str) -> None:
    filling = Filling(browser)
    for query in ("?mentor=max", "?mentor=m-1&standing=all", "?source=sessions&detector=vague_step", "?source="):
        assert vague in await filling.read(BASE + query), query
    for query in ("?mentor=nobody", "?standing=confirmed", "?detector=other", "?source=drift", "?source=feedback"):
        assert vague not in await filling.read(BASE + query), query
    assert (await browser.get(f"{BASE}?standing=odd", headers={"accept": "text/html"})).status_code == 422
    assert (await browser.get("/programs/none/findings")).status_code == 404
    assert (await browser.get("/findings/none")).status_code == 404
