"""Letters to a webhook: what is sent, how it is signed, and what an answer means."""

import asyncio
import base64
import hashlib
import hmac
import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from channels import signing
from channels.channel import Bounced, NotTaken
from channels.webhook import WebhookChannel
from tests.channels.letters import LETTER, assert_tells_nothing_of_people, letter

KEY = bytes(range(32))
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"


@dataclass
class Receiver:
    """Answers every request with one head; without one, it hangs up, and with an empty one it says nothing."""

    head: str | None = "200 OK"
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        """Yields its URL."""
        async with await asyncio.start_server(self._talk, "127.0.0.1", 0) as server:
            try:
                yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/letters?from=trellis"
            finally:
                self.over.set()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        self.requests.append((first, headers, await reader.readexactly(int(headers["content-length"]))))
        if self.head == "":
            await self.over.wait()
        elif self.head:
            writer.write(f"HTTP/1.1 {self.head}\r\nContent-Length: 5\r\nConnection: close\r\n\r\nzofie".encode())
        writer.close()


@asynccontextmanager
async def opened(url: str, seconds: float = 10) -> AsyncIterator[WebhookChannel]:
    channel = WebhookChannel(url, SECRET, seconds=seconds)
    try:
        yield channel
    finally:
        await channel.close()


async def test_a_letter_is_posted_and_signed() -> None:
    receiver = Receiver()
    async with receiver.listening() as url, opened(url) as channel:
        await channel.send(LETTER)
    ((first, headers, body),) = receiver.requests
    assert first == "POST /letters?from=trellis HTTP/1.1"
    assert headers["content-type"] == "application/json"
    assert json.loads(body) == {
        "type": "message",
        "id": LETTER.id,
        "to": {"name": LETTER.to_name, "address": LETTER.to_address},
        "subject": LETTER.subject,
        "text": LETTER.text,
    }
    assert headers["webhook-id"] == LETTER.id
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"


def test_the_signature_is_that_of_the_specification() -> None:
    """The values that libraries of Standard Webhooks are tested with."""
    key = signing.key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = signing.headers([key], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


async def test_handed_over_again_it_has_the_same_id() -> None:
    receiver = Receiver()
    async with receiver.listening() as url, opened(url) as channel:
        await channel.send(letter(id="a b\r\nx: y"))
        await channel.send(letter(id="a b\r\nx: y"))
    first, second = (headers["webhook-id"] for _, headers, _ in receiver.requests)
    assert first == second
    assert "x" not in receiver.requests[0][1]


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299, 409])
async def test_a_letter_is_taken(status: int) -> None:
    receiver = Receiver(f"{status} fine")
    async with receiver.listening() as url, opened(url) as channel:
        await channel.send(LETTER)
    assert len(receiver.requests) == 1


@pytest.mark.parametrize("status", [401, 403, 404, 405, 407, 408, 410, 415, 425, 429, 500, 502, 503, 504, 599, 600])
async def test_a_letter_is_not_taken_for_now(status: int) -> None:
    receiver = Receiver(f"{status} zofie")
    async with receiver.listening() as url, opened(url) as channel:
        with pytest.raises(NotTaken, match=str(status)) as caught:
            await channel.send(LETTER)
    assert type(caught.value) is NotTaken
    assert_tells_nothing_of_people(caught.value)


@pytest.mark.parametrize("status", [400, 413, 422])
async def test_a_letter_is_refused_for_good(status: int) -> None:
    receiver = Receiver(f"{status} zofie")
    async with receiver.listening() as url, opened(url) as channel:
        with pytest.raises(Bounced, match=str(status)) as caught:
            await channel.send(LETTER)
    assert_tells_nothing_of_people(caught.value)


@pytest.mark.parametrize(("said", "wait"), [("120", 120), ("0", None), ("soon", None)])
async def test_a_receiver_may_ask_to_be_left_alone_for_a_while(said: str, wait: int | None) -> None:
    receiver = Receiver(f"429 busy\r\nRetry-After: {said}")
    async with receiver.listening() as url, opened(url) as channel:
        with pytest.raises(NotTaken) as caught:
            await channel.send(LETTER)
    assert caught.value.retry_after == (timedelta(seconds=wait) if wait else None)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_nobody_is_followed(status: int) -> None:
    elsewhere = Receiver()
    async with elsewhere.listening() as there:
        receiver = Receiver(f"{status} moved\r\nLocation: {there}")
        async with receiver.listening() as url, opened(url) as channel:
            with pytest.raises(NotTaken, match="has moved") as caught:
                await channel.send(LETTER)
    assert type(caught.value) is NotTaken
    assert not elsewhere.requests


@pytest.mark.parametrize("head", ["", None, "what\x00ever"])
async def test_a_silence_is_asked_again(head: str | None) -> None:
    receiver = Receiver(head)
    async with receiver.listening() as url, opened(url, seconds=0.2 if head == "" else 10) as channel:
        with pytest.raises(NotTaken) as caught:
            await channel.send(LETTER)
    assert type(caught.value) is NotTaken
    assert len(receiver.requests) == 1
    assert_tells_nothing_of_people(caught.value)


async def test_an_answer_that_comes_byte_by_byte_is_not_waited_for() -> None:
    """Each of its bytes comes in time, and all of them never would."""

    async def dribble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while not writer.is_closing() and not reader.at_eof():
            writer.write(b"X: y\r\n")
            await asyncio.sleep(0.05)
        writer.close()

    server = await asyncio.start_server(dribble, "127.0.0.1", 0)
    async with server, opened(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", seconds=0.3) as channel:
        with pytest.raises(NotTaken, match="did not answer"):
            await channel.send(LETTER)


async def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        async with opened(f"http://127.0.0.1:{taken.getsockname()[1]}/") as channel:
            with pytest.raises(NotTaken, match="no connection to the webhook") as caught:
                await channel.send(LETTER)
    assert_tells_nothing_of_people(caught.value)


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "whsec_",
        base64.b64encode(KEY).decode(),
        "whsec_c2hvcnQ=",
        f"whsec_{'A' * 88}AAAA",
        "whsec_ümlaut",
        f"{SECRET}!",
    ],
)
def test_what_is_no_secret_is_not_repeated(secret: str) -> None:
    with pytest.raises(ValueError, match=r"write whsec_ and 24 to 64 random bytes in base64") as caught:
        signing.key(secret)
    assert "c2hvcnQ" not in str(caught.value)
    assert caught.value.__cause__ is None
