"""Keeps the views up with the log: a follower for each projection, in any number of processes."""

import asyncio
from collections.abc import Iterable, Mapping
from time import monotonic

import asyncpg
import structlog

from projections.builds import LONG_LOG
from projections.follower import Follower, Moved, Stopped, UpToDate, follow, passing
from projections.generations import all_of, ensure_live
from projections.projection import Projection, query
from projections.rebuild import rebuild
from projections.registry import PROJECTIONS
from store.availability import POSTGRES, is_away
from store.database import Connection
from store.errors import Deposed, StoreError
from store.signal import Signal

log = structlog.get_logger(__name__)

_LEASE = 7_455_004
_STAND_AGAIN_SECONDS = 0.5
_LOOK_SECONDS = 5.0
"""How often a view that is up to date looks whether a person or another runner has changed something."""
_HEARTBEAT_SECONDS = 10.0
_STOPPED_LOOK_SECONDS = 0.5
_LASTING_TROUBLE_SECONDS = 30.0
"""After what does not go away by itself, such as a rebuild whose rows differ from a replay."""
_GATHER_SECONDS = 0.02
"""Between two steps: a few events together cost hardly more than one. A full batch takes longer than that anyway."""


class Runner:
    """Runs the followers of all projections that this process can lead. `run` returns only when cancelled.

    Leadership is per projection, by a lock of the follower's own session: several processes share the projections
    between them and stand in for each other. Needs connections straight to Postgres, one a projection and one more.
    """

    def __init__(self, dsn: str, projections: Iterable[Projection] = PROJECTIONS.values()) -> None:
        self._dsn = dsn
        self._projections: Mapping[str, Projection] = {one.name: one for one in projections}
        self._signal = Signal(dsn)
        self._rebuilding = asyncio.Semaphore(1)
        """One after the other: each uses all CPUs, and after an upgrade the first is complete early."""
        self._life = _SignsOfLife()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._signal.run())
            for projection in self._projections.values():
                tasks.create_task(self._keep_following(projection))

    async def _keep_following(self, projection: Projection) -> None:
        while True:
            try:
                # Rows and checkpoint are written down together, later than the log: a crash loses nothing that is not
                # applied again, so no commit has to wait for the disk.
                settings = {"application_name": f"trellis {projection.name}", "jit": "off", "synchronous_commit": "off"}
                connection = await asyncpg.connect(self._dsn, server_settings=settings)
                try:
                    POSTGRES.answered()
                    await self._lead(connection, projection)
                finally:
                    connection.terminate()
            except Exception as error:  # noqa: BLE001 - one projection's trouble must not end the others
                if is_away(error):
                    POSTGRES.away(f"view {projection.name}", error)
                else:
                    log.warning("projection_interrupted", projection=projection.name, because=repr(error))
                lasting = not (isinstance(error, Deposed) or passing(error))
                await asyncio.sleep(_LASTING_TROUBLE_SECONDS if lasting else _STAND_AGAIN_SECONDS)

    async def _lead(self, connection: Connection, projection: Projection) -> None:
        while not await connection.fetchval(query("lease_try"), _LEASE, projection.name):  # noqa: ASYNC110
            await asyncio.sleep(_STAND_AGAIN_SECONDS)
        if not await self._in_form(connection, projection):
            return
        follower = await follow(connection, projection)
        step = await follower.step()
        while True:
            await self._life.sign(connection, follower)
            match step:
                case Moved():
                    await asyncio.sleep(_GATHER_SECONDS)
                case UpToDate(position):
                    await self._signal.wait_beyond(position, _LOOK_SECONDS)
                case Stopped():
                    await asyncio.sleep(_STOPPED_LOOK_SECONDS)
            if isinstance(step, Moved) or await follower.is_due():
                step = await follower.step()

    async def _in_form(self, connection: Connection, projection: Projection) -> bool:
        """Whether the live generation is of this form. If not, it is built first, unless it was rejected before; and so
        is a new view of a long log, since a rebuild is many times faster than following.
        """
        live = await ensure_live(connection, projection)
        new = live.position == 0 and await connection.fetchval(query("log_head")) >= LONG_LOG
        if live.builds(projection) and not new:
            return True
        generations = await all_of(connection, projection.name)
        if any(one.status == "rejected" and one.builds(projection) for one in generations):
            log.error("projection_rejected", projection=projection.name, version=projection.version)
            await asyncio.sleep(_LOOK_SECONDS)
            return False
        async with self._rebuilding:
            log.info("projection_rebuilding", projection=projection.name, version=projection.version, live=live.version)
            await rebuild(self._dsn, projection)
        return True


class _SignsOfLife:
    """Of the followers of one process, written down together: each statement costs a transaction id."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[Follower, float]] = {}
        self._written = monotonic()

    async def sign(self, connection: Connection, follower: Follower) -> None:
        """To be called by each follower in every turn. Once in a while it writes down all who called since."""
        now = monotonic()
        self._last[follower.generation.name] = (follower, now)
        if now - self._written < _HEARTBEAT_SECONDS:
            return
        alive = [one for one, at in self._last.values() if at >= self._written]
        self._written = now
        generations = [one.generation for one in alive]
        names, numbers = [one.name for one in generations], [one.generation for one in generations]
        await connection.execute(query("heartbeat"), names, numbers, [one.epoch for one in alive])


async def catch_up(dsn: str, projections: Iterable[Projection] = PROJECTIONS.values()) -> None:
    """Brings the views to the present head and returns. For commands and tests that run without a worker; a runner
    that leads elsewhere is deposed and stands again. Raises ProjectionStopped.
    """
    for projection in projections:
        connection = await asyncpg.connect(dsn, server_settings={"jit": "off"})
        try:
            follower = await follow(connection, projection)
            while True:
                step = await follower.step()
                if isinstance(step, Stopped):
                    raise ProjectionStopped(projection.name, step)
                if isinstance(step, UpToDate):
                    break
        finally:
            await connection.close()


class ProjectionStopped(StoreError):
    """A projection has stopped at an event that it cannot apply."""

    def __init__(self, name: str, stopped: Stopped) -> None:
        super().__init__(
            f"projection {name} stopped at position {stopped.position}: {stopped.because}. Correct the cause and run "
            f"`trellis projections retry {name}`, or leave the event out with `park` or `skip`"
        )
        self.name, self.position = name, stopped.position
