"""How large requests may be, how many by one key, and how long an answer may take to begin."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

from domain.access import Caller, KeyRole
from interfaces.http.limits import Limited, RequestLimits
from interfaces.http.problems import answer_errors


class As:
    """Says who calls, in the place of the authentication."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        key = dict(scope["headers"]).get(b"x-key", b"a").decode()
        scope.setdefault("state", {})["caller"] = Caller(key, KeyRole.OPS, "ops")
        await self._app(scope, receive, send)


@asynccontextmanager
async def serving(limits: RequestLimits) -> AsyncIterator[httpx2.AsyncClient]:
    app = FastAPI()
    gate = asyncio.Event()

    @app.post("/size")
    async def size(request: Request) -> int:
        return len(await request.body())

    @app.get("/slow")
    async def slow() -> None:
        await gate.wait()

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        async def parts() -> AsyncIterator[str]:
            yield "a"
            await asyncio.sleep(limits.seconds * 2)
            yield "b"

        return StreamingResponse(parts())

    app.add_middleware(Limited, limits=limits)
    app.add_middleware(As)
    answer_errors(app)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://localhost") as client:
        yield client
    gate.set()


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_that_is_too_large(announced: bool) -> None:
    async def parts(size: int) -> AsyncIterator[bytes]:
        for _ in range(size // 10):
            yield b"x" * 10

    async with serving(RequestLimits(body=100, bodies={"text/csv": 1_000})) as client:
        for size, media, status in ((100, "", 200), (110, "", 413), (1_000, "text/csv; charset=utf-8", 200)):
            content: Any = b"x" * size if announced else parts(size)
            answer = await client.post("/size", content=content, headers={"Content-Type": media})
            assert answer.status_code == status
            if status == 413:
                assert answer.json()["type"] == "/problems/payload_too_large"


async def test_a_key_that_asks_too_often_waits_and_no_other_does() -> None:
    async with serving(RequestLimits(per_second=0.5, burst_seconds=6)) as client:
        statuses = [(await client.post("/size")).status_code for _ in range(5)]
        assert statuses == [200, 200, 200, 429, 429]
        refused = await client.post("/size")
        assert (refused.json()["type"], refused.headers["retry-after"]) == ("/problems/too_many_requests", "2")
        assert (await client.post("/size", headers={"X-Key": "b"})).status_code == 200


async def test_one_key_cannot_have_all_requests_under_way() -> None:
    async with serving(RequestLimits(at_once=2)) as client:
        slow = [asyncio.create_task(client.get("/slow")) for _ in range(2)]
        await asyncio.sleep(0)  # both have been asked
        assert (await client.post("/size")).status_code == 429
        assert (await client.post("/size", headers={"X-Key": "b"})).status_code == 200
        for one in slow:
            one.cancel()
        await asyncio.gather(*slow, return_exceptions=True)
        assert (await client.post("/size")).status_code == 200


async def test_an_answer_that_does_not_begin_is_given_up_and_a_stream_goes_on() -> None:
    async with serving(RequestLimits(seconds=0.05)) as client:
        late = await client.get("/slow")
        assert (late.status_code, late.json()["type"]) == (503, "/problems/took_too_long")
        assert "retry-after" in late.headers
        assert (await client.get("/stream")).text == "ab"


async def test_nobody_waits_long_for_a_page() -> None:
    async with serving(RequestLimits(page_seconds=0.05)) as client:
        late = await client.get("/slow")
        assert (late.status_code, late.headers["retry-after"]) == (503, "5")
        assert "Load it again" in late.json()["detail"]
