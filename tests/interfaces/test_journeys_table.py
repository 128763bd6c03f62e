"""The table of journeys as a page: filters, order, counts, saved views; and bulk actions that begin there."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from html import unescape

import httpx2
import pytest

from client.journeys import JourneyClient
from domain.access import KeyRole
from domain.journey.events import RiskFlagRaised
from interfaces.http.pages.bulk import routes
from projections.runner import catch_up
from store import people, sequencer
from store.database import Pool
from store.event_log import EventLog
from store.people import Person
from tests.interfaces.calling import calling, guarded_app, key_of
from tests.interfaces.visiting import Tables
from tests.projections.stories import journey, story, tell

pytestmark = pytest.mark.usefixtures("three_journeys")
_HTML = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}


def learners(page: str) -> list[str]:
    return re.findall(r'<th scope="row"[^>]*><a href="/journeys/ready\.(l-\d)"', page)


def hidden(page: str, action: str) -> Mapping[str, str]:
    form = unescape(page).split(f'action="{action}"')[1].split("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))


async def test_filters_are_in_the_address_and_can_be_taken_away(browser: httpx2.AsyncClient) -> None:
    page = (await browser.get("/journeys")).text
    assert Tables(page).open == []
    assert (learners(page), "2 journeys" in page) == (["l-0", "l-1"], True)
    every = (await browser.get("/journeys?show=all&sort=journey&stage=&program=ready&waiting_on=")).text
    assert learners(every) == ["l-0", "l-1", "l-2"]
    assert 'aria-sort="descending"' in (await browser.get("/journeys?sort=attention")).text

    narrow = (await browser.get("/journeys?search=ada&stage=intake&overdue=true")).text
    assert learners(narrow) == ["l-0"]
    assert 'href="/journeys?stage=intake&amp;search=ada"' in narrow
    assert learners((await browser.get("/journeys?mentor=max+stone")).text) == ["l-1"]
    none = (await browser.get("/journeys?search=nobody")).text
    assert "No journey matches." in none
    for wrong in ("show=perhaps", "sort=up", "nothing=1", "after=x"):
        assert (await browser.get(f"/journeys?{wrong}")).status_code == 422, wrong


async def test_journeys_are_found_by_a_risk_flag(browser: httpx2.AsyncClient, pool: Pool, dsn: str) -> None:
    flagged = RiskFlagRaised(at=datetime(2026, 1, 20, tzinfo=UTC), flag="burnout")
    await tell(EventLog(pool), 1, (*story(1, 8), flagged), after=8)
    await sequencer.drain(dsn)
    await catch_up(dsn)
    for flag, chip in (("burnout", "risk flag: burnout"), ("any", "any risk flag")):
        page = (await browser.get(f"/journeys?flag={flag}&program=ready")).text
        assert (learners(page), chip in page, "flagged: burnout" in page) == (["l-1"], True, True)
        assert f'<option value="{flag}" selected>' in page
    assert "No journey matches." in (await browser.get("/journeys?flag=sad")).text
    assert "burnout, raised" in (await browser.get(f"/journeys/{journey(1)}")).text


async def test_pages_follow_one_another_with_all_filters(browser: httpx2.AsyncClient) -> None:
    first = (await browser.get("/journeys?show=all&sort=name&limit=2")).text
    assert (learners(first), "3 journeys, 2 on this page" in first) == (["l-0", "l-1"], True)
    following = re.search(r'href="(/journeys\?[^"]*after=[^"]*)" rel="next"', first)
    assert following is not None
    second = (await browser.get(following[1].replace("&amp;", "&") + "&limit=2")).text
    assert (learners(second), "First page" in second) == (["l-2"], True)


async def test_a_mentor_of_a_common_name_is_asked_for_by_id(browser: httpx2.AsyncClient, pool: Pool) -> None:
    await people.upsert_many(pool, [Person("m-9", "mentor", "Max Sterling")])
    page = (await browser.get("/journeys?mentor=max")).text
    assert "2 mentors have a name like max" in page


async def test_roles_see_what_they_may(pool: Pool, journeys: JourneyClient) -> None:
    app = guarded_app(pool, journeys)
    async with calling(app, await key_of(pool, "observer")) as observer:
        page = (await observer.get("/journeys", headers=_HTML)).text
        assert "Ada" not in page
        assert re.findall(r'<tr id="row-ready.(l-\d)', page) == ["l-0", "l-1"]
        assert not any(one in page for one in ("Save this view", "/bulk/new", 'href="/journeys/', 'href="/mentors/'))
    async with calling(app, await key_of(pool, KeyRole.MENTOR, mentor="m-1")) as mentor:
        page = (await mentor.get("/journeys", headers=_HTML)).text
        assert (learners(page), "Save this view" in page, 'aria-label="Stages"' in page) == (["l-1"], True, False)
        assert (await mentor.get("/bulk", headers=_HTML)).status_code == 403


async def test_a_view_is_saved_on_the_page_and_deleted(browser: httpx2.AsyncClient) -> None:
    browser.headers.update(_HTML)
    page = (await browser.get("/journeys?show=all&stage=intake&sort=since")).text
    given = {**hidden(page, "/saved-views"), "name": "New ones"}
    saved = await browser.post("/saved-views", data=given)
    assert (saved.status_code, saved.headers["location"]) == (303, "/journeys?stage=intake&sort=since&show=all")
    page = (await browser.get("/journeys")).text
    address = "/journeys?sort=since&amp;stage=intake&amp;show=all"
    assert f'<a href="{address}">New ones</a>' in page
    shown = (await browser.get(address.replace("&amp;", "&"))).text
    assert f'<a href="{address}" aria-current="page">New ones</a>' in shown

    nameless = await browser.post("/saved-views", data={**given, "name": " "})
    assert (nameless.status_code, "This is needed." in nameless.text) == (422, True)
    forget = re.search(r'action="(/saved-views/\w+/forget)"', page)
    assert forget is not None
    assert (await browser.post(forget[1])).status_code == 303
    assert "New ones</a>" not in (await browser.get("/journeys")).text


async def test_ticked_journeys_become_a_bulk_action_with_its_dry_run(
    browser: httpx2.AsyncClient, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.headers.update(_HTML)
    chosen = f"journeys={journey(0)}&journeys={journey(2)}"
    page = (await browser.get(f"/bulk/new?{chosen}&action=pause")).text
    assert "Do something with 2 journeys" in page
    action = re.search(r'method="post" action="(/bulk\?[^"]*)"', page)
    assert action is not None
    address = action[1].replace("&amp;", "&")
    empty = await browser.post(address, data={"until": "no time"})
    assert (empty.status_code, "This is not a time" in empty.text) == (422, True)

    planned = await browser.post(address, data={"reason": "the holidays"})
    plan = (await browser.get(planned.headers["location"])).text
    assert "Pause for 2 journeys?" in (await browser.get(planned.headers["location"])).text
    assert len(await pool.fetch("select from trellis.streams where stream like 'bulk-%'")) == 1
    monkeypatch.setattr(routes, "_MOST_PLANS", 0)  # as in another process
    assert "Pause for 2 journeys?" in plan
    assert re.findall(r"<strong>(\d+)</strong>", plan) == ["1", "0", "1"]
    begin = re.search(r'action="(/bulk/\w+)/begin"', plan)
    assert begin is not None
    shown = (await browser.get(begin[1])).text
    assert ("planned" in shown, "the holidays" in shown, "2 journeys, chosen one by one" in shown) == (True, True, True)
    anew = (await browser.get(planned.headers["location"])).text
    assert re.findall(r"<strong>(\d+)</strong>", anew) == ["1", "0", "1"]
    back = re.search(r'href="(/bulk/new[^"]*)"', anew)
    assert back and (await browser.get(unescape(back[1]))).text.count("Do something with 2 journeys") == 1
    begun = await browser.post(f"{begin[1]}/begin", data={})
    assert (begun.status_code, begun.headers["location"]) == (303, begin[1])
    assert (await browser.get(planned.headers["location"])).headers["location"] == begin[1]
    assert "running" in (await browser.get(begin[1])).text
    assert (await browser.post(f"{begin[1]}/pause", data={})).status_code == 303
    assert (await browser.post(f"{begin[1]}/resume", data={})).status_code == 303
    asks = await browser.post(f"{begin[1]}/stop", data={"reason": "enough"})
    assert (asks.status_code, "stay as they are, for good" in asks.text) == (200, True)
    assert (await browser.post(f"{begin[1]}/stop", data={"reason": "enough", "confirmed": "yes"})).status_code == 303
    over = (await browser.get(f"{begin[1]}?outcome=left")).text
    assert ("stopped" in over, "enough" in over, f"{begin[1]}/stop" in over) == (True, True, False)
    assert (await browser.post(f"{begin[1]}/resume", data={})).status_code == 409


async def test_a_search_becomes_the_journeys_that_it_finds(browser: httpx2.AsyncClient) -> None:
    page = (await browser.get("/bulk/new?search=ada&open=true")).text
    assert ("Do something with 1 journey<" in page, "Write a message" in page) == (True, True)
    for nothing in ("", "?open=true", "?search=nobody", "?nothing=1", "?attention=mild"):
        assert (await browser.get(f"/bulk/new{nothing}")).status_code == 422, nothing
    assert (await browser.get("/bulk/new?stage=intake&action=nothing")).status_code == 404
    for action in ("message", "reassign", "move_to_kit", "withdraw"):
        assert (await browser.get(f"/bulk/new?program=ready&action={action}")).status_code == 200, action
    assert (await browser.get("/bulk")).status_code == 200
