"""Events to receivers of others: what is sent, and that whatever a receiver does, an attempt is short and small."""

import asyncio
import base64
import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from standardwebhooks.webhooks import Webhook

from channels import event_hooks, signing
from channels.event_hooks import EventHooks, Resolver, judged
from channels.public_addresses import Allowed, HookUrl
from domain.webhook import Answer
from tests.support.hook_receivers import Receiver, Request

SECRET = signing.new_secret()
KEYS = [signing.key(SECRET)]
BODY = json.dumps({"type": "journey.started"}).encode()
HERE = Allowed.of("127.0.0.0/8")


async def posted(url: str, *, allowed: Allowed = HERE, seconds: float = 5, tls: ssl.SSLContext | None = None) -> Answer:
    resolver = Resolver(allowed, threads=2)
    hooks = EventHooks(resolver, seconds=seconds, certificates=tls)
    try:
        async with hooks.opened(HookUrl.of(url), connections=2) as receiver:
            return await receiver.post("one", BODY, KEYS)
    finally:
        resolver.close()


async def test_the_library_of_standard_webhooks_verifies_it() -> None:
    async with Receiver().listening() as receiver:
        assert await posted(receiver.url) == Answer("delivered", "accepted", 200)
    (request,) = receiver.requests
    assert Webhook(SECRET).verify(request.body, request.headers) == {"type": "journey.started"}
    assert request.headers["content-type"] == "application/cloudevents+json"
    assert request.headers["webhook-id"] == "one"
    assert request.headers["host"] == HookUrl.of(receiver.url).host + f":{HookUrl.of(receiver.url).port}"


async def test_while_a_secret_is_replaced_each_of_them_verifies() -> None:
    secrets = [signing.new_secret() for _ in range(3)]
    headers = signing.headers([signing.key(one) for one in secrets], "one", int(time.time()), BODY)
    for secret in secrets:
        Webhook(secret).verify(BODY, dict(headers))
    with pytest.raises(Exception, match="signature"):
        Webhook(signing.new_secret()).verify(BODY, dict(headers))


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        *((200, "delivered"), (201, "delivered"), (202, "delivered"), (204, "delivered")),
        *((301, "redirect"), (302, "redirect"), (307, "redirect"), (308, "redirect")),
        *((400, "error_status"), (401, "error_status"), (404, "error_status"), (500, "error_status")),
        *((410, "gone"), (429, "limited"), (503, "error_status")),
    ],
)
def test_what_a_status_means(status: int, outcome: str) -> None:
    assert judged(status, None).outcome == outcome


def test_retry_after_is_heard() -> None:
    assert judged(429, "120").retry_after == timedelta(minutes=2)
    assert judged(503, "120") == judged(503, "120")
    assert judged(503, "120").outcome == "limited"
    assert judged(500, "120").retry_after == timedelta(minutes=2)


async def test_a_redirect_is_not_followed() -> None:
    async with Receiver().listening() as other:
        target = other.url
        async with Receiver(lambda _: f"307 Temporary Redirect\r\nLocation: {target}").listening() as receiver:
            assert (await posted(receiver.url)).outcome == "redirect"
    assert not other.requests


async def test_a_receiver_that_does_not_answer_is_left() -> None:
    async def never(_: Request) -> str:
        await asyncio.sleep(60)
        return "200 OK"

    async with Receiver(never).listening() as receiver:
        began = time.monotonic()
        assert (await posted(receiver.url, seconds=0.3)).outcome == "timeout"
        assert time.monotonic() - began < 3


