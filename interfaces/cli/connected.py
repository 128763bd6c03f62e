"""What the commands that speak to a running Trellis share: their two connections, and names for ids."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from client.journeys import JourneyClient
from interfaces.cli.address import servers_are_elsewhere
from runtime.connecting import connect_temporal, open_database
from runtime.server_problems import ServerProblem
from settings import Settings, SettingsError
from store.database import Pool
from store.people import names_of


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[Pool]:
    """Raises UnreachableError, SettingsError."""
    _require_servers()
    pool = await open_database(settings)
    try:
        yield pool
    finally:
        pool.terminate()


async def reached(settings: Settings) -> str:
    """The address of the database, for what opens its own connections. Raises UnreachableError."""
    async with database(settings):
        return settings.dsn


async def journeys(settings: Settings) -> JourneyClient:
    """Raises UnreachableError, SettingsError."""
    _require_servers()
    return JourneyClient(await connect_temporal(settings))


async def names(settings: Settings, ids: Iterable[str | None]) -> dict[str, str]:
    """Of those that are known. None at all where Postgres does not answer: what is shown can do without them."""
    try:
        async with database(settings) as pool:
            return await names_of(pool, [one for one in ids if one])
    except ServerProblem:
        return {}


def _require_servers() -> None:
    """Raises SettingsError where only a remote service is known: the servers of this machine would be others."""
    if servers_are_elsewhere():
        raise SettingsError(
            "TRELLIS_URL: this command works beside the servers, with DATABASE_URL and TEMPORAL_ADDRESS or the "
            "embedded ones, and not through a remote service; unset TRELLIS_URL, or run it where Trellis runs"
        )
