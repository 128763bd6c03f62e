"""Mail servers of one test: aiosmtpd, which takes letters, and one that says what it was told to say."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


class Sink:
    """What it was given. `answers`: to RCPT and DATA, instead of taking what comes."""

    def __init__(self, **answers: str) -> None:
        self.envelopes: list[Envelope] = []
        self.encrypted: list[bool] = []
        self._answers = answers

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self._answers.get("RCPT", "250 ok")

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        if "DATA" not in self._answers:
            self.envelopes.append(envelope)
            self.encrypted.append(session.ssl is not None)
        return self._answers.get("DATA", "250 taken")


@asynccontextmanager
async def taking(sink: Sink, **options: Any) -> AsyncIterator[int]:
    """Yields its port on 127.0.0.1."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(sink, hostname="localhost", loop=loop, **options), "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


HANGS_UP = "(hangs up)"
SAYS_NOTHING = "(says nothing)"

_USUAL = {
    "greeting": "220 ready",
    "EHLO": "250 localhost",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go on",
    "letter": "250 taken",
    "QUIT": "221 bye",
}


class Scripted:
    """Says what a script has for a verb, for the `greeting` and for the `letter`, otherwise what is usual."""

    def __init__(self, script: Mapping[str, str]) -> None:
        self._script = {**_USUAL, **script}
        self.lines: list[str] = []

    @asynccontextmanager
    async def listening(self, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
        """Yields its port on 127.0.0.1."""
        over = asyncio.Event()

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await self._talk(reader, writer)
                await over.wait()  # hold the connection open, in silence
            except ConnectionError:
                pass
            finally:
                writer.close()

        server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=tls)
        async with server:
            try:
                yield server.sockets[0].getsockname()[1]
            finally:
                over.set()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        verb = "greeting"
        while self._says(verb, writer):
            line = (await reader.readline()).decode()
            if not line:
                raise ConnectionResetError
            self.lines.append(line.rstrip())
            if verb == "DATA" and self._script["DATA"].startswith("354"):
                await reader.readuntil(b"\r\n.\r\n")
                verb = "letter"
            else:
                verb = line.split()[0].upper()

    def _says(self, verb: str, writer: asyncio.StreamWriter) -> bool:
        answer = self._script[verb]
        if answer == HANGS_UP:
            raise ConnectionResetError
        if answer == SAYS_NOTHING:
            return False
        writer.write(f"{answer}\r\n".encode())
        return True
