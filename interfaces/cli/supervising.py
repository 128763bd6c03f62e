"""Brings everything up on this machine, shows it, keeps it alive, and takes it down again."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime

from rich.console import Console
from rich.markup import escape

from interfaces.cli.finishing import finish
from interfaces.cli.screen import Steps, complain
from runtime.children import children
from runtime.connecting import connect_temporal, migrate_database
from runtime.embedded.beginning import Beginning
from runtime.embedded.errors import EmbeddedServerError, PortTakenError, ServerFailedError
from runtime.embedded.private import tighten
from runtime.exits import Exit
from runtime.local import Servers, WorkerProcess
from runtime.registering import register_search_attributes
from runtime.restarts import Restarts
from runtime.supervision import ENOUGH, GaveUpError, keep_alive
from settings import Settings


async def supervise(settings: Settings, console: Console) -> Exit:
    """Returns after SIGINT, SIGTERM or SIGHUP; what dies meanwhile is started again. Nothing is left running.

    Raises PortTakenError, EmbeddedServerError, StoreError, UnreachableError when it cannot be brought up, and the first
    two when a part of it died and starting it again is hopeless.
    """
    stop = _stop_on_signals()
    servers, worker = Servers(settings), WorkerProcess(settings)
    try:
        await _unless_stopped(stop, _bring_up_and_keep(settings, servers, worker, console))
    except ServerFailedError as error:
        complain(error)
        return Exit.FAILED
    except GaveUpError as error:
        complain(error)
        return error.exit
    finally:
        await _stop(servers, worker, console)
    return Exit.OK


async def _bring_up_and_keep(settings: Settings, servers: Servers, worker: WorkerProcess, console: Console) -> None:
    """Returns only by an exception. From the moment when everything has been started, what dies is started again."""
    steps = Steps(console)

    def say(line: str) -> None:
        console.print(f"[yellow]{datetime.now(UTC):%H:%M:%S}[/] {escape(line)}", soft_wrap=True)

    with steps.shown():
        if changed := await asyncio.to_thread(tighten, settings.data_folder):
            console.print(
                f"Other users could read {changed} files and folders in {settings.data_folder}. Now only you can."
            )
        if await worker.stop():
            console.print("Stopped a worker that was left running.")
        await worker.require_ports()
        kept = children(servers, worker)
        restarts = Restarts(worker.restarts, (child.name.lower() for child in kept))
        await asyncio.gather(_start_postgres(steps, settings, servers), _start_temporal(steps, settings, servers))
        await _start_worker(steps, settings, worker)
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(keep_alive(kept, say, restarts.count))
            with steps.shown():
                await finish(steps, settings, servers, console)
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from None


async def _insist(start: Callable[[], Awaitable[Beginning | None]]) -> Beginning | None:
    """One that dies while it starts is started again, as it would be later. Raises what the last attempt raised."""
    for _ in range(ENOUGH - 1):
        try:
            return await start()
        except PortTakenError:
            raise
        except EmbeddedServerError:
            continue
    return await start()


async def _start_postgres(steps: Steps, settings: Settings, servers: Servers) -> None:
    with steps.step("Postgres") as step:
        step.outcome = _said(await _insist(servers.start_postgres), settings.data_folder / "postgres", "DATABASE_URL")
        if servers.postgres and servers.postgres.remark:
            step.outcome += f". {servers.postgres.remark}"
    with steps.step("Migrations") as step:
        step.outcome = ", ".join(await migrate_database(settings)) or "none to apply"


async def _start_temporal(steps: Steps, settings: Settings, servers: Servers) -> None:
    with steps.step("Temporal") as step:
        beginning = await _insist(servers.start_temporal)
        step.outcome = _said(beginning, settings.data_folder / "temporal", "TEMPORAL_ADDRESS")
        if not beginning:
            await register_search_attributes(await connect_temporal(settings))


def _said(beginning: Beginning | None, folder: object, setting: str) -> str:
    return f"{beginning}, data in {folder}" if beginning else f"not started here, because {setting} is set"


def _roles(settings: Settings) -> str:
    sends, serves = settings.messages != "off", settings.http_port != 0
    return ", ".join(
        ("journeys", "sequencer", "projector", *(("messages",) if sends else ()), *(("HTTP",) if serves else ()))
    )


async def _start_worker(steps: Steps, settings: Settings, worker: WorkerProcess) -> None:
    """Raises ServerFailedError when it dies as often as it is started."""
    with steps.step("Worker") as step:
        for last in (False,) * (ENOUGH - 1) + (True,):
            worker.start()
            try:
                missing = await worker.ready(step.tell)
            except ServerFailedError:
                if last or worker.exit_code() == Exit.BAD_INPUT:
                    raise
                await worker.require_ports()
            else:
                break
        step.worked = not missing
        step.outcome = f"not ready yet: {missing}" if missing else _roles(settings)


async def _stop(servers: Servers, worker: WorkerProcess, console: Console) -> None:
    # What cancelled calls leave behind is no news to anybody who has asked to stop.
    asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
    console.print("\nStopping ...")
    await worker.stop()
    await servers.stop()
    console.print("Stopped. All data is kept.")


async def _unless_stopped(stop: asyncio.Event, work: Coroutine[None, None, None]) -> None:
    """Raises what `work` raises. When the stop comes first, `work` is cancelled."""
    working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not working.done():
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working
        return
    await working


def _stop_on_signals() -> asyncio.Event:
    """A second Ctrl-C changes nothing: the first one is being obeyed, and that takes seconds."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop
