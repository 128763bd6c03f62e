"""Every page of ops: on a phone and on a desktop, without barriers."""

import pytest

from tests.browser.looking import Looking
from tests.browser.site import Site
from tests.projections.stories import journey

PAGES = ("/", "/funnel", "/programs/ready/return", f"/journeys/{journey(1)}", "/journeys/nobody")


async def test_logging_in(looking: Looking, site: Site) -> None:
    await looking.at(f"{site.url}/log-in")


@pytest.mark.usefixtures("three_journeys")
async def test_every_page(looking: Looking, site: Site) -> None:
    for address in PAGES:
        await looking.at(f"{site.url}{address}", cookies=site.cookies)
