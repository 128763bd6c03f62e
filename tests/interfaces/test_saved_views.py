"""Saved views of the table of journeys, and its search, over the API."""

import httpx2
import pytest

from client.journeys import JourneyClient
from domain.access import KeyRole
from store.database import Pool
from store.saved_views import MOST_OF_ONE
from tests.interfaces.calling import calling, guarded_app, key_of


async def test_a_view_is_saved_replaced_shared_and_forgotten(pool: Pool, journeys: JourneyClient) -> None:
    app = guarded_app(pool, journeys)
    ana, ben = await key_of(pool, "ops"), await key_of(pool, KeyRole.MENTOR, mentor="m-1")
    async with calling(app, ana) as ops, calling(app, ben) as mentor:
        wish = {"name": " Late ", "query": "?sort=since&stage=sessions&search=ada&after=x&paused=false", "shared": True}
        saved = (await ops.post("/v1/saved-views", json=wish)).json()
        assert (saved["name"], saved["query"]) == ("Late", "paused=false&sort=since&stage=sessions")
        assert (saved["mine"], saved["shared"], saved["owner"]) == (True, True, "ops:test")
        again = await ops.post("/v1/saved-views", json=wish | {"query": "", "name": "Late"})
        assert (again.status_code, again.json()["id"], again.json()["query"]) == (201, saved["id"], "")

        seen = (await mentor.get("/v1/saved-views")).json()
        assert [(one["name"], one["mine"]) for one in seen] == [("Late", False)]
        address = f"/v1/saved-views/{saved['id']}"
        assert (await mentor.delete(address)).status_code == 404
        own = (await mentor.post("/v1/saved-views", json={"name": "Mine", "query": "open=true", "shared": True})).json()
        assert own["shared"] is False
        assert [one["name"] for one in (await ops.get("/v1/saved-views")).json()] == ["Late"]
        assert [(await ops.delete(address)).status_code for _ in range(2)] == [204, 404]


async def test_what_is_no_view_is_refused(pool: Pool, journeys: JourneyClient) -> None:
    app = guarded_app(pool, journeys)
    async with calling(app, await key_of(pool, "ops")) as ops:
        for query in ("no_such=1", "stage=\x00", "stage=%00", "sort=up", "open=perhaps", "x" * 2_001):
            refused = await ops.post("/v1/saved-views", json={"name": "x", "query": query})
            assert (refused.status_code, refused.json()["code"]) == (422, "request_invalid"), query
        for number in range(MOST_OF_ONE):
            assert (await ops.post("/v1/saved-views", json={"name": str(number), "query": ""})).status_code == 201
        full = await ops.post("/v1/saved-views", json={"name": "one more", "query": ""})
        assert (full.status_code, full.json()["code"]) == (409, "saved_views_too_many")
        assert (await ops.post("/v1/saved-views", json={"name": "7", "query": ""})).status_code == 201
        assert (await ops.get("/v1/saved-views/nothing")).status_code == 405


@pytest.mark.usefixtures("three_journeys")
async def test_names_are_searched_by_those_who_see_them(pool: Pool, journeys: JourneyClient) -> None:
    app = guarded_app(pool, journeys)

    async def found(client: httpx2.AsyncClient, **query: str) -> list[str]:
        return [row["learner"] for row in (await client.get("/v1/journeys", params=query)).json()["rows"]]

    async with calling(app, await key_of(pool, "ops")) as ops, calling(app, await key_of(pool, "observer")) as observer:
        assert (await found(ops, search="ada"), await found(observer, search="ada")) == (["l-0"], [])
        assert await found(observer, search="l-1") == ["l-1"]
        assert await found(ops, search="  ") == await found(ops) != []
        assert await found(observer, sort="name") == await found(observer, sort="journey")
        first = (await ops.get("/v1/journeys", params={"sort": "name", "limit": "1"})).json()
        assert await found(ops, sort="name", after=first["next"]) == (await found(ops, sort="name"))[1:]
        await pool.execute(
            "insert into trellis.people (person_id, kind, name) select 'x-' || n, 'learner', 'Xenia' "
            "from generate_series(1, 10001) as n"
        )
        broad = await ops.get("/v1/journeys", params={"search": "xe"})
        assert (broad.status_code, broad.json()["code"]) == (422, "search_too_broad")
        assert await found(observer, search="xe") == []
