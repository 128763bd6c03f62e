"""Uvicorn inside a process that has other things to do: it takes no signals, and says plainly who holds its port."""

import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from fastapi import FastAPI

from interfaces.http.connections import Limits, bounded, limits_of_this_process
from runtime.embedded.errors import PortTakenError
from runtime.embedded.ports import holder

_QUEUE = 1_024
"""Connections that the system keeps until they are accepted."""


class HttpServer:
    """`run` serves until `shutdown`, which lets requests that have begun end within `drain_seconds`."""

    def __init__(
        self, app: FastAPI, host: str, port: int, *, drain_seconds: float, limits: Limits | None = None
    ) -> None:
        """Without `limits`, those that suit the files this process may have open. Raises PortTakenError."""
        limits = limits or limits_of_this_process()
        self._socket = _listen(host, port)
        self._server = _Quiet(
            uvicorn.Config(
                app,
                http=bounded(limits),
                ws="none",
                backlog=limits.accepted_at_once,
                log_config=None,
                access_log=False,
                lifespan="off",
                timeout_graceful_shutdown=int(drain_seconds) + 1,
                server_header=False,
            )
        )

    async def run(self) -> None:
        await self._server.serve(sockets=[self._socket])

    async def shutdown(self) -> None:
        self._server.should_exit = True


class _Quiet(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """asyncio takes `backlog` for both how many it accepts at once, which are to be few, and the system's queue."""
        await super().startup(sockets)
        for listening in sockets or ():
            listening.listen(_QUEUE)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise PortTakenError(port, "HTTP", holder(port)) from error
    return listening
