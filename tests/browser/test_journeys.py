"""The table of journeys, one journey and bulk actions, on both screens and as they are read aloud."""

import pytest

from tests.browser.looking import DESKTOP, Looking
from tests.browser.site import Site
from tests.projections.stories import journey

pytestmark = pytest.mark.usefixtures("three_journeys")


async def test_the_pages_of_journeys(looking: Looking, site: Site) -> None:
    for path in (
        "/journeys?show=all&mentor=m-1&program=ready",
        f"/journeys/{journey(1)}",
        f"/journeys/{journey(1)}?part=rules",
        f"/journeys/{journey(1)}?part=history",
        "/bulk/new?stage=sessions",
    ):
        await looking.at(f"{site.url}{path}", cookies=site.cookies)


async def test_ticked_journeys_are_planned_without_scripts(looking: Looking, site: Site) -> None:
    async with looking.page(DESKTOP, url=site.url, cookies=site.cookies) as page:
        await page.goto(f"{site.url}/journeys")
        await page.get_by_label("Choose Ada <b>Brook</b>, ready").check()
        await page.get_by_role("button", name="Do something with the ticked journeys").click()
        await page.get_by_label("Subject").fill("Hello")
        await page.get_by_label("Text").fill("How are you?")
        await page.get_by_role("button", name="See what it would do").click()
        await page.get_by_role("heading", name="Write a message for 1 journey?").wait_for()
        await looking.over(page)
        await page.get_by_role("button", name="Do it for 1 journey").click()
        await page.get_by_text("It has begun, for 1 journey.").wait_for()
        await looking.over(page)
        page_height = await page.evaluate("document.body.scrollHeight")
        assert page_height < 3_000
        await page.goto(f"{site.url}/journeys/{journey(1)}")
        assert await page.evaluate("document.body.scrollHeight") < 3_000
