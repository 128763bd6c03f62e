"""The part of the log that one step applies, and its events: read once and decoded once for all projections."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from domain.values import Event
from projections.sql import query
from store.codec import Codec, Unknown
from store.database import Connection
from store.event_log import RecordedEvent

E = TypeVar("E", bound=Event)


class SharedEvents:
    """Events that several projections apply in one step. Each is decoded at most once by each codec."""

    def __init__(self, recorded: Iterable[RecordedEvent]) -> None:
        self._recorded = list(recorded)
        self._decoded: dict[tuple[Codec[Any], int | None], Any] = {}
        self.types = frozenset(one.type for one in self._recorded)

    def among(self, types: Collection[str]) -> list[RecordedEvent]:
        return [one for one in self._recorded if one.type in types]

    def decode(self, codec: Codec[E], one: RecordedEvent) -> E | Unknown:
        key = (codec, one.position)
        if key not in self._decoded:
            self._decoded[key] = codec.decode(one)
        found: E | Unknown = self._decoded[key]
        return found


@dataclass(frozen=True, slots=True)
class Batch:
    """The positions in (after, upto]: of one slice of the streams, by default of all, without those that are held."""

    schema: str
    """Where the tables are that the projection writes."""
    after: int
    upto: int
    slice: int = 0
    slices: int = 1
    held: tuple[str, ...] = ()
    only: tuple[str, ...] | None = None
    """The streams that are meant, if not all."""
    shared: SharedEvents | None = None
    """All events between these positions that any of the projections of this step handles, where they were read."""

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

    def has_none_of(self, types: frozenset[str]) -> bool:
        """True only if it is known without asking the database."""
        return self.shared is not None and self.shared.types.isdisjoint(types)

    async def events(self, connection: Connection, types: Iterable[str]) -> "Events":
        """The events of these types, in no order."""
        if self.shared is None:
            rows = await connection.fetch(query("batch_events"), self.extent(types))
            recorded = [RecordedEvent(*row) for row in rows]
            return Events(recorded, SharedEvents(recorded))
        those = self.shared.among(frozenset(types))
        return Events([one for one in those if self._has(one)], self.shared)

    def _has(self, one: RecordedEvent) -> bool:
        return self.after < (one.position or 0) <= self.upto and one.stream not in self.held

    def parts(self, parked: "ParkedEvents") -> "Iterable[Batch]":
        """The same without what a person has parked or skipped."""
        if not parked:
            yield self
            return
        after = self.after
        for position in (*parked.between(self.after, self.upto), self.upto + 1):
            if position - 1 > after:
                yield replace(self, after=after, upto=position - 1, held=parked.held_at(after))
            after = position


@dataclass(frozen=True, slots=True)
class Events:
    """Some events, and where they are decoded."""

    recorded: Sequence[RecordedEvent]
    decoder: SharedEvents


@dataclass(frozen=True, slots=True)
class ParkedEvents:
    """What a person has parked or skipped for a projection; its rebuilds leave it out as well."""

    skipped: frozenset[int] = frozenset()
    """Positions that are left out for good."""
    parked: dict[str, int] = field(default_factory=dict)
    """By stream, the position from which on its events wait for a retry."""

    @classmethod
    def of(cls, rows: Iterable[Sequence[Any]]) -> "ParkedEvents":
        """Of stream, position and kind."""
        found = sorted(rows, key=lambda row: row[1], reverse=True)
        return cls(
            skipped=frozenset(position for _, position, kind in found if kind == "skipped"),
            parked={stream: position for stream, position, kind in found if kind == "parked"},
        )

    def __bool__(self) -> bool:
        return bool(self.skipped or self.parked)

    def between(self, after: int, upto: int) -> list[int]:
        return sorted(one for one in (*self.skipped, *self.parked.values()) if after < one <= upto)

    def held_at(self, position: int) -> tuple[str, ...]:
        """The streams that wait for a retry of what is at this position, or before."""
        return tuple(stream for stream, first in self.parked.items() if first <= position)

    def leave_out(self, recorded: list[RecordedEvent]) -> list[RecordedEvent]:
        """Of the events of one stream, those that are neither parked nor skipped."""
        until = self.parked.get(recorded[0].stream) if self else None
        if not self.skipped and until is None:
            return recorded
        return [
            one
            for one in recorded
            if one.position not in self.skipped and (until is None or (one.position or 0) < until)
        ]
