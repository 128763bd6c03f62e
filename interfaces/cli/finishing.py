"""What `trellis up` does once everything runs: views, sample, lost journeys; then the board and the addresses.

Nothing here is needed to serve: what fails is said, with what to do about it, and everything goes on running.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from time import monotonic

from rich.console import Console
from rich.markup import escape

from client.journeys import JourneyClient
from interfaces.cli.boards import board_table
from interfaces.cli.screen import Step, Steps
from projections.reading import BeingRebuilt
from projections.status import ProjectionStatus, statuses
from projections.views import board
from runtime.connecting import connect_temporal, open_database
from runtime.local import Servers
from scenarios import sample
from services import keys, local_key, log_ins
from services.rebuilding import outdated_views, rebuilt
from services.reconciling import JourneyWorkflows, reconcile
from settings import Settings
from store.database import Pool
from store.errors import StoreError
from store.people import names_of

_BOARD_ROWS = 20
_SHOWN_SECONDS = 10.0
_STANDSTILL_SECONDS = 30.0
_TELL_SECONDS = 10.0
_LINK = timedelta(days=1)


async def finish(steps: Steps, settings: Settings, servers: Servers, console: Console) -> None:
    """Raises nothing but the cancellation."""
    await _try(steps, "Views", lambda step: _wait_for_views(settings, step, console), "see `trellis projections`")
    if settings.sample:
        await _try(steps, "Sample", lambda step: _load_sample(settings, step), "TRELLIS_SAMPLE=false turns it off")
    await _try(steps, "Journeys", lambda step: _take_up_lost(settings, step), "to try again: trellis revive")
    try:
        await _show_board(console, settings)
    except BeingRebuilt as waits:
        console.print(f"\n{escape(str(waits))}", soft_wrap=True)
    except Exception as error:  # noqa: BLE001 - whoever cannot see the board needs the rest all the more
        _raise_if_cancelled(error)
        console.print(f"[yellow]The board cannot be shown:[/] {escape(_first_words(error))}", soft_wrap=True)
    _show_addresses(console, settings, servers, await _log_in(settings))


async def _try(steps: Steps, title: str, work: Callable[[Step], Awaitable[None]], remedy: str) -> None:
    with steps.step(title) as step:
        try:
            await work(step)
        except Exception as error:  # noqa: BLE001 - the others are done all the same
            _raise_if_cancelled(error)
            step.worked = False
            step.outcome = f"failed; {remedy}: {_first_words(error)}"


def _raise_if_cancelled(error: Exception) -> None:
    task = asyncio.current_task()
    if task and task.cancelling():  # the SDK has put an error of its own in the place of the cancellation
        raise asyncio.CancelledError from error


def _first_words(error: Exception) -> str:
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return str(error) if isinstance(error, StoreError) else repr(error)


async def _wait_for_views(settings: Settings, step: Step, console: Console) -> None:
    """Until they are built, however long that takes, and as good as up to date. One that waits for a person, or does
    not get on, is said and not waited for.
    """
    pool = await open_database(settings)
    try:
        outdated = await outdated_views(pool)
        left = await rebuilt(pool, _progress_of(step, console), _STANDSTILL_SECONDS)
        await _wait_until_up_to_date(pool)
        stopped = [one for one in await statuses(pool) if one.status == "live" and one.stopped_at is not None]
    finally:
        pool.terminate()
    step.worked = not stopped and not left
    done = [one for one in outdated if one not in left]
    said = [f"rebuilt for this version: {', '.join(done)}"] if done else []
    step.outcome = "; ".join([*said, *map(_stopped, stopped), *map(_still_old, left)]) or "up to date"


def _stopped(one: ProjectionStatus) -> str:
    return (
        f"{one.name} has stopped at position {one.stopped_at} and shows nothing newer ({one.stopped_because}): use "
        f"`trellis projections retry {one.name}`, `park`, or `skip`. Everything else keeps running"
    )


def _still_old(name: str) -> str:
    return f"{name} is not rebuilt yet and makes no progress; see `trellis projections` and the worker's log"


def _progress_of(step: Step, console: Console) -> Callable[[str], None]:
    """How far they are: at once on a terminal, every ten seconds elsewhere."""
    told = monotonic()

    def tell(words: str) -> None:
        nonlocal told
        step.tell(f"are being rebuilt: {words}")
        if not console.is_terminal and monotonic() - told >= _TELL_SECONDS:
            told = monotonic()
            console.print(f"  Views are being rebuilt: {words}")

    return tell


async def _wait_until_up_to_date(pool: Pool) -> None:
    """Or nearly: the board says when it was read."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_SHOWN_SECONDS):
            while any(_is_coming(one) for one in await statuses(pool)):  # noqa: ASYNC110 - of another process
                await asyncio.sleep(0.05)


