"""`trellis migrate`: bring the servers to what this version needs."""

import asyncio

from interfaces.cli.screen import out
from settings import Settings, load


def migrate() -> None:
    """Migrate the database and register the search attributes. Does nothing where nothing is missing."""
    asyncio.run(_migrate(load()))


async def _migrate(settings: Settings) -> None:
    from runtime.connecting import connect_temporal, migrate_database
    from runtime.search_attributes import register_search_attributes

    applied = await migrate_database(settings)
    out().print(f"migrated: {', '.join(applied)}" if applied else "the database is up to date")
    registered = await register_search_attributes(await connect_temporal(settings))
    out().print(f"registered: {', '.join(registered)}" if registered else "the search attributes are registered")