@asynccontextmanager
async def writing(*parts: bytes, pause: float = 0.0) -> AsyncIterator[str]:
    """A receiver that writes this, without end where the last part is one, as HTTP or not."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            for part in parts:
                writer.write(part)
                await writer.drain()
            while pause >= 0:
                writer.write(parts[-1])
                await writer.drain()
                await asyncio.sleep(pause)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


async def test_an_answer_without_end_is_not_read() -> None:
    body = b"x" * 65_536
    async with writing(b"HTTP/1.1 200 OK\r\n\r\n", body) as url:
        began = time.monotonic()
        assert (await posted(url)).outcome == "delivered"
        assert time.monotonic() - began < 3


async def test_an_answer_that_trickles_is_not_waited_for() -> None:
    async with writing(b"HTTP/1.1 200 OK\r\n\r\n", b"x", pause=0.05) as url:
        began = time.monotonic()
        assert (await posted(url)).outcome == "delivered"
        assert time.monotonic() - began < 4


async def test_headers_without_end_are_not_read() -> None:
    async with writing(b"HTTP/1.1 200 OK\r\n", b"X-A: " + b"y" * 8_000 + b"\r\n") as url:
        assert (await posted(url, seconds=3)).outcome in {"unreachable", "timeout"}


async def test_what_is_no_http() -> None:
    async with writing(b"220 mail.example.org ESMTP\r\n", b"\r\n", pause=-1) as url:
        assert (await posted(url)).outcome == "unreachable"


async def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        answer = await posted(f"http://127.0.0.1:{taken.getsockname()[1]}/")
    assert answer == Answer("unreachable", "no connection to the receiver")


async def test_a_name_that_does_not_exist() -> None:
    answer = await posted("https://no-such-host.invalid/")
    assert answer == Answer("unreachable", "the host name has no address")


async def test_a_private_address_is_not_connected_to() -> None:
    async with Receiver().listening() as receiver:
        answer = await posted(receiver.url.replace("http:", "https:"), allowed=Allowed())
        assert answer.outcome == "private_address"
        answer = await posted(receiver.url, allowed=Allowed())
        assert answer.outcome == "private_address"
    assert receiver.connections == 0


def _answers(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """What the name server says, one answer for each question; then it is an error to ask."""
    left, asked = list(answers), []

    def look_up(host: str, port: int, **_: object) -> list[object]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in left.pop(0)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


async def test_the_address_that_was_checked_is_the_one_that_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that answers differently the next time changes nothing: it is asked once."""
    async with Receiver().listening() as receiver:
        port = HookUrl.of(receiver.url).port
        asked = _answers(monkeypatch, ["127.0.0.1"], ["169.254.169.254"])
        answer = await posted(f"http://rebound.example:{port}/hook")
        assert answer.outcome == "delivered"
    assert asked == ["rebound.example"]
    assert receiver.requests[0].headers["host"] == f"rebound.example:{port}"


async def test_one_address_of_many_that_is_private_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    _answers(monkeypatch, ["93.184.215.14", "10.0.0.1"])
    assert (await posted("https://half.example/")).outcome == "private_address"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Of a server named hooks.example, and of a client that trusts it."""
    file = tmp_path_factory.mktemp("certificate") / "both.pem"
    made = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
    named = f"-subj /CN=hooks.example -addext subjectAltName=DNS:hooks.example -days 2 -keyout {file} -out {file}.crt"
    if not shutil.which("openssl"):
        pytest.skip("openssl is not here to make a certificate with")
    subprocess.run([*made.split(), *named.split()], check=True, capture_output=True)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(f"{file}.crt", file)
    return server, ssl.create_default_context(cafile=f"{file}.crt")


async def test_the_certificate_is_checked_against_the_name(
    monkeypatch: pytest.MonkeyPatch, certificates: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    server, trust = certificates
    async with Receiver().listening(server) as receiver:
        port = HookUrl.of(receiver.url).port
        _answers(monkeypatch, ["127.0.0.1"], ["127.0.0.1"], ["127.0.0.1"])
        assert (await posted(f"https://hooks.example:{port}/", tls=trust)).outcome == "delivered"
        wrong = await posted(f"https://other.example:{port}/", tls=trust)
        unknown = await posted(f"https://hooks.example:{port}/")
    assert len(receiver.requests) == 1
    assert wrong.outcome == unknown.outcome == "unreachable"
    assert "certificate" in wrong.because
    assert "certificate" in unknown.because


async def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Receiver().listening() as proxy, Receiver().listening() as receiver:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        assert (await posted(receiver.url)).outcome == "delivered"
    assert not proxy.requests


async def test_a_name_server_that_does_not_answer_costs_an_attempt_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def look_up(*_: object, **__: object) -> list[object]:
        over.wait(30)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    began = time.monotonic()
    assert (await posted("https://slow.example/", seconds=0.2)).outcome == "timeout"
    assert time.monotonic() - began < 20
    over.set()


def test_the_key_is_never_in_what_is_shown() -> None:
    assert base64.b64encode(KEYS[0]).decode() not in repr(vars(event_hooks))
