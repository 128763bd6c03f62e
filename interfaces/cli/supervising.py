"""Brings everything up on this machine, shows it, watches it, and takes it down again."""

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress
from datetime import UTC, datetime

from rich.console import Console

from embedded.beginning import Beginning
from embedded.errors import ServerFailedError
from interfaces import sample
from interfaces.cli.boards import board_table
from interfaces.cli.screen import Step, Steps, complain
from interfaces.client import JourneyClient
from interfaces.connecting import connect_temporal, migrate_database, open_database
from interfaces.exits import Exit
from interfaces.local import Servers, WorkerProcess
from interfaces.rebuilding import outdated_views, rebuilt
from interfaces.registering import register_search_attributes
from interfaces.reviving import find_lost, revive
from projections import board
from projections.reading import BeingRebuilt
from projections.standing import standings
from settings import Settings
from store.database import Pool
from store.people import names_of

_LOOK_SECONDS = 0.5
_BOARD_ROWS = 20
_SHOWN_SECONDS = 10.0


async def supervise(settings: Settings, console: Console) -> Exit:
    """Returns after SIGINT, SIGTERM or SIGHUP, or when a part of it dies; in any case nothing is left running.

    Raises PortTakenError, EmbeddedServerError, StoreError, UnreachableError when it cannot be brought up.
    """
    stop = _stop_on_signals()
    servers, worker = Servers(settings), WorkerProcess(settings)
    try:
        await _unless_stopped(stop, _bring_up(settings, servers, worker, console))
        await _watch(stop, servers, worker)
    except ServerFailedError as error:
        complain(error)
        return Exit.FAILED
    finally:
        await _stop(servers, worker, console)
    return Exit.OK


async def _bring_up(settings: Settings, servers: Servers, worker: WorkerProcess, console: Console) -> None:
    steps = Steps(console)
    with steps.shown():
        if await worker.stop():
            console.print("A worker that was left running has been stopped.")
        worker.require_ports()
        await asyncio.gather(_start_postgres(steps, settings, servers), _start_temporal(steps, settings, servers))
        with steps.step("Worker") as step:
            worker.start()
            await worker.ready()
            step.outcome = "journeys, sequencer, projector, HTTP"
        await _rebuild_views(steps, settings)
        if settings.sample:
            await _plant(steps, settings)
        await _take_up_lost(steps, settings)
    await _show_board(console, settings)
    _show_addresses(console, settings, servers)


async def _start_postgres(steps: Steps, settings: Settings, servers: Servers) -> None:
    with steps.step("Postgres") as step:
        step.outcome = _said(await servers.start_postgres(), settings.data_folder / "postgres", "DATABASE_URL")
    with steps.step("Migrations") as step:
        step.outcome = ", ".join(await migrate_database(settings)) or "none to apply"


async def _start_temporal(steps: Steps, settings: Settings, servers: Servers) -> None:
    with steps.step("Temporal") as step:
        beginning = await servers.start_temporal()
        step.outcome = _said(beginning, settings.data_folder / "temporal", "TEMPORAL_ADDRESS")
        if not beginning:
            await register_search_attributes(await connect_temporal(settings))


def _said(beginning: Beginning | None, folder: object, setting: str) -> str:
    return f"{beginning}, data in {folder}" if beginning else f"not started here: {setting} says where it is"


async def _rebuild_views(steps: Steps, settings: Settings) -> None:
    """After an upgrade. Views that take longer than anybody waits for do not keep the rest from starting."""
    pool = await open_database(settings)
    try:
        if not (outdated := await outdated_views(pool)):
            return
        with steps.step("Views") as step:
            left = await rebuilt(pool, step.tell)
            step.worked = not left
            done = ", ".join(one for one in outdated if one not in left) or "none"
            still = f"; not yet: {', '.join(left)}. `trellis projections` shows how far they are" if left else ""
            step.outcome = f"rebuilt for this version: {done}{still}"
    finally:
        pool.terminate()


