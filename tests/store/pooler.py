"""A pooler in front of a real Postgres: each transaction of a client gets whichever session is free, as in pgbouncer's
mode `transaction`; or, in the mode `session`, each client has one to itself.
"""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_SSL_REQUEST = 80877103
Asked = asyncio.Future[bytes]


@dataclass
class Session:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    greeting: bytes
    """What the server said until it was ready, but for the numbers by which a session is cancelled."""


class Pooler:
    def __init__(self, socket: Path, *, by_transaction: bool) -> None:
        self._socket = socket
        self._by_transaction = by_transaction
        self._free: list[Session] = []

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        """Yields its port."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        async with server:
            yield server.sockets[0].getsockname()[1]
            for session in self._free:
                session.writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            startup = await self._startup(reader, writer)
            session = await self._session(startup)
            writer.write(session.greeting + b"K" + struct.pack("!III", 12, 1, 1) + b"Z\0\0\0\5I")
            asked: Asked = _next(reader)
            while True:
                if self._by_transaction:
                    self._free.append(session)
                await asyncio.wait({asked})
                if self._by_transaction:
                    session = await self._session(startup)
                asked = await self._relay(asked, session, reader, writer)
        writer.close()

    async def _relay(
        self, asked: Asked, session: Session, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> Asked:
        """Until the transaction is over. Takes and returns what the client says next."""
        answered = _next(session.reader)
        while True:
            done, _ = await asyncio.wait({asked, answered}, return_when=asyncio.FIRST_COMPLETED)
            if asked in done:
                session.writer.write(asked.result())
                asked = _next(reader)
            if answered in done:
                answer = answered.result()
                writer.write(answer)
                if answer == b"Z\0\0\0\5I":
                    return asked
                answered = _next(session.reader)

    async def _startup(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        while True:
            length = await reader.readexactly(4)
            body = await reader.readexactly(struct.unpack("!I", length)[0] - 4)
            if struct.unpack("!I", body[:4])[0] != _SSL_REQUEST:
                return length + body
            writer.write(b"N")

    async def _session(self, startup: bytes) -> Session:
        return self._free.pop() if self._free else await self._open(startup)

    async def _open(self, startup: bytes) -> Session:
        reader, writer = await asyncio.open_unix_connection(str(self._socket))
        writer.write(startup)
        greeting = b""
        while (message := await _message(reader))[:1] != b"Z":
            greeting += b"" if message[:1] == b"K" else message
        return Session(reader, writer, greeting)


def _next(reader: asyncio.StreamReader) -> Asked:
    """The next message. That nobody asks for it any more, once the other side has hung up, is no error."""
    asked = asyncio.ensure_future(_message(reader))
    asked.add_done_callback(lambda done: done.cancelled() or done.exception())
    return asked


async def _message(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readexactly(5)
    return head + await reader.readexactly(struct.unpack("!I", head[1:])[0] - 4)
