"""The append-only event log. Each event has a version in its stream and, soon after its commit, a position."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias, cast
from uuid import UUID

import asyncpg
from pydantic_core import from_json, to_json

from domain.ids import StreamId
from domain.limits import MAX_APPEND_BYTES, MAX_EVENT_BYTES
from store.commits import announce_commit
from store.database import Executor, query
from store.errors import (
    AppendIdReused,
    Conflict,
    Detached,
    NothingToAppend,
    PayloadTooLarge,
    UnknownCategory,
)

CATEGORIES = frozenset(
    {
        "journey",
        "activity",
        "program",
        "capacity",
        "message",
        "mentor",
        "round",
        "cohort",
        "bulk",
        "complaint",
        "proposal",
        "findings",
        "monthly",
        "pilot",
        "respondent",
        "scores",
        "qa",
        "silences",
        "system",
    }
)
_STREAMS_AT_ONCE = 500
_NOTHING_INSERTED = "INSERT 0 0"
"""How Postgres answers an append whose stream is not at the expected version."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to be appended. `data` is a JSON object or its text, `meta` a JSON object."""

    event_id: UUID
    type: str
    schema_version: int
    data: dict[str, Any] | str
    occurred_at: datetime
    meta: dict[str, Any] = field(default_factory=dict)


class RecordedEvent(NamedTuple):
    """An event of the log. `body` is its data as JSON text, which `data` parses."""

    stream: StreamId
    version: int
    position: int | None
    """In the total order, without gaps. None until the sequencer assigns it, some milliseconds after the commit."""
    event_id: UUID
    type: str
    schema_version: int
    body: str
    meta_body: str
    occurred_at: datetime
    recorded_at: datetime

    @property
    def data(self) -> dict[str, Any]:
        return cast("dict[str, Any]", from_json(self.body))

    @property
    def meta(self) -> dict[str, Any]:
        return cast("dict[str, Any]", from_json(self.meta_body))


@dataclass(frozen=True, slots=True)
class Appended:
    """Where the events of an append are. `repeated`: an earlier call of the same append had written them."""

    stream: StreamId
    first_version: int
    last_version: int
    repeated: bool


def category_of(stream: str) -> str:
    """Raises UnknownCategory for a stream that is not named CATEGORY-ID."""
    category, hyphen, rest = stream.partition("-")
    if category not in CATEGORIES or not hyphen or not rest:
        raise UnknownCategory(stream, CATEGORIES)
    return category


def append_statement(stream: StreamId, expected_version: int, events: Sequence[NewEvent]) -> tuple[Any, ...]:
    """What `EventLog.append` sends for an append with an expected version: the statement, and then its arguments."""
    category, rows = category_of(stream), _rows(stream, events)
    if len(rows) == 1 and expected_version:
        return query("append_one"), stream, expected_version, *rows[0]
    if len(rows) == 1:
        return query("append_first"), stream, category, *rows[0]
    return query("append"), stream, expected_version, category, *_columns(rows)