async def _wait_for_all(pool: Pool, step: Step) -> None:
    """Until the views have everything, however slow the machine is, as long as they get on."""
    behind, since = math.inf, monotonic()
    while left := sum(one.behind_events for one in await statuses(pool) if _is_coming(one)):
        if left < behind:
            behind, since = left, monotonic()
        elif monotonic() - since >= _STANDSTILL_SECONDS:
            return
        step.tell(f"waiting for the views, {left:,} to go")
        await asyncio.sleep(0.1)


def _is_coming(one: ProjectionStatus) -> bool:
    return bool(one.status == "live" and one.behind_events and one.stopped_at is None)


async def _load_sample(settings: Settings, step: Step) -> None:
    pool = await open_database(settings)
    try:
        temporal = await connect_temporal(settings)
        step.outcome = await sample.load_sample(JourneyClient(temporal), pool, step.tell)
        for more in (sample.open_program, sample.look_back):
            await _wait_for_all(pool, step)
            if new := await more(pool, temporal, step.tell):
                step.outcome += f"; {new}"
    finally:
        pool.terminate()


async def _take_up_lost(settings: Settings, step: Step) -> None:
    """Journeys that the log knows and Temporal does not run, as after its data were lost or an upgrade dropped them."""
    pool = await open_database(settings)
    try:
        await _wait_until_up_to_date(pool)
        temporal = await connect_temporal(settings)
        kind = JourneyWorkflows(pool, temporal)
        report = await reconcile(kind, pool, temporal, progress=lambda done, of: step.tell(f"{done} of {of}"))
        lost = report.started
        step.outcome = f"restarted {lost} that Temporal had lost" if lost else "all running"
    finally:
        pool.terminate()


async def _show_board(console: Console, settings: Settings) -> None:
    pool = await open_database(settings)
    try:
        page = await board.page(pool, limit=_BOARD_ROWS)
        if not page.rows:
            return
        people = [name for row in page.rows for name in (row.learner, row.mentor) if name]
        console.print()
        console.print(board_table(page.rows, await names_of(pool, people), datetime.now(UTC)))
        if page.next:
            console.print("[dim]See the address below for the rest.[/]")
    finally:
        pool.terminate()


async def _log_in(settings: Settings) -> str | None:
    """An address that logs one browser in; None where there is none."""
    key_id = keys.id_of(local_key.read(settings.key_file) or "")
    if not settings.http_url or not key_id:
        return None
    try:
        pool = await open_database(settings)
        try:
            return log_ins.address(settings.http_url, await log_ins.make_link(pool, key_id, _LINK))
        finally:
            pool.terminate()
    except Exception as error:  # noqa: BLE001 - the other addresses are of use all the same
        _raise_if_cancelled(error)
        return None


def _show_addresses(console: Console, settings: Settings, servers: Servers, log_in: str | None) -> None:
    addresses = {}
    if settings.http_url:
        addresses = {"Board": settings.http_url}
        if log_in:
            addresses["Log in"] = f"{log_in} (once, within a day; for another: trellis keys link)"
        addresses["Metrics"] = f"{settings.http_url}/metrics"
    if servers.temporal:
        addresses["Temporal UI"] = servers.temporal.ui_url
    if settings.sdk_metrics_port:
        addresses["SDK metrics"] = f"http://{settings.sdk_metrics_host}:{settings.sdk_metrics_port}/metrics"
    addresses["API key"] = f"in {settings.key_file}; see docs/keys.md"
    addresses["Logs"] = f"{settings.data_folder}/worker.log, and the servers' logs in the same folder"
    console.print()
    for name, address in addresses.items():
        console.print(f"[bold]{name:<12}[/] {address}", soft_wrap=True)
    console.print("\nCtrl-C stops everything. All data is kept for the next `make up`.")
