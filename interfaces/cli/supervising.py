"""Brings everything up on this machine, shows it, keeps it alive, and takes it down again."""

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress
from datetime import UTC, datetime

from rich.console import Console
from rich.markup import escape

from interfaces.cli.finishing import finish
from interfaces.cli.screen import Steps, complain
from runtime.children import children
from runtime.connecting import connect_temporal, migrate_database, open_database
from runtime.embedded.errors import ServerFailedError
from runtime.embedded.private import restrict_to_owner
from runtime.embedded.start_result import StartResult
from runtime.exits import Exit
from runtime.local import Servers, WorkerProcess
from runtime.restarts import Restarts
from runtime.search_attributes import register_search_attributes
from runtime.supervision import GaveUpError, keep_alive, start_with_retries
from services import local_key
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
        if changed := await asyncio.to_thread(restrict_to_owner, settings.data_folder):
            console.print(
                f"Other users could read {changed} files and folders in {settings.data_folder}. Now only you can."
            )
        if await worker.stop():
            console.print("Stopped a worker that was left running.")
        await worker.require_ports()
        kept = children(servers, worker)
        restarts = Restarts(worker.restarts, (child.name.lower() for child in kept))
        await _together(_start_postgres(steps, settings, servers), _start_temporal(steps, settings, servers))
        await _keep_key(steps, settings)
        await _start_worker(steps, settings, worker)

    async def finish_visibly() -> None:
        with steps.shown():
            await finish(steps, settings, servers, console)

    await _together(keep_alive(kept, say, restarts.count), finish_visibly())


async def _together(*work: Coroutine[None, None, None]) -> None:
    """Raises the first error, after the others have been cancelled: none of them may start anything later."""
    try:
        async with asyncio.TaskGroup() as tasks:
            for one in work:
                tasks.create_task(one)
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from None


async def _start_postgres(steps: Steps, settings: Settings, servers: Servers) -> None:
    with steps.step("Postgres") as step:
        step.outcome = _said(
            await start_with_retries(servers.start_postgres), settings.data_folder / "postgres", "DATABASE_URL"
        )
        if servers.postgres and servers.postgres.remark:
            step.outcome += f". {servers.postgres.remark}"
    with steps.step("Migrations") as step:
        step.outcome = ", ".join(await migrate(settings, servers)) or "none to apply"


async def _keep_key(steps: Steps, settings: Settings) -> None:
    with steps.step("Key") as step:
        pool = await open_database(settings)
        try:
            new = await local_key.keep(pool, settings.key_file)
        finally:
            pool.terminate()
        step.outcome = f"{'made' if new else 'kept'} in {settings.key_file}, which only you can read"


async def migrate(settings: Settings, servers: Servers) -> list[str]:
    """Starts our own Postgres again if it has died since it was started."""

    async def attempt() -> list[str]:
        await servers.start_postgres()
        return await migrate_database(settings)

    return await (start_with_retries(attempt) if servers.postgres else attempt())


async def _start_temporal(steps: Steps, settings: Settings, servers: Servers) -> None:
    with steps.step("Temporal") as step:
        result = await start_with_retries(servers.start_temporal)
        step.outcome = _said(result, settings.data_folder / "temporal", "TEMPORAL_ADDRESS")
        if not result:
            await register_search_attributes(await connect_temporal(settings))


def _said(result: StartResult | None, folder: object, setting: str) -> str:
    return f"{result}, data in {folder}" if result else f"not started here, because {setting} is set"


def _roles(settings: Settings) -> str:
    sends, serves = settings.messages != "off", settings.http_port != 0
    return ", ".join(
        (
            "journeys",
            "programs",
            "sequencer",
            "projector",
            *(("messages",) if sends else ()),
            *(("HTTP",) if serves else ()),
        )
    )


async def _start_worker(steps: Steps, settings: Settings, worker: WorkerProcess) -> None:
    """Raises ServerFailedError when it dies as often as it is started."""
    with steps.step("Worker") as step:

        async def start() -> str:
            await worker.require_ports()
            worker.start()
            return await worker.ready(step.tell)

        missing = await start_with_retries(start, lambda: worker.exit_code() == Exit.BAD_INPUT)
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
    """A second Ctrl-C changes nothing: stopping after the first one takes some seconds."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop
