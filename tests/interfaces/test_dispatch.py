"""Operations are found without looking at all others."""

from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from starlette.routing import Match
from starlette.testclient import TestClient

from interfaces.http.dispatch import dispatched


def test_a_part_is_looked_into_only_for_paths_that_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    resource, looked_into = APIRouter(prefix="/things"), []

    def answer(thing: str) -> str:
        return thing

    for number in range(20):
        resource.add_api_route(f"/{{thing}}/{number}", answer)
    app = FastAPI()
    parts = list(dispatched(resource, "/v1"))
    for part in parts:
        app.include_router(part, prefix="/v1")
    matches = APIRouter.matches

    def seen(router: APIRouter, scope: Any) -> tuple[Match, Any]:
        looked_into.append(router)
        return matches(router, scope)

    monkeypatch.setattr(APIRouter, "matches", seen)
    client = TestClient(app)
    assert client.get("/v1/things/one/9").json() == "one"
    assert looked_into == [parts[1]]
    assert [client.get(f"/v1/{path}").status_code for path in ("things/one/20", "things/1", "1")] == [404] * 3
    assert looked_into == [parts[1]]
    assert client.post("/v1/things/one/19").status_code == 405
