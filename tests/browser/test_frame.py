"""What scripts add to the pages: swaps with the focus and a word for screen readers, the palette, news while a page is
open. Without scripts the other tests of pages hold."""

import os

import httpx2
import pytest
from playwright.async_api import Page, expect

from domain.ids import StreamId, journey_stream
from domain.journey import events as e
from projections.runner import catch_up
from store import sequencer
from store.codec import encode
from store.database import Pool
from store.event_log import EventLog
from tests.browser.looking import DESKTOP, Looking
from tests.browser.site import Site
from tests.projections.stories import AT, DAY, journey

_UPDATES = int(os.environ.get("TRELLIS_LIVE_UPDATES", "12"))
"""`make console` has a thousand."""
_FOCUS = "() => document.activeElement.id || document.activeElement.tagName"


@pytest.mark.usefixtures("three_journeys")
async def test_a_page_is_swapped_with_its_focus_and_said(looking: Looking, site: Site) -> None:
    async with looking.page(DESKTOP, url=site.url, cookies=site.cookies, scripts=True) as page:
        await page.goto(f"{site.url}/")
        await page.evaluate("() => { window.kept = true }")
        await page.get_by_role("link", name="Journeys", exact=True).click()
        await expect(page.locator("h1")).to_be_focused()
        await expect(page.locator("#announced")).to_contain_text("Journeys")
        assert (await page.evaluate("() => window.kept"), await page.title()) == (True, "Journeys · Trellis")
        await expect(page.locator("nav [aria-current]").first).to_have_text("Journeys")
        await page.get_by_role("link", name="Change the time zone").click()
        await page.locator("#zone").fill("Nowhere")
        await page.locator("#zone").press("Enter")
        await expect(page.locator("#problems")).to_be_focused()
        assert await page.locator("#zone").input_value() == "Nowhere"
        await page.locator("#zone").fill("Asia/Tokyo")
        sent: list[str] = []
        page.on("request", lambda one: sent.append(one.method))
        await page.get_by_role("button", name="Use this time zone").dblclick()
        await expect(page.locator("#message")).to_be_focused()
        assert sent.count("POST") == 1, "a double click sends a form once"
        await expect(page.locator("#foot")).to_contain_text("Times in Asia/Tokyo")
        assert await page.evaluate("() => window.kept")
        await page.keyboard.press("Control+k")
        await page.keyboard.type("bulk")
        await expect(page.locator("dialog a")).to_have_count(1)
        await looking.over(page)
        await page.keyboard.press("Escape")
        await expect(page.locator("dialog")).not_to_be_visible()


@pytest.mark.usefixtures("three_journeys")
async def test_an_open_page_follows_what_happens(looking: Looking, site: Site, pool: Pool, dsn: str) -> None:
    """And leaves a form alone that is being filled in."""
    stream = journey_stream(journey(1))
    async with looking.page(DESKTOP, url=site.url, cookies=site.cookies, scripts=True) as page:
        await page.goto(f"{site.url}/")
        await page.locator(f"[id='case-{journey(1)}-case-1'] summary").first.click()
        words = page.locator(f"[id='case-{journey(1)}-case-1'] textarea")
        await words.fill("half of what")
        for number in range(_UPDATES):
            await flag(pool, stream, 8 + number)
            if number % 10 == 0:
                await show(dsn)
        opened = e.CaseOpened(
            at=AT, case="case-9", rule="quiet", about="a", severity="critical", owner="ops", respond_by=AT + DAY
        )  # fmt: skip
        await EventLog(pool).append(stream, 8 + _UPDATES, "opened", encode([opened], "opened"))
        await show(dsn)
        await expect(page.locator(f"[id='case-{journey(1)}-case-9']")).to_be_visible(timeout=15_000)
        assert await words.input_value() == "half of what"
        assert await page.evaluate("() => document.activeElement.tagName") == "TEXTAREA"
        await as_fresh(page, site)


async def as_fresh(page: Page, site: Site) -> None:
    """What the page shows after all changes is what the server has."""
    async with httpx2.AsyncClient(cookies=dict(site.cookies)) as client:
        fresh = (await client.get(f"{site.url}/")).text
    shown = await page.locator(".items > li").evaluate_all("those => those.map(one => one.id)")
    assert shown == [part.partition('"')[0] for part in fresh.split('<li id="')[1:]]


async def flag(pool: Pool, stream: StreamId, version: int) -> None:
    raised = e.RiskFlagRaised(at=AT, flag=f"f-{version}", notes="")
    await EventLog(pool).append(stream, version, f"flag-{version}", encode([raised], f"flag-{version}"))


async def show(dsn: str) -> None:
    await sequencer.drain(dsn)
    await catch_up(dsn)
