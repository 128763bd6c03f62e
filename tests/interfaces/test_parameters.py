"""A query parameter with a mistake in its name is refused by the API, and said on pages."""

import httpx2
import pytest

from client.journeys import JourneyClient
from store.database import Pool
from tests.interfaces.calling import calling, guarded_app, key_of

pytestmark = pytest.mark.usefixtures("three_journeys")


async def test_the_api_names_what_it_does_not_know_and_what_it_knows(pool: Pool, journeys: JourneyClient) -> None:
    async with calling(guarded_app(pool, journeys), await key_of(pool, "ops")) as ops:
        for address in (
            "/v1/findings?standng=open",
            "/v1/programs?x=1",
            "/v1/journeys?stge=sessions",
            "/api/board?x=1",
        ):
            refused = await ops.get(address)
            assert (refused.status_code, refused.json()["code"]) == (422, "request_invalid"), address
            (error,) = refused.json()["errors"]
            assert address.partition("?")[2].partition("=")[0] in str(error), address
        assert "detector, journey, limit, mentor, program, standing" in str((await ops.get("/v1/findings?x=")).json())
        assert (await ops.post("/v1/programs/ready/findings?dayz=9")).status_code == 422
        assert (await ops.get("/v1/findings?standing=open&limit=2")).status_code == 200
    async with calling(guarded_app(pool, journeys), "") as nobody:
        assert (await nobody.get("/v1/programs?x=1")).status_code == 401


async def test_a_page_says_what_it_leaves_aside(browser: httpx2.AsyncClient) -> None:
    page = await browser.get("/journeys/ready.l-1?prt=rules&<i>=1", headers={"accept": "text/html"})
    says = "This page leaves aside &#39;prt&#39;, &#39;&lt;i&gt;&#39;; those that there are: before, find, part."
    assert (page.status_code, says in page.text) == (200, True)
    assert "leaves aside" not in (await browser.get("/journeys/ready.l-1?part=rules")).text
    assert "leaves aside" not in (await browser.get("/journeys/ready.l-0/pause?reason=ill")).text
    assert "leaves aside" not in (await browser.get("/journeys?stage=matching&show=all")).text
