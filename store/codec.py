"""Converts between events of the domain and their stored form."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import NAMESPACE_URL, uuid5

from pydantic import ValidationError

from domain.values import Event
from store.errors import NotDecodable, misfits
from store.event_log import NewEvent, RecordedEvent
from store.upcasters import UPCASTERS, Upcaster

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Unknown:
    """An event of a type or version that only a newer Trellis knows. Views skip it; a fold must not."""

    type: str
    schema_version: int


def encode(events: Sequence[Event], append_id: str, meta: Mapping[str, Any] | None = None) -> list[NewEvent]:
    """The stored form: the event without `at`, which the log keeps as `occurred_at`.

    The event ids derive from the append id, so a retry has the same ones and is recognized by them.
    """
    return [
        NewEvent(
            event_id=uuid5(NAMESPACE_URL, f"trellis:{append_id}:{number}"),
            type=event.type,
            schema_version=event.schema_version,
            data=event.model_dump_json(exclude={"at"}),
            occurred_at=event.at,
            meta=dict(meta or {}),
        )
        for number, event in enumerate(events)
    ]


class Codec(Generic[E]):
    """Decodes the events of one aggregate, which are given by stored type. Older versions pass through upcasters."""

    def __init__(
        self, events: Mapping[str, type[E]], upcasters: Mapping[tuple[str, int], Upcaster] = UPCASTERS
    ) -> None:
        self._events = events
        self._upcasters = upcasters

    def decode(self, recorded: RecordedEvent) -> E | Unknown:
        """Raises NotDecodable when the stored data is not what its type and version promise."""
        kind = self._events.get(recorded.type)
        if kind is None or recorded.schema_version > kind.schema_version:
            return Unknown(recorded.type, recorded.schema_version)
        try:
            if recorded.schema_version == kind.schema_version:
                return kind.model_validate_json(_with_its_time(recorded))
            return kind.model_validate({**self._upcast(kind, recorded), "at": recorded.occurred_at})
        except ValidationError as error:
            raise _not_decodable(recorded, misfits(error)) from error

    def _upcast(self, kind: type[E], recorded: RecordedEvent) -> dict[str, Any]:
        data = recorded.data
        for version in range(recorded.schema_version, kind.schema_version):
            upcast = self._upcasters.get((recorded.type, version))
            if upcast is None:
                raise _not_decodable(recorded, f"there is no upcaster from version {version}")
            data = upcast(data)
        return data

    def decode_known(self, recorded: Iterable[RecordedEvent]) -> list[E]:
        """For a fold, which needs every event: raises NotDecodable for an Unknown, too."""
        events = []
        for one in recorded:
            event = self.decode(one)
            if isinstance(event, Unknown):
                raise _not_decodable(one, "this Trellis does not know it")
            events.append(event)
        return events


def _with_its_time(recorded: RecordedEvent) -> str:
    """The JSON of the event with its time, joined as text so that it is parsed and validated in one step."""
    comma = "" if recorded.body == "{}" else ", "
    return f'{recorded.body[:-1]}{comma}"at": "{recorded.occurred_at.isoformat()}"}}'


def _not_decodable(recorded: RecordedEvent, reason: str) -> NotDecodable:
    return NotDecodable(f"{recorded.stream}@{recorded.version}", recorded.type, recorded.schema_version, reason)
