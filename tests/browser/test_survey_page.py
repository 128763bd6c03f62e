"""The form of a survey in a browser, as whoever has its link sees it: on a phone, without scripts, from end to end."""

from datetime import timedelta

import httpx2
import pytest

from domain.survey import respondent_stream
from store.database import Pool
from store.event_log import EventLog
from tests.browser.looking import DESKTOP, PHONE, Looking
from tests.browser.site import Site
from tests.interfaces.asked import ask, prepare
from tests.interfaces.calling import key_of


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
async def test_a_form_from_end_to_end(width: int, looking: Looking, site: Site, pool: Pool) -> None:
    await prepare(pool)
    asked = await ask(pool)
    words = "More time\nfor questions"
    async with looking.page(width) as page:
        await page.goto(f"{site.url}{asked.path}")
        await looking.over(page)
        await page.get_by_label("What should be different next time?").fill(words)
        await page.get_by_role("button").click()
        await page.get_by_role("alert").wait_for()
        await looking.over(page)
        assert await page.get_by_label("What should be different next time?").input_value() == words
        await page.get_by_role("group", name="How confident").get_by_label("7", exact=True).check()
        await page.get_by_role("group", name="Is your next step clear?").get_by_label("Yes").check()
        await page.get_by_role("button").click()
        await page.get_by_role("heading", name="Thank you").wait_for()
        await looking.over(page)
        await page.goto(f"{site.url}{asked.path}")
        await page.get_by_role("heading", name="You have answered this survey").wait_for()
        await looking.over(page)
    _, answered = await EventLog(pool).read_stream(respondent_stream(asked.respondent))
    assert answered.data["answers"] == {"confident": 7, "clear": True, "change": words}


async def test_what_is_refused_is_a_page_like_others(looking: Looking, site: Site, pool: Pool) -> None:
    await prepare(pool)
    expired = await ask(pool, ago=timedelta(days=8))
    for path in (expired.path, f"{expired.path}x"):
        await looking.at(f"{site.url}{path}")
    asked = await ask(pool, "mentor", "m-1")
    await looking.at(f"{site.url}{asked.path}", cookies=site.cookies)
    key = await key_of(pool, "mentor", mentor="m-2")
    async with httpx2.AsyncClient(base_url=site.url) as client:
        other = await client.post("/log-in", data={"key": key}, headers={"Origin": site.url})
    async with looking.page(PHONE, url=site.url, cookies=dict(other.cookies)) as page:
        answer = await page.goto(f"{site.url}{asked.path}")
        assert answer
        assert answer.status == 403
        await page.get_by_role("heading", name="This link is for somebody else").wait_for()
        await looking.over(page)
