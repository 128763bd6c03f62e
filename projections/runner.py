"""Keeps the views up to date with the log. Any number of processes can run this; each view is led by one of them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from time import monotonic

import asyncpg
import structlog

from projections.builds import LONG_LOG
from projections.follower import Follower, Member, Moved, Stopped, UpToDate, follow, lead, passing
from projections.generations import all_of, drop_replaced, ensure_live
from projections.group import Group, Left
from projections.projection import Projection
from projections.rebuild import rebuild
from projections.registry import PROJECTIONS
from projections.sql import query
from store.database import Connection
from store.errors import Deposed, StoreError
from store.leading import STANDINGS, Interruptions, Standing, until_done
from store.locks import Lock
from store.signal import Signal

log = structlog.get_logger(__name__)

BringUp = Callable[[Projection], Awaitable[Member]]
"""Returns once the projection can follow the log with the others."""

_SETTINGS = {"jit": "off", "synchronous_commit": "off"}
"""Rows and checkpoint are stored together, later than the log: a crash loses nothing that is not applied again, so no
commit has to wait for the disk."""
_RETRY_SECONDS = 0.5
_LOOK_SECONDS = 5.0
"""How often views that are up to date look whether a person or another runner has changed something."""
_STOPPED_LOOK_SECONDS = 0.5
_PERMANENT_ERROR_SECONDS = 30.0
"""After what does not go away by itself, such as a rebuild whose rows differ from a replay."""
_GATHER_SECONDS = 0.005
"""Between two steps: a few events together cost hardly more than one. A full batch takes longer than that anyway."""


class Runner:
    """Keeps all projections that this process can lead. `run` returns only when cancelled.

    Leadership is per projection, by a lock of one session: when one process ends, another takes over. A view that is
    behind is rebuilt or follows the log alone, on a connection of its own, until it has caught up with the others; so
    does one that has stopped. Needs connections straight to Postgres: two, and one for each view that follows alone.
    """

    def __init__(self, dsn: str, projections: Iterable[Projection] = PROJECTIONS.values()) -> None:
        self._dsn = dsn
        self._projections: Mapping[str, Projection] = {one.name: one for one in projections}
        self._signal = Signal(dsn)
        self._rebuilding = asyncio.Lock()
        """One after the other: each uses all CPUs, and after an upgrade the first is complete early."""

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._signal.run())
            tasks.create_task(self._keep_leading())

    async def _keep_leading(self) -> None:
        async def work(connection: Connection) -> None:
            await _Leading(connection, self._projections, self._bring_up, self._signal).run()

        await until_done(self._dsn, work, name="views", patience=_patience("views"), settings=_SETTINGS)

    async def _bring_up(self, projection: Projection) -> Member:
        """Returns once its live generation is of this form and up to date."""

        async def work(connection: Connection) -> Member:
            while not await self._in_form(connection, projection):  # noqa: ASYNC110 - a person decides
                await asyncio.sleep(_LOOK_SECONDS)
            follower = await follow(connection, projection)
            await _catch_up_alone(follower)
            return follower.member

        name = projection.name
        return await until_done(self._dsn, work, name=name, patience=_patience(name), settings=_SETTINGS)

    async def _in_form(self, connection: Connection, projection: Projection) -> bool:
        """Whether the live generation is of this form. If not, it is built first, unless it was rejected before; and so
        is a new view of a long log, since a rebuild is many times faster than following.
        """
        live = await ensure_live(connection, projection)
        new = live.position == 0 and await connection.fetchval(query("log_head")) >= LONG_LOG
        if live.builds(projection) and not new:
            await drop_replaced(connection, projection, live)
            return True
        generations = await all_of(connection, projection.name)
        if any(one.status == "rejected" and one.builds(projection) for one in generations):
            log.error("projection_rejected", projection=projection.name, version=projection.version)
            return False
        async with self._rebuilding:
            log.info("projection_rebuilding", projection=projection.name, version=projection.version, live=live.version)
            await rebuild(self._dsn, projection)
        return True


def _service(name: str) -> str:
    return f"view {name}"


def _patience(name: str) -> Interruptions:
    """An error of one projection must not end the others: it is logged, and retried after a pause."""
    return Interruptions(_service(name), event="projection_interrupted", pause=_pause, projection=name)


def _pause(error: Exception) -> float:
    permanent = not (isinstance(error, Deposed) or passing(error))
    return _PERMANENT_ERROR_SECONDS if permanent else _RETRY_SECONDS


class _Leading:
    """The projections that this process leads, for as long as the connection holds that has their locks."""

    def __init__(
        self, connection: Connection, projections: Mapping[str, Projection], bring_up: BringUp, signal: Signal
    ):
        self._connection = connection
        self._group = Group(connection)
        self._projections = projections
        self._not_led = dict(projections)
        self._bring_up = bring_up
        self._signal = signal
        self._next_attempt = monotonic()
        self._alone: set[asyncio.Task[None]] = set()
        self._joined = asyncio.Event()

    async def run(self) -> None:
        """Returns only when cancelled. Raises what the connection raises."""
        up_to_date: int | None = None
        try:
            while True:
                await self._take_leases()
                await self._group.sign_of_life()
                if up_to_date is None or self._joined.is_set() or await self._group.is_due():
                    self._joined.clear()
                    up_to_date = await self._step()
                elif await self._wait(up_to_date):
                    up_to_date = None
        finally:
            STANDINGS.update({_service(name): Standing.AWAY for name in self._projections})
            for task in self._alone:
                task.cancel()
            await asyncio.gather(*self._alone, return_exceptions=True)

    async def _take_leases(self) -> None:
        """Once in a while, however often it is called."""
        if self._not_led and monotonic() >= self._next_attempt:
            self._next_attempt = monotonic() + _RETRY_SECONDS
            for row in await self._connection.fetch(query("lease_try"), Lock.VIEWS, list(self._not_led)):
                STANDINGS[_service(row["name"])] = Standing.LEADS
                self._go_alone(self._not_led.pop(row["name"]))
            STANDINGS.update({_service(name): Standing.STANDS_BY for name in self._not_led})

    async def _step(self) -> int | None:
        """Returns the position of the group if there is nothing to do."""
        if not self._group.members:
            return self._signal.head
        match await self._group.step():
            case UpToDate(position):
                return position
            case Moved():
                await asyncio.sleep(_GATHER_SECONDS)
            case Left(member, because):
                log.info("projection_goes_alone", projection=member.name, because=str(because))
                self._go_alone(member.projection, _RETRY_SECONDS if isinstance(because, Deposed) else 0.0)
        return None

    async def _wait(self, position: int) -> bool:
        """Until there are events beyond this position, or somebody has joined. Whether it is so."""
        seconds = _RETRY_SECONDS if self._not_led else _LOOK_SECONDS
        news = [asyncio.create_task(one) for one in (self._signal.wait_beyond(position, seconds), self._joined.wait())]
        try:
            await asyncio.wait(news, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in news:
                one.cancel()
        return self._signal.head > position or self._joined.is_set()

    def _go_alone(self, projection: Projection, pause: float = 0.0) -> None:
        task = asyncio.create_task(self._rejoin(projection, pause))
        self._alone.add(task)
        task.add_done_callback(self._alone.discard)

    async def _rejoin(self, projection: Projection, pause: float) -> None:
        await asyncio.sleep(pause)
        self._group.join(await self._bring_up(projection))
        self._joined.set()


async def _catch_up_alone(follower: Follower) -> None:
    """Returns once it is up to date. One that has stopped is waited for, until a person has decided."""
    while not isinstance(step := await follower.step(), UpToDate):
        if isinstance(step, Stopped):
            await follower.sign_of_life()
            await asyncio.sleep(_STOPPED_LOOK_SECONDS)


async def catch_up(dsn: str, projections: Iterable[Projection] = PROJECTIONS.values()) -> None:
    """Brings the views to the present head and returns. For commands and tests that run without a worker; a runner
    that leads elsewhere is deposed and takes over again afterwards. Raises ProjectionStopped.
    """
    connection = await asyncpg.connect(dsn, server_settings={"jit": "off"})
    try:
        group = Group(connection)
        for projection in projections:
            group.join(await lead(connection, projection))
        while group.members and not isinstance(step := await group.step(), UpToDate):
            if isinstance(step, Left):
                await _to_the_end(Follower(connection, step.member))
    finally:
        await connection.close()


async def _to_the_end(follower: Follower) -> None:
    while not isinstance(step := await follower.step(), UpToDate):
        if isinstance(step, Stopped):
            raise ProjectionStopped(follower.member.name, step)


class ProjectionStopped(StoreError):
    """A projection has stopped at an event that it cannot apply."""

    def __init__(self, name: str, stopped: Stopped) -> None:
        super().__init__(
            f"projection {name} stopped at position {stopped.position}: {stopped.because}. Correct the cause and run "
            f"`trellis projections retry {name}`, or leave the event out with `park` or `skip`"
        )
        self.name, self.position = name, stopped.position
