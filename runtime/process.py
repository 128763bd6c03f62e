"""The services of one process: run together, stopped together, and ended together when one of them dies."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Protocol

import structlog

log = structlog.get_logger("trellis.worker")

_CUT_OFF_SECONDS = 2.0
"""Beyond the time that services are given to end in."""


class Service(Protocol):
    """`run` returns after `shutdown`, or raises when the service dies."""

    async def run(self) -> None: ...
    async def shutdown(self) -> None: ...


class ServiceDiedError(Exception):
    """A service ended that nobody had asked to end."""


class BackgroundService:
    """A service from a coroutine that runs until it is cancelled, and that may be cancelled at any moment."""

    def __init__(self, run: Callable[[], Awaitable[object]]) -> None:
        self._run = run
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        working = asyncio.ensure_future(self._run())
        stopping = asyncio.ensure_future(self._stopping.wait())
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        for task in (working, stopping):
            task.cancel()
        with suppress(asyncio.CancelledError):
            await working

    async def shutdown(self) -> None:
        self._stopping.set()


async def serve(services: Mapping[str, Service], stop: asyncio.Event, shutdown_seconds: float) -> None:
    """Runs them until `stop`, then lets each finish what it is doing.

    Raises ServiceDiedError when one ends of itself.
    """
    tasks = {name: asyncio.create_task(service.run(), name=name) for name, service in services.items()}
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({*tasks.values(), stopping}, return_when=asyncio.FIRST_COMPLETED)
    dead = {name: task for name, task in tasks.items() if task.done()}
    log.info("stopping", roles=list(services))
    await asyncio.gather(*(service.shutdown() for name, service in services.items() if name not in dead))
    alive = [task for task in tasks.values() if not task.done()]
    if alive:
        _, late = await asyncio.wait(alive, timeout=shutdown_seconds + _CUT_OFF_SECONDS)
        for task in late:
            log.warning("role_cut_off", role=task.get_name())
            task.cancel()
    stopping.cancel()
    for name, task in dead.items():
        raise ServiceDiedError(f"the role {name} died") from task.exception()


def stop_on_signals() -> asyncio.Event:
    """Set by the first SIGTERM or SIGINT. A second one ends the process at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def ask() -> None:
        stop.set()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ask)
    return stop
