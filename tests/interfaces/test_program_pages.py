"""The pages of programs, mentors, matching and groups over a real database: what they show, and what can be done."""

import httpx2
import pytest

from tests.interfaces.visiting import Tables

PAGES = (
    *("/programs", "/programs/ready", "/programs/ready/versions", "/programs/ready/enrollment"),
    *("/mentors", "/mentors?program=ready&find=max&sort=free", "/mentors/m-1", "/mentors/m-1?date=2026-03-02"),
    *("/cohorts", "/cohorts?program=ready&closed=true", "/programs/ready/matching", "/programs/ready/mentors"),
)


@pytest.mark.usefixtures("three_journeys")
async def test_every_page_of_a_program_closes_what_it_opens(browser: httpx2.AsyncClient) -> None:
    for address in PAGES:
        page = await browser.get(address, headers={"accept": "text/html"})
        assert page.status_code == 200, (address, page.text)
        assert Tables(page.text).open == [], address
