"""The peer: the recorders of the `eventsourcing` library, in the safe mode that it has by default."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresDatastore


def datastore(dsn: str, pool_size: int = 1) -> PostgresDatastore:
    """Its connections to the same server, through the same socket."""
    parts = urlsplit(dsn)
    host = parse_qs(parts.query)["host"][0]
    return PostgresDatastore(
        Path(parts.path).name, host, "5432", parts.username or "postgres", "", pool_size=pool_size, max_overflow=0
    )


def stored(data: str, version: int = 1, originator: UUID | None = None) -> StoredEvent:
    return StoredEvent(originator or uuid4(), version, "journey.noted", data.encode())
