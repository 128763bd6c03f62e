"""What pages say of an installation in which nothing is yet: what to do first."""

import httpx2
import pytest

from projections.runner import catch_up
from store.database import Pool
from tests.projections.stories import publish


@pytest.fixture
async def pages(browser: httpx2.AsyncClient, dsn: str) -> httpx2.AsyncClient:
    await catch_up(dsn)
    browser.headers["Accept"] = "text/html"
    return browser


async def test_first_a_program_is_published(pages: httpx2.AsyncClient) -> None:
    for path in ("/", "/journeys", "/mentors", "/programs"):
        assert "trellis publish FOLDER" in (await pages.get(path)).text, path


async def test_then_people_come(pages: httpx2.AsyncClient, pool: Pool) -> None:
    await publish(pool)
    assert "/programs/ready/enrollment" in (await pages.get("/journeys")).text
    mentors = (await pages.get("/mentors")).text
    assert "No mentors yet." in mentors and 'href="/programs/ready/mentors"' in mentors and "Forecast" not in mentors
