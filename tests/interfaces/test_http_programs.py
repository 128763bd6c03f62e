"""Programs over HTTP: what their kits say, and publishing versions of them."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from prometheus_client import CollectorRegistry
from temporalio.testing import WorkflowEnvironment

from client.journeys import JourneyClient
from interfaces.http.app import create_app
from projections.runner import catch_up
from store.database import Pool
from tests.support.layout import ROOT

KIT = ROOT / "programs" / "job-ready"


def files_of(folder: Path) -> dict[str, str]:
    files = [*folder.rglob("*.md"), folder / "program.yaml"]
    return {str(one.relative_to(folder)): one.read_text() for one in files if one.name != "README.md"}


@pytest.fixture
async def api(pool: Pool, temporal: WorkflowEnvironment) -> AsyncIterator[httpx2.AsyncClient]:
    app = create_app(pool, JourneyClient(temporal.client), {}, registry=CollectorRegistry())
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost/v1") as client:
        yield client


async def published(api: httpx2.AsyncClient, files: dict[str, str]) -> httpx2.Response:
    return await api.post("/programs/job-ready/versions", json={"files": files})


async def test_a_version_is_published_and_read_again(api: httpx2.AsyncClient) -> None:
    files = files_of(KIT)
    checked = (await api.post("/kits/check", json={"files": files})).json()
    assert (checked["passed"], checked["kit"]["program"]) == (True, "job-ready")
    first = await published(api, files)
    assert first.status_code == 201, first.text
    version = first.json()["version"]
    again = await published(api, files)
    assert (again.status_code, again.json()["new"], again.json()["current"]) == (200, False, version)

    listed: Any = (await api.get("/programs")).json()
    assert [(one["program"], one["version"]) for one in listed] == [("job-ready", version)]
    program = (await api.get("/programs/job-ready")).json()
    assert program["promise"]["measures"]
    assert (await api.get(f"/programs/job-ready/versions/{version}/files")).json() == {"files": files}
    assert [one["id"] for one in (await api.get("/programs/job-ready/intake")).json()]
    sessions = (await api.get("/programs/job-ready/sessions")).json()
    assert {"id", "title", "purpose", "length"} <= sessions[0]["sessions"][0].keys()
    assert (await api.get("/programs/job-ready/milestones")).status_code == 200
    guides = (await api.get("/programs/job-ready/guides")).json()
    read = (await api.get(f"/programs/job-ready/guides/{guides[0]['name']}")).json()
    assert read["text"]


async def test_new_journeys_follow_the_version_that_is_chosen(api: httpx2.AsyncClient, dsn: str) -> None:
    files = files_of(KIT)
    first = (await published(api, files)).json()["version"]
    changed = files["program.yaml"].replace(f'version: "{first}"', 'version: "9.9"').replace("48 hours", "47 hours")
    second = await published(api, files | {"program.yaml": changed})
    assert (second.status_code, second.json()["current"]) == (201, "9.9"), second.text
    diff = (await api.get("/programs/job-ready/diff", params={"old": first})).json()
    assert diff["differences"]
    used = (await api.post(f"/programs/job-ready/versions/{first}/use", json={"by": "ops:ana"})).json()
    assert (used["version"], used["before"], used["changed"]) == (first, "9.9", True)
    assert not (await api.post(f"/programs/job-ready/versions/{first}/use")).json()["changed"]
    versions = (await api.get("/programs/job-ready/versions")).json()
    assert [(one["version"], one["current"]) for one in versions] == [("9.9", False), (first, True)]
    move = await api.get("/programs/job-ready/versions/9.9/move")
    assert (move.status_code, move.headers["retry-after"]) == (503, "5"), "the views are not built yet"
    await catch_up(dsn)
    move = await api.get("/programs/job-ready/versions/9.9/move")
    assert (move.status_code, move.json()["moves"], move.json()["journeys"]) == (200, 0, [])


async def test_what_is_wrong_with_a_kit_is_said_by_file_and_line(api: httpx2.AsyncClient) -> None:
    files = files_of(KIT)
    broken = files | {"program.yaml": files["program.yaml"].replace("48 hours", "soon", 1)}
    checked = (await api.post("/kits/check", json={"files": broken})).json()
    assert checked["passed"] is False
    assert (checked["problems"][0]["file"], checked["problems"][0]["line"] > 1) == ("program.yaml", True)
    refused = await published(api, broken)
    assert (refused.status_code, refused.json()["code"]) == (422, "file_invalid")
    assert refused.json()["errors"][0]["loc"][:2] == ["body", "program.yaml"]
    assert "trellis-" not in refused.text, "the file was somewhere for a moment; nobody needs to know where"


async def test_files_that_are_none_of_a_kit(api: httpx2.AsyncClient) -> None:
    cases: list[tuple[Any, str]] = [
        ({"files": {"../program.yaml": "x"}}, "request_invalid"),
        ({"files": {"/etc/x.md": "x"}}, "request_invalid"),
        ({"files": {"a.txt": "x"}}, "request_invalid"),
        ({"files": {}}, "request_invalid"),
        ({"files": {"program.yaml": "x"}, "colour": 1}, "request_invalid"),
        ([], "request_invalid"),
        ({"files": {"guides/x.md": "x"}}, "file_invalid"),
        ({"files": {"program.yaml": "program: \x00"}}, "file_invalid"),
        ({"files": {"a.md": "x", "a.md/b.md": "x", "program.yaml": ""}}, "file_invalid"),
    ]
    for body, code in cases:
        told = await api.post("/programs/job-ready/versions", json=body)
        assert (told.status_code, told.json()["code"]) == (422, code), told.text
        assert told.headers["content-type"] == "application/problem+json"


async def test_a_kit_belongs_to_its_program(api: httpx2.AsyncClient) -> None:
    told = await api.post("/programs/another/versions", json={"files": files_of(KIT)})
    assert (told.status_code, told.json()["code"]) == (422, "kit_of_another_program")
    for path in ("/programs/nowhere", "/programs/nowhere/versions", "/programs/nowhere/sessions"):
        assert (await api.get(path)).status_code == 404
    await published(api, files_of(KIT))
    for path in (
        "/programs/job-ready/diff?old=7",
        "/programs/job-ready/intake?version=7",
        "/programs/job-ready/guides/x",
    ):
        assert (await api.get(path)).status_code == 404
