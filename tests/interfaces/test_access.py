"""Every operation without a key and with a key of each role: the table of access_table.py is what happens."""

import asyncio
from collections.abc import AsyncIterator, Mapping

import pytest
from fastapi import APIRouter, FastAPI
from starlette.types import Message
from temporalio.testing import WorkflowEnvironment

from client.journeys import JourneyClient
from domain.access import KeyRole
from interfaces.http.access import CallerNotDeclaredError, describe_access
from projections.runner import catch_up
from store.database import Pool
from tests.interfaces.access_table import TABLE
from tests.interfaces.calling import guarded_app, key_of
from tests.interfaces.examples import operations
from tests.projections.stories import publish


async def status_of(app: FastAPI, method: str, path: str, key: str | None, accept: str = "*/*") -> int:
    """Of an empty request; without waiting for the end of an answer, which a stream does not have."""
    headers = [(b"host", b"localhost"), (b"accept", accept.encode())]
    headers += [(b"authorization", f"Bearer {key}".encode())] if key else []
    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": headers, "http_version": "1.1", "scheme": "http", "client": ("127.0.0.1", 1), "root_path": "",
        "server": ("localhost", 80),
    }  # fmt: skip
    started: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    left = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> Message:
        if (message := next(left, None)) is not None:
            return message
        return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return]  # it stays connected

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start" and not started.done():
            started.set_result(message["status"])

    running = asyncio.ensure_future(app(scope, receive, send))
    running.add_done_callback(lambda _: started.cancel())  # without effect where it has a result
    try:
        async with asyncio.timeout(20):
            return await started
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
async def app(pool: Pool, dsn: str, temporal: WorkflowEnvironment) -> AsyncIterator[FastAPI]:
    await publish(pool)
    await catch_up(dsn)
    yield guarded_app(pool, JourneyClient(temporal.client))


@pytest.fixture
async def keys(pool: Pool) -> Mapping[KeyRole, str]:
    return {role: await key_of(pool, role, mentor="m-1" if role == KeyRole.MENTOR else None) for role in KeyRole}


def test_the_table_has_every_operation_and_no_other() -> None:
    named = [(one.tag, one.name) for one in operations()]
    assert len(named) == len(set(named)), "names are unique, because clients are made from them"
    assert set(named) == {(tag, name) for tag, rows in TABLE.items() for name in rows}


def test_the_document_says_what_the_table_says() -> None:
    for one in operations():
        assert one.roles is not None and frozenset(one.roles) == TABLE[one.tag][one.name], one.name


async def test_no_operation_without_a_key_and_each_for_its_roles(app: FastAPI, keys: Mapping[KeyRole, str]) -> None:
    wrong = []
    for one in operations():
        allowed, filled = TABLE[one.tag][one.name], one.filled({})
        paths = (f"/v1{filled}", f"/api{filled}")
        without = [await status_of(app, one.method, path, None) for path in paths]
        wrong += [f"{one.name} without a key: {status}" for status in without if status != 401]
        for role, key in keys.items():
            status = await status_of(app, one.method, f"/v1{filled}", key)
            fits = status not in {401, 403} and (status < 500 or status == 503) if role in allowed else status == 403
            if not fits:
                wrong.append(f"{one.name} with a key of the role {role}: {status}")
    assert not wrong, "\n".join(wrong)


def test_an_operation_that_does_not_say_who_may_call_it_is_an_error_at_the_start() -> None:
    routes = APIRouter()

    @routes.get("/open")
    async def get_open() -> None: ...

    with pytest.raises(CallerNotDeclaredError, match="get_open needs a parameter `caller`"):
        describe_access(routes.routes)
