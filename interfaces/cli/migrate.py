"""`trellis migrate`: bring the servers to what this version needs."""

import asyncio

from interfaces.cli.screen import out
from runtime.connecting import connect_temporal, migrate_database
from runtime.search_attributes import register_search_attributes
from settings import Settings, load


def migrate() -> None:
    """Migrate the database and register Temporal's search attributes.

    Does nothing if both are up to date.
    """
    asyncio.run(_migrate(load()))


async def _migrate(settings: Settings) -> None:
    applied = await migrate_database(settings)
    out().print(f"Migrated: {', '.join(applied)}" if applied else "The database is up to date.")
    registered = await register_search_attributes(await connect_temporal(settings))
    out().print(f"Registered: {', '.join(registered)}" if registered else "The search attributes are up to date.")
