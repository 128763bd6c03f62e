"""Projections that keep a state for each stream, and rows that follow from it."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from pydantic import TypeAdapter

from domain.values import Event
from projections.batch import Batch, SharedEvents
from projections.kits import Kits
from projections.projection import Projection, digest
from projections.sql import query_in
from store.codec import Codec, Unknown
from store.database import Connection
from store.errors import StoreError
from store.event_log import RecordedEvent

E = TypeVar("E", bound=Event)
S = TypeVar("S")
Row = tuple[object, ...]
Rows = Mapping[str, Sequence[Row]]
"""The rows of each table, in the order of its columns."""


class DecodedEvent(NamedTuple, Generic[E]):
    """An event with where it was recorded. A tuple, since a rebuild makes millions of them."""

    event: E
    version: int
    position: int
    kit: str | None = None
    """The digest of the kit that holds from it on, where `kit_of` knows one: a journey may be moved in mid-batch."""


@dataclass(frozen=True, slots=True)
class Folded(Generic[E, S]):
    """A stream with the state after its latest events."""

    stream: str
    version: int
    state: S
    events: Sequence[DecodedEvent[E]]
    """Those that were folded now."""


class Fold(Projection, Generic[E, S]):
    """A state for each stream, kept by the projection, and rows that follow from it."""

    columns: ClassVar[Mapping[str, tuple[str, ...]]]
    """All columns of each of its tables, in their order there."""
    keys: ClassVar[Mapping[str, str]] = {}
    """The column that tells the rows of one stream apart, for each table that has several of them."""
    adds: ClassVar[bool] = False
    """Whether each batch adds rows, for its events; otherwise it replaces those of the streams that it touched."""
    codec: Codec[E]
    state: type[S]

    @property
    def shape(self) -> str:
        return digest(self.tables, self.indexes, repr(self.columns), repr(self._stored.json_schema()))

    @abstractmethod
    def evolve(self, state: S | None, event: E) -> S: ...

    @abstractmethod
    def rows(self, stream: str, state: S, events: Sequence[DecodedEvent[E]], kits: Kits, /) -> Rows:
        """The rows of the stream in this state; or, when it `adds`, those for the events."""

    def kit_of(self, state: S) -> str | None:  # noqa: ARG002 - the default
        """The digest of the kit that `rows` will ask for, if any: of the state, and of what each event left behind."""
        return None

    def earlier_kits(self, state: S) -> frozenset[str]:  # noqa: ARG002 - the default
        """The digests of what else `rows` will ask for: kits that held when something in the state happened."""
        return frozenset()

    @cached_property
    def _stored(self) -> TypeAdapter[S]:
        """Reads and writes the JSON of its states."""
        return TypeAdapter(self.state)

    def dump(self, state: S) -> str:
        """As it is stored between batches."""
        return self._stored.dump_json(state).decode()

    def load(self, stored: str) -> S:
        return self._stored.validate_json(stored)

    async def apply(self, connection: Connection, batch: Batch) -> None:
        """Folds the events into the states of their streams, and replaces the rows of these."""
        events = await batch.events(connection, self.handles)
        if not events.recorded:
            return
        by_stream = _by_stream(events.recorded)
        known = await self._states(connection, batch.schema, list(by_stream))
        folded = [
            one
            for stream, recorded in by_stream.items()
            if (one := self.fold(stream, recorded, *known.get(stream, (0, None)), decoder=events.decoder))
        ]
        if folded:
            await self._write(connection, batch.schema, folded)

    def fold(
        self,
        stream: str,
        recorded: Sequence[RecordedEvent],
        version: int = 0,
        state: S | None = None,
        *,
        decoder: SharedEvents | None = None,
    ) -> Folded[E, S] | None:
        """The stream after these events, given how it was before them. None when there is nothing in it for this
        projection; what only a newer Trellis knows is passed over.
        """
        if recorded and recorded[0].version <= version:
            raise AppliedBefore(self.name, stream, recorded[0].version)
        events = []
        for one in recorded:
            event = decoder.decode(self.codec, one) if decoder else self.codec.decode(one)
            if not isinstance(event, Unknown):
                state = self.evolve(state, event)
                events.append(DecodedEvent(event, one.version, one.position or 0, self.kit_of(state)))
        return None if state is None else Folded(stream, recorded[-1].version, state, events)

    async def fill(self, connection: Connection, schema: str, folded: Sequence[Folded[E, S]]) -> None:
        """Writes streams of which nothing is there yet."""
        rows = await self._rows(connection, folded)
        states = [(one.stream, one.version, self.dump(one.state)) for one in folded]
        await connection.copy_records_to_table("states", schema_name=schema, records=states)
        for table, records in rows.items():
            if records:
                await connection.copy_records_to_table(
                    table, schema_name=schema, columns=self.columns[table], records=records
                )

    async def _write(self, connection: Connection, schema: str, folded: Sequence[Folded[E, S]]) -> None:
        """One statement for the states and all tables. Rows that have not changed are not written again."""
        rows = await self._rows(connection, folded)
        states = [(one.stream, one.version, self.dump(one.state)) for one in folded]
        await connection.execute(self._statement(schema), *map(list, zip(*states, strict=True)), *rows.values())

    async def _rows(self, connection: Connection, folded: Sequence[Folded[E, S]]) -> dict[str, list[Row]]:
        kits = await Kits.of(connection, self._kits(folded))
        rows: dict[str, list[Row]] = {table: [] for table in self.columns}
        for one in folded:
            for table, more in self.rows_of(one, kits).items():
                rows[table].extend(more)
        return rows

    def rows_of(self, one: Folded[E, S], kits: Kits) -> Rows:
        return self.rows(one.stream, one.state, one.events, kits)

    def _kits(self, folded: Iterable[Folded[E, S]]) -> set[str]:
        digests: set[str | None] = set()
        for one in folded:
            digests |= {self.kit_of(one.state), *self.earlier_kits(one.state), *(event.kit for event in one.events)}
        return {digest for digest in digests if digest}

    def _statement(self, schema: str) -> str:
        tables = enumerate(self.columns.items(), start=4)
        write = _add if self.adds else _replace
        return (
            ",\n".join(
                (
                    query_in(schema, "states_upsert"),
                    *(
                        write(schema, table, columns, self.keys.get(table), number)
                        for number, (table, columns) in tables
                    ),
                )
            )
            + "\nselect"
        )

    async def _states(self, connection: Connection, schema: str, streams: list[str]) -> dict[str, tuple[int, S]]:
        rows: list[Any] = await connection.fetch(query_in(schema, "states_of"), streams)
        return {row["stream"]: (row["version"], self.load(row["state"])) for row in rows}


class AppliedBefore(StoreError):
    """The same event came twice: two runners without their lock, or tables that were changed by hand."""

    def __init__(self, name: str, stream: str, version: int) -> None:
        super().__init__(
            f"{name} has had {stream}@{version} before: rebuild it with `trellis projections rebuild {name}`"
        )


def _by_stream(recorded: Iterable[RecordedEvent]) -> dict[str, list[RecordedEvent]]:
    ordered = sorted(recorded, key=attrgetter("stream", "version"))
    return {stream: list(those) for stream, those in groupby(ordered, key=attrgetter("stream"))}


def _add(schema: str, table: str, columns: Sequence[str], key: str | None, number: int) -> str:  # noqa: ARG001
    return f"""into_{table} as (
    insert into {schema}.{table} ({", ".join(columns)}) select new.* from unnest(${number}::{schema}.{table}[]) as new
)"""  # noqa: S608 - our own names


def _replace(schema: str, table: str, columns: Sequence[str], key: str | None, number: int) -> str:
    """Deletes what is no longer among the rows of these streams, and writes what is new or differs: never the same row
    in both, since one statement must not change a row twice.
    """
    keys = ("stream", key) if key else ("stream",)
    others = [one for one in columns if one not in keys]
    new = f"unnest(${number}::{schema}.{table}[]) as new"
    same = " and ".join(f"new.{one} = old.{one}" for one in keys)
    before, after = (", ".join(f"{of}.{one}" for one in others) for of in ("old", "excluded"))
    update = f"update set ({', '.join(others)}) = row({after}) where row({before}) is distinct from row({after})"
    return f"""gone_{table} as (
    delete from {schema}.{table} as old
     where stream = any ($1::text[]) and not exists (select from {new} where {same})
), into_{table} as (
    insert into {schema}.{table} as old ({", ".join(columns)}) select new.* from {new}
    on conflict ({", ".join(keys)}) do {update if others else "nothing"}
)"""  # noqa: S608 - our own names
