"""What a projection is. A new one is a file that defines one of these, and a line in registry.py.

Rules for all of them: the rows follow from the log alone, so there is no clock in here; every table has the column
`stream`; and what becomes of a stream's rows depends on that stream only, so that streams can be built side by side.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from pydantic import TypeAdapter

from domain.values import Event
from projections.kits import Kits
from store.codec import Codec, Unknown
from store.database import Connection
from store.event_log import RecordedEvent

_FOLDER = Path(__file__).parent


@cache
def query(name: str) -> str:
    """The statement in projections/queries/NAME.sql."""
    return (_FOLDER / "queries" / f"{name}.sql").read_text()


@dataclass(frozen=True, slots=True)
class Batch:
    """The positions in (after, upto]: of one slice of the streams, by default of all, without those that are held."""

    after: int
    upto: int
    slice: int = 0
    slices: int = 1
    held: tuple[str, ...] = ()
    only: tuple[str, ...] | None = None
    """The streams that are meant, if not all."""

    def extent(self, types: Iterable[str]) -> tuple[object, ...]:
        """As the database knows it: the parameter of `trellis.batch`."""
        return (
            self.after,
            self.upto,
            sorted(types),
            self.slice,
            self.slices,
            list(self.held),
            list(self.only) if self.only is not None else None,
        )


class Projection(ABC):
    """Turns the log into tables. Its statements name their own tables bare: the runner sets the schema."""

    name: ClassVar[str]
    version: ClassVar[int]
    """Raise it whenever the same events would give other rows: the tables are then built anew, beside the old."""
    handles: ClassVar[frozenset[str]]
    """The stored types of the events that it reads."""

    @cached_property
    def tables(self) -> str:
        """The statements that create its tables, without indexes beyond the primary keys."""
        return (_FOLDER / "tables" / f"{self.name}.sql").read_text()

    @cached_property
    def indexes(self) -> str:
        """The statements that create its indexes: a rebuild fills the tables first."""
        file = _FOLDER / "tables" / f"{self.name}.indexes.sql"
        return file.read_text() if file.exists() else ""

    @property
    def shape(self) -> str:
        """Changes when the tables do, so that a forgotten `version` cannot mix two forms."""
        return _digest(self.tables, self.indexes)

    @abstractmethod
    async def apply(self, connection: Connection, batch: Batch) -> None:
        """Applies the events of the batch, inside the transaction that moves the checkpoint. Each comes exactly once,
        in order, in batches of any size.
        """


class SqlProjection(Projection):
    """Statements over a batch: files in projections/queries, in order, each with one parameter, for `trellis.batch`."""

    statements: ClassVar[tuple[str, ...]]

    @property
    def shape(self) -> str:
        return _digest(self.tables, self.indexes, *map(query, self.statements))

    async def apply(self, connection: Connection, batch: Batch) -> None:
        extent = batch.extent(self.handles)
        for statement in self.statements:
            await connection.execute(query(statement), extent)


E = TypeVar("E", bound=Event)
S = TypeVar("S")
Rows = Mapping[str, Sequence[tuple[object, ...]]]
"""The rows of each table, in the order of its columns."""


@dataclass(frozen=True, slots=True)
class Told(Generic[E]):
    """An event with where it was recorded."""

    event: E
    version: int
    position: int
    kit: str | None = None
    """The digest of the kit that holds from it on, where `kit_of` knows one: a journey may be moved in mid-batch."""


class Fold(Projection, Generic[E, S]):
    """A state for each stream, kept by the projection, and rows that follow from it."""

    columns: ClassVar[Mapping[str, tuple[str, ...]]]
    """The columns of each of its tables."""
    adds: ClassVar[bool] = False
    """Whether each batch adds rows, for its events; otherwise it replaces those of the streams that it touched."""
    codec: Codec[E]
    state: type[S]

    @property
    def shape(self) -> str:
        return _digest(self.tables, self.indexes, repr(self.columns), repr(self.stored.json_schema()))

    @cached_property
    def stored(self) -> TypeAdapter[S]:
        """Reads and writes the JSON of its states."""
        return TypeAdapter(self.state)

    @abstractmethod
    def evolve(self, state: S | None, event: E) -> S: ...

    @abstractmethod
    def rows(self, stream: str, state: S, told: Sequence[Told[E]], kits: Kits, /) -> Rows:
        """The rows of the stream as it stands; or, when it `adds`, those for what was just told."""

    def kit_of(self, state: S) -> str | None:  # noqa: ARG002 - the default
        """The digest of the kit that `rows` will ask for, if any: of the state, and of what each event left behind."""
        return None

    def earlier_kits(self, state: S) -> frozenset[str]:  # noqa: ARG002 - the default
        """The digests of what else `rows` will ask for: kits that held when something in the state happened."""
        return frozenset()

    def fold(self, state: S | None, recorded: Iterable[RecordedEvent]) -> tuple[S | None, list[Told[E]]]:
        """Passes over what only a newer Trellis knows."""
        told = []
        for one in recorded:
            event = self.codec.decode(one)
            if not isinstance(event, Unknown):
                state = self.evolve(state, event)
                told.append(Told(event, one.version, one.position or 0, self.kit_of(state)))
        return state, told

    async def apply(self, connection: Connection, batch: Batch) -> None:
        from projections.folding import apply

        await apply(self, connection, batch)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
