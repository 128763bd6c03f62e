"""What a projection is. A new one is a file in views/ that defines one of these, and its SQL.

Rules for all of them: the rows follow from the log alone, so there is no clock in here; every table has the column
`stream`; and what becomes of a stream's rows depends on that stream only, so that streams can be built side by side.
"""

import hashlib
from abc import ABC, abstractmethod
from functools import cached_property
from typing import ClassVar

from projections import sql
from projections.batch import Batch
from store.database import Connection


class Projection(ABC):
    """Turns the log into tables. Each generation of it has tables of its own, in a schema of its own."""

    name: ClassVar[str]
    version: ClassVar[int]
    """Raise it whenever the same events would give other rows: the tables are then built anew, beside the old."""
    handles: ClassVar[frozenset[str]]
    """The stored types of the events that it reads."""
    replaces: ClassVar[tuple[str, ...]] = ()
    """Projections of earlier releases whose tables are among its own now. They are dropped once it is live."""

    @cached_property
    def tables(self) -> str:
        """The statements that create its tables, without indexes beyond the primary keys."""
        return sql.tables(self.name)

    @cached_property
    def indexes(self) -> str:
        """The statements that create its indexes: a rebuild fills the tables first."""
        return sql.indexes(self.name)

    @property
    def shape(self) -> str:
        """Changes when the tables do, so that a forgotten `version` cannot mix two forms."""
        return digest(self.tables, self.indexes)

    @abstractmethod
    async def apply(self, connection: Connection, batch: Batch) -> None:
        """Applies the events of the batch, inside the transaction that moves the checkpoint. Each comes exactly once,
        in order, in batches of any size.
        """


class SqlProjection(Projection):
    """Statements over a batch: files in projections/queries, in order, each with one parameter, for `trellis.batch`.
    They write the schema of their tables as VIEW.
    """

    statements: ClassVar[tuple[str, ...]]

    @property
    def shape(self) -> str:
        return digest(self.tables, self.indexes, *(sql.query(one).replace("VIEW.", "") for one in self.statements))

    async def apply(self, connection: Connection, batch: Batch) -> None:
        if batch.has_none_of(self.handles):
            return
        extent = batch.extent(self.handles)
        for statement in self.statements:
            await connection.execute(sql.query_in(batch.schema, statement), extent)


def digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