async def _plant(steps: Steps, settings: Settings) -> None:
    pool = await open_database(settings)
    try:
        with steps.step("Sample") as step:
            await _plant_or_say(settings, pool, step)
    finally:
        pool.terminate()


async def _take_up_lost(steps: Steps, settings: Settings) -> None:
    """Journeys that the log knows and Temporal does not run, as after its data were lost or an upgrade dropped them."""
    pool = await open_database(settings)
    try:
        with steps.step("Journeys") as step:
            await _views_are_up_to_date(pool)
            temporal = await connect_temporal(settings)
            lost = await find_lost(temporal, pool)
            taken_up = await revive(JourneyClient(temporal), lost, lambda done: step.tell(f"{done} of {len(lost)}"))
            step.outcome = f"{taken_up} that Temporal had lost, taken up from the log" if taken_up else "all alive"
    finally:
        pool.terminate()


async def _plant_or_say(settings: Settings, pool: Pool, step: Step) -> None:
    journeys = JourneyClient(await connect_temporal(settings))
    try:
        step.outcome = await sample.plant(journeys, pool, step.tell)
    except Exception as error:  # a program of one's own must run whatever becomes of the sample
        task = asyncio.current_task()
        if task and task.cancelling():  # the SDK has put an error of its own in the place of the cancellation
            raise asyncio.CancelledError from error
        step.worked = False
        step.outcome = f"not loaded; TRELLIS_SAMPLE=false leaves it out: {_first_of(error)!r}"


def _first_of(error: Exception) -> Exception:
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error


async def _views_are_up_to_date(pool: Pool) -> None:
    """Or nearly: the board says when it was read."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_SHOWN_SECONDS):
            while any(one.behind_events for one in await standings(pool)):  # noqa: ASYNC110 - of another process
                await asyncio.sleep(0.05)


async def _show_board(console: Console, settings: Settings) -> None:
    pool = await open_database(settings)
    try:
        try:
            page = await board.page(pool, limit=_BOARD_ROWS)
        except BeingRebuilt as waits:
            console.print(f"\n{waits}", soft_wrap=True)
            return
        if not page.rows:
            return
        people = [name for row in page.rows for name in (row.learner, row.mentor) if name]
        console.print()
        console.print(board_table(page.rows, await names_of(pool, people), datetime.now(UTC)))
        if page.next:
            console.print("[dim]and more, at the address below[/]")
    finally:
        pool.terminate()


def _show_addresses(console: Console, settings: Settings, servers: Servers) -> None:
    addresses = {}
    if settings.http_port:
        addresses = {"Board": settings.http_url, "Metrics": f"{settings.http_url}/metrics"}
    if servers.temporal:
        addresses["Temporal UI"] = servers.temporal.ui_url
    if settings.sdk_metrics_port:
        addresses["SDK metrics"] = f"http://{settings.sdk_metrics_host}:{settings.sdk_metrics_port}/metrics"
    addresses["Logs"] = f"{settings.data_folder}/worker.log, and those of the servers beside it"
    console.print()
    for name, address in addresses.items():
        console.print(f"[bold]{name:<12}[/] {address}", soft_wrap=True)
    console.print("\nCtrl-C stops everything; the next `make up` goes on from here.")


async def _watch(stop: asyncio.Event, servers: Servers, worker: WorkerProcess) -> None:
    """Until somebody asks to stop. Raises ServerFailedError when a part of it dies: nothing is restarted silently."""
    while not stop.is_set():
        if dead := worker.dead() or servers.dead():
            raise dead
        with suppress(TimeoutError):
            async with asyncio.timeout(_LOOK_SECONDS):
                await stop.wait()


async def _stop(servers: Servers, worker: WorkerProcess, console: Console) -> None:
    # What cancelled calls leave behind is no news to anybody who has asked to stop.
    asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
    console.print("\nStopping ...")
    await worker.stop()
    await servers.stop()
    console.print("Stopped. Everything is kept.")


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
