"""The peer: the `eventsourcing` library in its default mode, which is safe, used as its documentation shows."""

from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate
from eventsourcing.domain import event as domain_event
from eventsourcing.persistence import StoredEvent, Tracking
from eventsourcing.postgres import PostgresDatastore, PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.sql import SQL, Composed


def _place(dsn: str) -> tuple[str, str, str]:
    """Its settings for the same server and socket."""
    parts = urlsplit(dsn)
    return Path(parts.path).name, parse_qs(parts.query)["host"][0], parts.username or "postgres"


def datastore(dsn: str, pool_size: int = 1) -> PostgresDatastore:
    database, host, user = _place(dsn)
    return PostgresDatastore(database, host, "5432", user, "", pool_size=pool_size, max_overflow=0)


def stored(data: str, version: int = 1, originator: UUID | None = None) -> StoredEvent:
    return StoredEvent(originator or uuid4(), version, "journey.noted", data.encode())


class Notes(Aggregate):
    @domain_event("Noted")
    def note(self, data: str) -> None:
        self.last = data


class Notebook(Application[UUID]):
    def write(self, notes: int) -> None:
        one = Notes()
        for number in range(notes - 1):
            one.note(f"well done, {number}")
        self.save(one)


class Counts(PostgresTrackingRecorder):
    """Counts the events of each aggregate, in the transaction that tracks the position."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        create = SQL("create table if not exists peer_counts (id uuid primary key, events int)")
        self.sql_create_statements.append(Composed([create]))

    def count(self, aggregate: UUID, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(
                "insert into peer_counts values (%s, 1) on conflict (id) do update set events = peer_counts.events + 1",
                (aggregate,),
            )


class CountProjection(Projection[Counts]):
    name = "bench"

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        self.view.count(domain_event.originator_id, tracking)


def projection_speed(dsn: str, events: int) -> float:
    """Events a second of a tracked projection, run by the library's own runner over existing events."""
    database, host, user = _place(dsn)
    env = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": database,
        "POSTGRES_HOST": host,
        "POSTGRES_PORT": "5432",
        "POSTGRES_USER": user,
        "POSTGRES_PASSWORD": "trusted",
    }
    notebook = Notebook(env)
    for _ in range(events // 25):
        notebook.write(25)
    last = notebook.recorder.max_notification_id()
    notebook.close()
    began = monotonic()
    with ProjectionRunner(
        application_class=Notebook, projection_class=CountProjection, view_class=Counts, env=env
    ) as runner:
        runner.wait(last, timeout=300)
        return events / (monotonic() - began)
