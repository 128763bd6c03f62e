"""The page of a program's measures, on a phone and a desktop."""

import pytest

from tests.browser.looking import PHONE, Looking
from tests.browser.site import Site

_PAGE = "/programs/ready/measures"


@pytest.mark.usefixtures("three_journeys")
async def test_the_page_of_measures(looking: Looking, site: Site) -> None:
    for by in ("cohort", "week"):
        await looking.at(f"{site.url}{_PAGE}?by={by}&since=2026-01-01", cookies=site.cookies)


@pytest.mark.usefixtures("three_journeys")
async def test_the_form_works_without_scripts(looking: Looking, site: Site) -> None:
    async with looking.page(PHONE, url=site.url, cookies=site.cookies) as page:
        await page.goto(f"{site.url}{_PAGE}")
        await page.locator("select[name=by]").select_option("version")
        await page.get_by_role("button", name="Show").click()
        assert "by=version" in page.url
        assert await page.get_by_role("heading", name="By version").is_visible()
        figure = page.locator("#attendance")
        await figure.locator("summary").click()
        assert await figure.locator("table").is_visible()


@pytest.mark.usefixtures("three_journeys")
async def test_the_page_of_associations(looking: Looking, site: Site) -> None:
    await looking.at(f"{site.url}/programs/ready/associations", cookies=site.cookies)
