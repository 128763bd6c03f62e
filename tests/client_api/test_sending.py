"""Requests and responses of the client: what is sent, sent again, and raised."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest

from client.api import (
    Forbidden,
    Invalid,
    NotFound,
    NotUnderstood,
    Problem,
    Retries,
    Trellis,
    Unaddressable,
    Unavailable,
    Unreachable,
    VersionMismatch,
)
from client.api.asynchronous import AsyncTrellis
from client.api.calls import Call, body, headers, path, query
from client.api.model import UNSET
from client.api.problems import problem_of
from client.api.retries import UNDER_WAY

Answer = httpx2.Response | Exception
NOW = Retries(attempts=4, patience=0.0)
"""Waits for nothing: good where Retry-After is 0."""


class Service:
    """Answers in turn, and keeps what it was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.asked: list[httpx2.Request] = []
        self._answers = iter(answers)

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        answer = next(self._answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def client(self, retries: Retries = NOW) -> Trellis:
        return Trellis("http://trellis", "tk_secret", transport=httpx2.MockTransport(self), retries=retries)


def problem(status: int, code: str | None = None, **headers: str) -> httpx2.Response:
    content = {"type": "about:blank", "title": "No", "status": status, "detail": "not now", "code": code}
    return httpx2.Response(status, json=content, headers={"Retry-After": "0", **headers})


def post(*, keyed: bool) -> Call:
    return Call("POST", "/v1/things", **body({"reason": "exams"}, headers(keyed=keyed)))


WELL = httpx2.Response(200, json={"done": True})
EVENT = {
    "specversion": "1.0",
    "id": "e",
    "source": "/trellis",
    "type": "t",
    "subject": "s",
    "version": 1,
    "time": "2026-01-02T00:00:00Z",
    "recordedtime": "2026-01-02T00:00:00Z",
    "schemaversion": 1,
    "datacontenttype": "application/json",
    "data": {},
}
REFUSED = httpx2.ConnectError("connection refused")
CUT = httpx2.ReadError("connection reset")


def test_the_key_and_the_query() -> None:
    service = Service(httpx2.Response(200, json={"rows": [], "next": None}))
    with service.client() as trellis:
        trellis.list_journeys(program="job ready/ä", overdue=True, limit=3)
    asked = service.asked[0]
    assert asked.headers["authorization"] == "Bearer tk_secret"
    assert dict(asked.url.params) == {"program": "job ready/ä", "overdue": "true", "limit": "3"}


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_an_id_that_no_address_holds_is_never_sent(value: str) -> None:
    """It would ask for something else: for all journeys, or for nothing that there is."""
    service = Service()
    with service.client() as trellis, pytest.raises(Unaddressable, match="journey"):
        trellis.get_status(value)
    assert service.asked == []


def test_paths_and_bodies() -> None:
    assert path("/v1/journeys/{journey}", journey="../a b?#é") == "/v1/journeys/..%2Fa%20b%3F%23%C3%A9"
    assert query(after=None, since=datetime(2026, 1, 2, tzinfo=UTC), status=["a", "b"]) == {
        "since": "2026-01-02T00:00:00+00:00",
        "status": ["a", "b"],
    }
    assert json.loads(body({"until": None, "left_out": UNSET})["content"]) == {"until": None}
    assert headers(if_match=17)["If-Match"] == '"17"'


@pytest.mark.parametrize(
    ("answer", "call"),
    [
        (problem(503), Call("GET", "/v1/x")),
        (problem(429), post(keyed=False)),
        (problem(503), post(keyed=True)),
        (problem(409, UNDER_WAY), post(keyed=True)),
        (problem(502), Call("PUT", "/v1/x")),
    ],
)
def test_sent_again_after_the_time_that_was_asked_for(answer: httpx2.Response, call: Call) -> None:
    service = Service(answer, answer, WELL)
    assert service.client().send(call) == {"done": True}
    assert len({one.headers.get("Idempotency-Key") for one in service.asked}) == 1, "the same key each time"


@pytest.mark.parametrize(
    ("answer", "call"),
    [
        (problem(503), post(keyed=False)),
        (problem(409), post(keyed=True)),
        (problem(422), Call("GET", "/v1/x")),
        (problem(500), post(keyed=True)),
        (problem(503, **{"Retry-After": "60"}), Call("GET", "/v1/x")),
        (CUT, post(keyed=False)),
    ],
)
def test_not_sent_again(answer: Answer, call: Call) -> None:
    service = Service(answer, WELL)
    with pytest.raises((Problem, Unreachable)):
        service.client().send(call)
    assert len(service.asked) == 1


def test_a_service_that_is_away_is_tried_again_and_named_at_the_end() -> None:
    service = Service(REFUSED, CUT, WELL)
    assert service.client(Retries(patience=2)).send(post(keyed=True)) == {"done": True}
    with pytest.raises(Unreachable, match="http://trellis cannot be reached: connection refused"):
        Service(REFUSED).client(Retries(attempts=1)).send(Call("GET", "/v1/x"))


@pytest.mark.parametrize(
    ("status", "kind"), [(404, NotFound), (412, VersionMismatch), (422, Invalid), (503, Unavailable), (418, Problem)]
)
def test_problems_have_their_code_and_their_words(status: int, kind: type[Problem]) -> None:
    content = {"detail": "no such thing", "code": "unknown_thing", "data": {"near": ["thing"]}}
    found = problem_of(status, content, {"retry-after": "Thu, 01 Jan 1970 00:00:00 GMT", "x-request-id": "r-1"})
    assert type(found) is kind
    assert (str(found), found.code, found.data) == ("no such thing", "unknown_thing", {"near": ["thing"]})
    assert (found.retry_after, found.request_id) == (0.0, "r-1")


@pytest.mark.parametrize(
    "answer",
    [
        httpx2.Response(200, content=b"{", headers={"content-type": "application/json"}),
        httpx2.Response(302, headers={"location": "https://elsewhere"}),
    ],
)
def test_what_is_no_answer_of_trellis(answer: httpx2.Response) -> None:
    with pytest.raises(NotUnderstood, match="http://trellis/v1/x"):
        Service(answer).client().send(Call("GET", "/v1/x"))


def test_an_error_that_is_no_problem_of_trellis() -> None:
    with pytest.raises(Problem, match="HTTP status 500"):
        Service(httpx2.Response(500, text="<h1>oh</h1>")).client().send(Call("GET", "/v1/x"))


def row(journey: str) -> dict[str, Any]:
    return {"journey": journey, "stage_since": "2026-01-02T03:04:05Z", "due_at": None, "something_new": 7}


def two_pages() -> Iterator[Answer]:
    yield httpx2.Response(200, json={"rows": [row("a"), row("b")], "next": "cursor"})
    yield httpx2.Response(200, json={"rows": [row("c")], "next": None})


def test_all_pages() -> None:
    service = Service(*two_pages())
    found = list(service.client().iterate_journeys(program="p"))
    assert [one.journey for one in found] == ["a", "b", "c"]
    assert found[0].stage_since == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert found[0].as_json()["something_new"] == 7
    assert [one.url.params.get("after") for one in service.asked] == [None, "cursor"]


def in_stream(*positions: int, cut: bool = False) -> httpx2.Response:
    """These events; with `cut` the connection is lost in the middle of another."""

    def sent() -> Iterator[bytes]:
        for position in positions:
            yield f"id: {position}\ndata: {json.dumps(EVENT | {'position': position})}\n\n".encode()
        if cut:
            yield b'id: 99\ndata: {"half'
            raise CUT

    return httpx2.Response(200, content=sent(), headers={"content-type": "text/event-stream"})


def test_a_stream_goes_on_behind_the_last_event(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("client.api.blocking.time", SimpleNamespace(sleep=lambda _: None))
    service = Service(in_stream(1, 2, cut=True), REFUSED, problem(503), in_stream(3), in_stream(4), problem(403))
    seen: list[int] = []
    with service.client(Retries(patience=60.0)) as trellis, pytest.raises(Forbidden):
        seen.extend(event.position for event in trellis.stream_events(program="p", after=0))
    assert seen == [1, 2, 3, 4], "none twice, and no half"
    resumed = [one.headers.get("last-event-id") for one in service.asked]
    assert resumed == [None, "2", "2", "2", "3", "4"]
    assert all(one.url.params["program"] == "p" for one in service.asked)


async def test_the_awaited_client_does_the_same() -> None:
    service = Service(problem(503), *two_pages())
    answering: Callable[..., Any] = service
    transport = httpx2.MockTransport(answering)
    async with AsyncTrellis("http://trellis", "tk_secret", transport=transport, retries=NOW) as trellis:
        assert [one.journey async for one in trellis.iterate_journeys(program="p")] == ["a", "b", "c"]
    assert service.asked[0].headers["authorization"] == "Bearer tk_secret"


def test_the_key_of_the_environment_goes_to_the_address_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRELLIS_URL", "http://ours")
    monkeypatch.setenv("TRELLIS_KEY", "tk_ours")
    asked = Service(WELL, WELL)
    Trellis(transport=httpx2.MockTransport(asked)).send(Call("GET", "/v1/x"))
    Trellis("http://theirs", transport=httpx2.MockTransport(asked)).send(Call("GET", "/v1/x"))
    assert [(str(one.url), one.headers.get("authorization")) for one in asked.asked] == [
        ("http://ours/v1/x", "Bearer tk_ours"),
        ("http://theirs/v1/x", None),
    ]
