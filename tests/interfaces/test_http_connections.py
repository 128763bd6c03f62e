"""Many connections that send nothing, or half of a request, keep nobody else from being answered."""

import asyncio
import contextlib
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import httpx2
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

from interfaces.http.connections import Limits
from interfaces.http.server import HttpServer

HALF = b"GET /hello HTTP/1.1\r\nHost: localhost\r\nX-Slow: "


@asynccontextmanager
async def serving(limits: Limits) -> AsyncIterator[int]:
    app = FastAPI()
    gate, ended = asyncio.Event(), asyncio.Event()

    @app.get("/hello")
    async def hello() -> str:
        return "hello"

    @app.get("/slow")
    async def slow() -> str:
        await gate.wait()
        return "at last"

    @app.get("/stream")
    async def stream(request: Request) -> StreamingResponse:
        request.state.streaming = True
        return StreamingResponse(_told(ended), media_type="text/event-stream")

    @app.get("/ended")
    async def wait_for_end() -> None:
        await ended.wait()

    @app.get("/open")
    async def open_gate() -> None:
        gate.set()

    server = HttpServer(app, "127.0.0.1", 0, drain_seconds=1, limits=limits)
    running = asyncio.create_task(server.run())
    port = server._socket.getsockname()[1]
    async with asyncio.timeout(10):
        while True:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            await asyncio.sleep(0.01)
    try:
        yield port
    finally:
        gate.set()
        await server.shutdown()
        await running


async def _told(ended: asyncio.Event) -> AsyncIterator[bytes]:
    """Much, so that it does not all fit into the buffers of the system."""
    try:
        while True:
            yield b"data: %b\n\n" % (b"x" * 50_000)
            await asyncio.sleep(0.01)
    finally:
        ended.set()


async def half_open(port: int, sent: bytes = HALF) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    await writer.drain()
    return reader, writer


async def ask(port: int, path: str = "/hello") -> int:
    async with httpx2.AsyncClient(timeout=5) as client:
        return (await client.get(f"http://127.0.0.1:{port}{path}")).status_code


async def test_half_open_connections_give_way_to_new_ones() -> None:
    async with serving(Limits(connections=10, request_seconds=60)) as port:
        held = [await half_open(port, HALF if number % 2 else b"") for number in range(60)]
        assert await ask(port) == 200
        async with asyncio.timeout(5):
            for reader, _ in held[:45]:
                with contextlib.suppress(ConnectionError):
                    assert await reader.read() == b"", "those that waited longest were closed"
        for _, writer in held:
            writer.close()


async def test_a_request_that_does_not_arrive_in_time_is_answered_with_408() -> None:
    async with serving(Limits(connections=10, request_seconds=0.2)) as port:
        reader, writer = await half_open(port)
        async with asyncio.timeout(5):
            told = await reader.read()
        assert told.startswith(b"HTTP/1.1 408 ") and told.endswith(b"in good time\n")
        writer.close()


async def test_bytes_now_and_then_buy_no_time() -> None:
    async with serving(Limits(connections=10, request_seconds=0.3)) as port:
        reader, writer = await half_open(port)
        async with asyncio.timeout(5):
            told = asyncio.create_task(reader.read())
            with contextlib.suppress(ConnectionError):
                while not told.done():
                    writer.write(b"x")
                    await writer.drain()
                    await asyncio.sleep(0.02)
            with contextlib.suppress(ConnectionError):
                assert (await told).startswith(b"HTTP/1.1 408 ")
        writer.close()


async def test_with_as_many_requests_in_progress_as_connections_another_one_is_told_to_come_back() -> None:
    async with serving(Limits(connections=3)) as port:
        slow = [await half_open(port, b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n") for _ in range(3)]
        async with asyncio.timeout(5):
            while True:
                reader, writer = await half_open(port, b"")
                told = await reader.read()
                writer.close()
                if told:
                    break
                slow = [one for one in slow if not one[0].at_eof()]
        assert told.startswith(b"HTTP/1.1 503 ") and b"Retry-After: 5" in told
        for _, one in slow:
            one.close()


async def test_an_answer_that_takes_too_long_is_cut_off() -> None:
    async with serving(Limits(connections=10, answer_seconds=0.2)) as port:
        reader, writer = await half_open(port, b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n")
        async with asyncio.timeout(5):
            with contextlib.suppress(ConnectionError):
                assert await reader.read() == b""
        writer.close()


async def test_a_connection_is_used_again() -> None:
    async with serving(Limits(connections=2, request_seconds=5)) as port:
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            for _ in range(5):
                assert (await client.get("/hello")).status_code == 200
        reader, writer = await half_open(port, HALF + b"1\r\n\r\n" + HALF + b"2\r\nConnection: close\r\n\r\n")
        async with asyncio.timeout(5):
            assert (await reader.read()).count(b'"hello"') == 2, "two requests at once"
        writer.close()


_SERVER = """
import asyncio
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse
from interfaces.http.server import HttpServer
app = FastAPI()
app.get("/hello")(lambda: "hello")
async def main():
    server = HttpServer(app, "127.0.0.1", 0, drain_seconds=1)
    print(server._socket.getsockname()[1], flush=True)
    await server.run()
asyncio.run(main())
"""


@pytest.fixture
def short_of_files() -> Iterator[int]:
    """The port of a server that may have 256 files open."""
    command = ["/bin/sh", "-c", 'ulimit -n 256; exec "$0" -c "$1"', sys.executable, _SERVER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stderr
        yield int(process.stdout.readline())
        process.kill()
        assert "out of system resource" not in process.stderr.read()


async def test_a_server_that_is_short_of_files_never_runs_out_of_them(short_of_files: int) -> None:
    async with asyncio.timeout(20):
        while True:
            with contextlib.suppress(OSError):
                held = [await half_open(short_of_files)]
                break
            await asyncio.sleep(0.01)
        held += await asyncio.gather(*(half_open(short_of_files) for _ in range(400)))
        for _ in range(5):
            assert await ask(short_of_files) == 200
    for _, writer in held:
        writer.close()


async def test_a_stream_lasts_longer_than_other_responses() -> None:
    async with serving(Limits(connections=10, answer_seconds=0.2)) as port:
        reader, writer = await half_open(port, b"GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
        began = asyncio.get_running_loop().time()
        while asyncio.get_running_loop().time() < began + 0.6:
            assert await reader.read(2**20)
        writer.close()
        assert await ask(port, "/ended") == 200


async def test_a_stream_that_is_not_read_is_ended() -> None:
    async with serving(Limits(connections=10, stall_seconds=0.2)) as port:
        _, writer = await half_open(port, b"GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
        async with asyncio.timeout(10):
            assert await ask(port, "/ended") == 200
        writer.close()


async def test_headers_without_end_are_refused() -> None:
    """The parser would keep any number of them."""
    async with serving(Limits(connections=10)) as port:
        reader, writer = await half_open(port, HALF + b"x" * 100_000)
        assert b" 431 " in await reader.readline()
        writer.close()
        reader, writer = await half_open(port, HALF + b"x" * 60_000 + b"\r\n\r\n")
        assert b" 200 " in await reader.readline()
        writer.close()
