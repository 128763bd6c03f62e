"""How folds meet the database: states in, events through, states and rows out. All in the caller's transaction."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeVar

from domain.values import Event
from projections.kits import Kits
from projections.projection import Batch, Fold, Told, query
from store.database import Connection
from store.event_log import RecordedEvent

E = TypeVar("E", bound=Event)
S = TypeVar("S")


async def apply(fold: Fold[E, S], connection: Connection, batch: Batch) -> None:
    """Folds the batch into the states that the projection keeps, and writes the rows of the streams it touched."""
    rows = await connection.fetch(query("batch_events"), batch.extent(fold.handles))
    by_stream = _by_stream(RecordedEvent(*row) for row in rows)
    if not by_stream:
        return
    known = await _states(fold, connection, list(by_stream))
    await store(fold, connection, _folded(fold, known, by_stream), fresh=False)


async def store(
    fold: Fold[E, S], connection: Connection, folded: Sequence[tuple[str, int, S, list[Told[E]]]], *, fresh: bool
) -> None:
    """Writes states and rows of these streams, given with their versions. `fresh`: nothing of theirs is there yet."""
    kits = {kit for _, _, state, told in folded for kit in (fold.kit_of(state), *(one.kit for one in told))}
    earlier = {kit for _, _, state, _ in folded for kit in fold.earlier_kits(state)}
    known = await Kits.of(connection, {kit for kit in kits | earlier if kit})
    rows: dict[str, list[tuple[object, ...]]] = {table: [] for table in fold.columns}
    for stream, _, state, told in folded:
        for table, more in fold.rows(stream, state, told, known).items():
            rows[table].extend(more)
    streams = [stream for stream, _, _, _ in folded]
    states = [(stream, version, fold.stored.dump_json(state).decode()) for stream, version, state, _ in folded]
    if fresh:
        await connection.copy_records_to_table("states", records=states, columns=("stream", "version", "state"))
    else:
        await connection.execute(query("states_upsert"), *map(list, zip(*states, strict=True)))
    for table, records in rows.items():
        if not (fresh or fold.adds):
            await connection.execute(f"delete from {table} where stream = any ($1)", streams)  # noqa: S608 - our names
        if records:
            await connection.copy_records_to_table(table, records=records, columns=fold.columns[table])


def fold_whole(
    fold: Fold[E, S], stream: str, recorded: Sequence[RecordedEvent]
) -> tuple[str, int, S, list[Told[E]]] | None:
    """The stream from its beginning; None when there is nothing in it for this projection."""
    return next(iter(_folded(fold, {}, {stream: recorded})), None)


def _folded(
    fold: Fold[E, S], known: Mapping[str, tuple[int, S]], by_stream: Mapping[str, Sequence[RecordedEvent]]
) -> list[tuple[str, int, S, list[Told[E]]]]:
    folded = []
    for stream, recorded in by_stream.items():
        version, before = known.get(stream, (0, None))
        if recorded[0].version <= version:
            raise AppliedBefore(fold.name, stream, recorded[0].version)
        state, told = fold.fold(before, recorded)
        if state is not None:
            folded.append((stream, recorded[-1].version, state, told))
    return folded


class AppliedBefore(Exception):
    """The same event came twice: two runners without their lock, or tables that were changed by hand."""

    def __init__(self, name: str, stream: str, version: int) -> None:
        super().__init__(
            f"{name} has had {stream}@{version} before: rebuild it with `trellis projections rebuild {name}`"
        )


def _by_stream(recorded: Iterable[RecordedEvent]) -> dict[str, list[RecordedEvent]]:
    ordered = sorted(recorded, key=attrgetter("stream", "version"))
    return {stream: list(those) for stream, those in groupby(ordered, key=attrgetter("stream"))}


async def _states(fold: Fold[E, S], connection: Connection, streams: list[str]) -> dict[str, tuple[int, S]]:
    rows: list[Any] = await connection.fetch(query("states_of"), streams)
    return {row["stream"]: (row["version"], fold.stored.validate_json(row["state"])) for row in rows}