class EventLog:
    """Appends and reads. Stateless: any number of these may be used at once, in any number of processes.

    Given a connection instead of a pool, it works within that connection's transaction.
    """

    def __init__(self, pool: Executor) -> None:
        self._pool = pool

    async def append(
        self, stream: StreamId, expected_version: int | None, append_id: str, events: Sequence[NewEvent]
    ) -> Appended:
        """All events or none. When it returns, they are durable. One round trip, and another one after a conflict.

        `expected_version` is the version that the events were decided on, 0 for a new stream, None for "whatever it
        is". The same call again, at any time, gives the first answer again and writes nothing. It is recognized
        - with an expected version by what stands at that place: the same event ids and the same `order` in their
          metadata, which is the identity of the command that brought them about;
        - without one by `append_id`, which names the append for good. Ids and metadata of the events may then differ.

        Two appends are the same only when types, schema versions, data and times are, too.

        Raises Conflict, AppendIdReused, Detached, PayloadTooLarge, NothingToAppend, UnknownCategory; in each case
        nothing was written.
        """
        if expected_version is None:
            return await self._append_at_end(stream, append_id, events)
        statement = append_statement(stream, expected_version, events)
        if await self._pool.execute(*statement) == _NOTHING_INSERTED:
            return await self._settle(stream, expected_version, append_id, events)
        announce_commit()
        return Appended(stream, expected_version + 1, expected_version + len(events), repeated=False)

    async def _append_at_end(self, stream: StreamId, append_id: str, events: Sequence[NewEvent]) -> Appended:
        place, columns = (stream, category_of(stream), append_id), _columns(_rows(stream, events))
        try:
            row = await self._pool.fetchrow(query("append_at_end"), *place, *columns)
        except asyncpg.PostgresError as error:
            if error.sqlstate == "TR002":
                raise AppendIdReused(append_id, stream, error.detail or stream) from error
            raise
        assert row is not None
        announce_commit()
        return Appended(stream, *row)

    async def _settle(self, stream: StreamId, expected: int, append_id: str, events: Sequence[NewEvent]) -> Appended:
        """Answers an append whose stream is not at the expected version. Events never change once they are recorded, so
        what stands at its place now tells for good whether an earlier call has put it there.
        """
        columns = _columns(_rows(stream, events))
        found = await self._pool.fetchrow(query("append_conflict"), stream, expected, *columns)
        assert found is not None
        if found["identical"]:
            return Appended(stream, expected + 1, expected + len(events), repeated=True)
        if found["same"]:
            raise AppendIdReused(append_id, stream, stream)
        if found["version"] > expected and not found["there"]:
            raise Detached(stream, expected + 1)
        raise Conflict(stream, expected, found["version"])

    async def version(self, stream: StreamId) -> int:
        """0 for a stream that does not exist."""
        return await self._pool.fetchval(query("stream_version"), stream) or 0

    async def read_stream(
        self, stream: StreamId, from_version: int = 1, limit: int | None = None
    ) -> list[RecordedEvent]:
        """The stream's events in order, complete from `from_version`; empty when there is nothing. Raises Detached."""
        rows = await self._pool.fetch(query("read_stream"), stream, from_version, limit)
        if not rows and await self.version(stream) >= from_version:
            # Either appended between the two statements, and readable now, or detached to a file.
            rows = await self._pool.fetch(query("read_stream"), stream, from_version, limit)
            if not rows:
                raise Detached(stream, from_version)
        if rows and rows[0]["version"] > from_version:
            raise Detached(stream, from_version)
        return [RecordedEvent(*row) for row in rows]

    async def read_streams(self, streams: Iterable[StreamId]) -> dict[StreamId, list[RecordedEvent]]:
        """The events of many streams at once, each in order, without their positions; nothing for those that do not
        exist. Raises Detached."""
        found: dict[StreamId, list[RecordedEvent]] = {}
        waiting = list(dict.fromkeys(streams))
        for first in range(0, len(waiting), _STREAMS_AT_ONCE):
            for row in await self._pool.fetch(query("read_streams"), waiting[first : first + _STREAMS_AT_ONCE]):
                found.setdefault(row["stream"], []).append(RecordedEvent(*row))
        for stream, events in found.items():
            if events[0].version > 1:
                raise Detached(stream, 1)
        return found

    async def read_streams_on(self, known: Mapping[StreamId, int]) -> dict[StreamId, list[RecordedEvent]]:
        """What each stream has after the version up to which it is known, in order, without positions; nothing for
        those that have no more, or do not exist. Raises Detached."""
        found: dict[StreamId, list[RecordedEvent]] = {}
        streams, versions = list(known), list(known.values())
        for first in range(0, len(streams), _STREAMS_AT_ONCE):
            some = slice(first, first + _STREAMS_AT_ONCE)
            for row in await self._pool.fetch(query("read_streams_on"), streams[some], versions[some]):
                found.setdefault(row["stream"], []).append(RecordedEvent(*row))
        for stream, events in found.items():
            if events[0].version > known[stream] + 1:
                raise Detached(stream, known[stream] + 1)
        return found

    async def last_before(self, stream: StreamId, at: datetime) -> RecordedEvent | None:
        """The latest event of the stream that occurred at or before `at`, by when it occurred and then by version."""
        row = await self._pool.fetchrow(query("last_before"), stream, at)
        return RecordedEvent(*row) if row else None

    async def head(self) -> int:
        """The last position assigned; 0 in an empty log."""
        return cast("int", await self._pool.fetchval(query("head")))

    async def read_all(self, after: int = 0, limit: int = 1000) -> list[RecordedEvent]:
        """The next page of the total order, without gaps: up to `limit` events from position `after + 1` on."""
        return [RecordedEvent(*row) for row in await self._pool.fetch(query("read_all"), after, limit)]

    async def read_category(self, category: str, after: int = 0, limit: int = 1000) -> list[RecordedEvent]:
        """The next page of one category, in the total order. Continue after the position of its last event."""
        rows = await self._pool.fetch(query("read_category"), after, category, limit)
        return [RecordedEvent(*row) for row in rows]

    async def pages(self, after: int = 0, limit: int = 1000) -> AsyncIterator[list[RecordedEvent]]:
        """All pages up to the end of the log, including what is appended meanwhile."""
        while page := await self.read_all(after, limit):
            yield page
            after += len(page)


_Row: TypeAlias = tuple[UUID, str, int, str, str, datetime]
"""Event id, type, schema version, data, meta, occurred at: the parameters of the statements."""


def _rows(stream: StreamId, events: Sequence[NewEvent]) -> list[_Row]:
    if not events:
        raise NothingToAppend(stream)
    first = events[0].meta
    shared = _text(first)  # events of one append usually share their metadata
    rows = [
        (one.event_id, one.type, one.schema_version, _text(one.data), shared, one.occurred_at)
        if one.meta is first
        else (one.event_id, one.type, one.schema_version, _text(one.data), _text(one.meta), one.occurred_at)
        for one in events
    ]
    _check_sizes(stream, rows)
    return rows


def _columns(rows: list[_Row]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _text(value: dict[str, Any] | str) -> str:
    return value if isinstance(value, str) else to_json(value).decode()


def _check_sizes(stream: StreamId, rows: list[_Row]) -> None:
    if 4 * sum(len(data) + len(meta) for _, _, _, data, meta, _ in rows) <= MAX_EVENT_BYTES:
        return  # a character has at most four bytes
    sizes = [len(data.encode()) + len(meta.encode()) for _, _, _, data, meta, _ in rows]
    for number, size in enumerate(sizes, start=1):
        if size > MAX_EVENT_BYTES:
            raise PayloadTooLarge(f"event {number} of an append to {stream}", size, MAX_EVENT_BYTES)
    if sum(sizes) > MAX_APPEND_BYTES:
        raise PayloadTooLarge(f"an append to {stream}", sum(sizes), MAX_APPEND_BYTES)
