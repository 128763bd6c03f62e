"""The pages: their tables, and what people have written is shown as text."""

import re
from pathlib import Path

import httpx2
import pytest

from domain.ids import KitDigest, journey_stream
from domain.journey import events as e
from domain.kit import Kit
from store import people
from store.codec import encode
from store.database import Pool
from store.event_log import EventLog
from store.people import Person
from tests.interfaces.visiting import Tables
from tests.projections.stories import AT, DAY, KIT, journey, publish

ROOT = Path(__file__).parents[2]


@pytest.mark.usefixtures("three_journeys")
async def test_the_board_as_a_page(browser: httpx2.AsyncClient) -> None:
    page = await browser.get("/journeys?show=all")
    assert page.headers["content-type"].startswith("text/html")
    tables = Tables(page.text)
    assert tables.open == []
    for expected in (
        "Ada <b>Brook</b>",
        "Max Stone",
        "completed",
        "warning",
        "3 journeys",
    ):
        assert expected in tables.said
    assert "http://" not in page.text.replace("http://localhost", ""), "nothing comes from elsewhere"


@pytest.mark.usefixtures("three_journeys")
async def test_a_journey_as_a_page(browser: httpx2.AsyncClient) -> None:
    page = await browser.get(f"/journeys/{journey(1)}?part=history")
    tables = Tables(page.text)
    assert tables.open == []
    assert "Mentor Max Stone was matched" in tables.said


@pytest.mark.usefixtures("three_journeys")
async def test_what_a_kit_has_to_read_is_a_link_away(browser: httpx2.AsyncClient, pool: Pool) -> None:
    guides = {"checklists": {"first": ("Listen",)}, "texts": {"guides/a b.md": "# <b>Read</b>"}}
    kit = Kit.model_validate(KIT.model_dump() | {"version": "guided"} | guides)
    await publish(pool, kit)
    moved = e.MovedToKit(at=AT + 16 * DAY, kit=KitDigest(kit.digest), reason="a new version")
    await EventLog(pool).append(journey_stream(journey(1)), 8, "moved", encode([moved], "moved"))
    page = await browser.get(f"/journeys/{journey(1)}?part=learner")
    address = f"/journeys/{journey(1)}/guides/guides/a%20b.md"
    assert f'href="{address}">&lt;b&gt;Read&lt;/b&gt;</a>' in page.text, "by its title"
    assert "&lt;b&gt;Read&lt;/b&gt;" in (await browser.get(address)).text
    assert "<li>Listen</li>" in (await browser.get(f"/journeys/{journey(1)}/guides/first")).text
    assert (await browser.get(f"/journeys/{journey(1)}/guides/nothing")).status_code == 404


@pytest.mark.usefixtures("three_journeys")
async def test_why_a_journey_stands_where_it_does(browser: httpx2.AsyncClient) -> None:
    told = (await browser.get(f"/api/journeys/{journey(0)}/why")).json()
    assert (told["stage"], told["waits"][0]["duty"], told["last"]["by"]) == ("intake", "intake", None)
    page = (await browser.get(f"/journeys/{journey(0)}")).text
    assert "What is awaited</h2>" in page
    assert f'action="/journeys/{journey(0)}/submit_intake"' in page
    assert (await browser.get("/api/journeys/nobody/why")).status_code == 404


@pytest.mark.usefixtures("three_journeys")
async def test_the_learner_and_the_sessions_of_a_journey(browser: httpx2.AsyncClient, pool: Pool) -> None:
    profile = (await browser.get(f"/api/journeys/{journey(1)}/profile")).json()
    assert (profile["mentor"], profile["progress"]["sessions"]["held"]) == ({"id": "m-1", "name": "Max Stone"}, 1)
    sessions = (await browser.get(f"/api/journeys/{journey(1)}/sessions")).json()
    assert [(one["title"], one["attendance"]) for one in sessions["sessions"]] == [("First meeting", "attended")]

    await people.upsert_many(pool, [Person("l-1", "learner", "Eve <i>", time_zone="Asia/Tokyo")])
    flag = e.RiskFlagRaised(at=AT + 16 * DAY, flag="ill", notes="<script>")
    await EventLog(pool).append(journey_stream(journey(1)), 8, "flag", encode([flag], "flag"))
    said: list[str] = []
    for part in ("learner", "sessions"):
        tables = Tables((await browser.get(f"/journeys/{journey(1)}?part={part}")).text)
        assert tables.open == []
        said += tables.said
    for expected in ("Eve <i> (l-1)", "Intake answers", "First meeting", "21 Jan 2026: <script>"):
        assert expected in said


def test_no_template_of_a_page_turns_escaping_off() -> None:
    templates = list((ROOT / "interfaces/http/templates").glob("*.html"))
    assert len(templates) > 5
    assert not [one.name for one in templates if re.search(r"\bsafe\b|autoescape", one.read_text())]
