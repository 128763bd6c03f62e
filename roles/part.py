"""What a role is made of, and what it is given."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from temporalio.client import Client

from roles.role import Role
from runtime.process import BackgroundService, Service
from services.reconciling import KINDS, Reconciler
from settings import Settings
from store.database import Pool


@dataclass(frozen=True, slots=True)
class Process:
    """What all roles of one process share."""

    settings: Settings
    client: Client
    pool: Pool
    roles: Sequence[Role] = tuple(Role)


@dataclass(frozen=True, slots=True)
class Part:
    """A service of a process, which starts and stops with it."""

    name: str
    service: Service
    own_connections: int = 0
    """Connections to Postgres that it holds for itself, for its lock or to be told of news, beside the pool that all
    parts of a process share. While a view is rebuilt, its builders have a few more."""


def reconcilers(process: Process, role: Role) -> Iterator[Part]:
    """They keep the workflows of a role in step with the log."""
    dsn, pool, client = process.settings.dsn, process.pool, process.client
    for kind in KINDS:
        if kind.role == role:
            reconciler = Reconciler(dsn, pool, client, kind(pool, client))
            yield Part(f"reconciler of {kind.name}s", BackgroundService(reconciler.run), own_connections=1)
