"""Pages while nothing is there yet, or something is wrong: an empty installation, a Postgres that is away, a page that
is given up, views that are far behind or being rebuilt. By axe, on both screens and in both color schemes."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import expect
from temporalio.testing import WorkflowEnvironment

from client.journeys import JourneyClient
from interfaces.http.limits import RequestLimits
from projections.rebuild import rebuild
from projections.registry import PROJECTIONS
from projections.runner import catch_up
from runtime.embedded.postgres import PostgresServer
from store.database import Pool
from tests.browser.everywhere.installation import installation
from tests.browser.everywhere.seeing import Seeing
from tests.browser.everywhere.walking import walk
from tests.browser.looking import DESKTOP, PHONE, Looking
from tests.browser.site import Site
from tests.interfaces.calling import guarded_app
from tests.interfaces.serving import serving_app
from tests.projections.upgraded import half_build, leave_old_board
from tests.support.outages import away

looks = pytest.mark.skipif("TRELLIS_LOOKS" not in os.environ, reason="make looks runs it")
_PAGES = ("/", "/journeys", "/mentors", "/programs/ready", "/journeys/ready.l-1")
_OF_NOBODY = ("/log-in", "/my/none", "/surveys/none")


@looks
async def test_an_empty_installation_says_what_to_do(looking: Looking) -> None:
    with installation(sample=False) as place:
        seeing = Seeing(looking.browser, place.url, place.logged_in())
        found = await walk(place.url, seeing.cookies)
        for address in (*found.pages.values(), "/programs/none", "/today/cases", "/bulk/new"):
            await seeing.page(address)
        for address in ("/", "/journeys", "/mentors", "/programs"):
            async with seeing.opened(address) as page:
                await expect(page.locator("main")).to_contain_text("trellis publish FOLDER")
    assert not seeing.found, "\n".join(seeing.found)


@looks
@pytest.mark.usefixtures("three_journeys")
async def test_a_postgres_that_is_away(looking: Looking, site: Site, pool: Pool, postgres: PostgresServer) -> None:
    async with _seen(looking, site) as seeing, away(postgres, pool):
        for address in (*_PAGES, *_OF_NOBODY):
            await seeing.page(address)
        async with seeing.opened("/journeys?search=le") as page:
            await expect(page.locator("h1")).to_have_text("Not available just now")
            again = page.get_by_role("link", name="Load the page again")
            assert await again.get_attribute("href") == "/journeys?search=le"


@pytest.mark.usefixtures("three_journeys")
async def test_what_was_typed_outlasts_a_postgres_that_is_away(
    looking: Looking, site: Site, pool: Pool, postgres: PostgresServer
) -> None:
    async with looking.page(DESKTOP, url=site.url, cookies=site.cookies, scripts=True) as page:
        await page.goto(f"{site.url}/time-zone")
        await page.locator("#zone").fill("Asia/Tokyo")
        async with away(postgres, pool):
            await page.locator("#zone").press("Enter")
            await expect(page.locator("#unanswered")).to_be_focused()
            await expect(page.locator("#unanswered")).to_contain_text("What you typed is still here")
            await looking.over(page)
        assert await page.locator("#zone").input_value() == "Asia/Tokyo"
        await page.get_by_role("button", name="Use this time zone").click()
        await expect(page.locator("#message")).to_be_focused()
        await expect(page.locator("#unanswered")).to_have_count(0)


@pytest.mark.usefixtures("three_journeys")
async def test_without_scripts_what_was_typed_is_sent_again_from_the_page(
    looking: Looking, site: Site, pool: Pool, postgres: PostgresServer
) -> None:
    async with looking.page(PHONE, url=site.url, cookies=site.cookies) as page:
        await page.goto(f"{site.url}/programs/ready/mentors")
        for name, words in (("id", "m-9"), ("name", "Eve Lin")):
            await page.locator(f'[name="{name}"]').fill(words)
        async with away(postgres, pool):
            await page.get_by_role("button", name="Add a mentor").click()
            await expect(page.locator("main")).to_contain_text("What you typed is still in this page")
            await looking.over(page)
        await page.get_by_role("button", name="Send again").click()
        await expect(page.locator("#message")).to_contain_text("Eve Lin")


async def test_a_page_shows_itself_once_its_view_is_rebuilt(looking: Looking, site: Site, pool: Pool, dsn: str) -> None:
    await leave_old_board(pool, dsn)
    async with looking.page(DESKTOP, url=site.url, cookies=site.cookies, scripts=True) as page:
        await page.goto(f"{site.url}/")
        await expect(page.locator("#again")).to_have_text("This page shows itself when it is ready.")
        await looking.over(page)
        await rebuild(dsn, PROJECTIONS["board"], slices=1, processes=False)
        await catch_up(dsn)
        await expect(page.locator("h1")).to_have_text("Today", timeout=30_000)


@looks
@pytest.mark.usefixtures("three_journeys")
async def test_a_page_that_is_given_up_has_its_frame(
    looking: Looking, site: Site, pool: Pool, temporal: WorkflowEnvironment
) -> None:
    app = guarded_app(pool, JourneyClient(temporal.client), limits=RequestLimits(page_seconds=0.5))
    async with serving_app(app) as url, pool.acquire() as connection:
        cookies = {f"trellis-{url.rpartition(':')[2]}": next(iter(site.cookies.values()))}
        seeing = Seeing(looking.browser, url, cookies)
        async with connection.transaction():
            await connection.execute("lock table view_board_1.board in access exclusive mode")
            await seeing.page("/journeys")
            async with seeing.opened("/journeys") as page:
                await expect(page.get_by_role("link", name="Load the page again")).to_be_visible()
                await expect(page.get_by_role("navigation", name="Areas")).to_be_visible()
    assert not seeing.found, "\n".join(seeing.found)


@looks
async def test_a_view_of_an_older_form(looking: Looking, site: Site, pool: Pool, dsn: str) -> None:
    await leave_old_board(pool, dsn)
    await half_build(pool)
    async with _seen(looking, site) as seeing:
        for address in _PAGES:
            await seeing.page(address)
        async with seeing.opened("/programs") as page:  # which needs no board
            await expect(page.locator("#late")).to_contain_text("Being rebuilt: board (30%)")
        async with seeing.opened("/") as page:
            await expect(page.locator("main")).to_contain_text("300 of 1,000 events")


@looks
@pytest.mark.usefixtures("three_journeys")
async def test_views_that_are_far_behind(looking: Looking, site: Site, pool: Pool) -> None:
    await pool.execute("update trellis.projections set position = 1")
    await pool.execute("alter table trellis.events disable trigger all")
    await pool.execute("update trellis.events set recorded_at = recorded_at - interval '3 hours'")
    async with _seen(looking, site) as seeing:
        for address in _PAGES:
            await seeing.page(address)
        async with seeing.opened("/") as page:
            await expect(page.locator("#late")).to_contain_text("may be 3 hours old")
            assert await page.locator("[id^=trouble]").count() == 1


@asynccontextmanager
async def _seen(looking: Looking, site: Site) -> AsyncIterator[Seeing]:
    seeing = Seeing(looking.browser, site.url, site.cookies)
    async with asyncio.timeout(300):
        yield seeing
    assert not seeing.found, "\n".join(seeing.found)
