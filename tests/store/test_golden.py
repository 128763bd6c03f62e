"""The stored form of every version of every event, as files. A change of the form without a new version fails here.

After raising the `schema_version` of an event, and writing its upcaster, `python -m tests.store.test_golden` adds the
file of the new version. Files that were released are never changed.
"""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from domain.ids import StreamId
from domain.values import Event
from store.codec import Codec, Unknown, encode
from store.errors import NotDecodable
from store.event_log import RecordedEvent
from tests.golden.comparing import said_otherwise
from tests.golden.stored_events import FILES, FOLDER, stored
from tests.support.events import AT, EVENTS, _example


def file_of(kind: type[Event]) -> Path:
    return FOLDER / f"{kind.type}.v{kind.schema_version}.json"


@pytest.mark.parametrize("kind", EVENTS.values(), ids=EVENTS.keys())
def test_every_event_has_the_file_of_its_version(kind: type[Event]) -> None:
    assert file_of(kind).exists(), f"run `python -m tests.store.test_golden` to add {file_of(kind).name}"


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_every_version_that_was_ever_stored_can_be_read(file: Path) -> None:
    assert isinstance(Codec(EVENTS).decode(stored(file)), Event)


@pytest.mark.parametrize("kind", EVENTS.values(), ids=EVENTS.keys())
def test_the_stored_form_is_the_one_of_the_version(kind: type[Event]) -> None:
    recorded = stored(file_of(kind))
    event = Codec(EVENTS).decode(recorded)
    assert isinstance(event, Event)
    (again,) = encode([event], "golden")
    told = json.loads(str(again.data))
    assert said_otherwise(recorded.data, told) == [], "the stored form has changed: raise schema_version"
    assert [name for name in told if name in recorded.data] == list(recorded.data)


class Renamed(Event):
    """An event whose field has had another name, and before that another unit."""

    type = "journey.renamed"
    schema_version = 3
    minutes: int


UPCASTERS = {
    ("journey.renamed", 1): lambda data: {"length": data["hours"] * 60},
    ("journey.renamed", 2): lambda data: {"minutes": data["length"]},
}


def recorded(version: int, data: dict[str, Any], kind: str = "journey.renamed") -> RecordedEvent:
    return RecordedEvent(StreamId("journey-1"), 7, 9, UUID(int=1), kind, version, json.dumps(data), "{}", AT, AT)


@pytest.mark.parametrize(("version", "data"), [(1, {"hours": 2}), (2, {"length": 120}), (3, {"minutes": 120})])
def test_older_versions_are_read_through_their_upcasters(version: int, data: dict[str, Any]) -> None:
    codec = Codec({"journey.renamed": Renamed}, UPCASTERS)
    assert codec.decode(recorded(version, data)) == Renamed(at=AT, minutes=120)


def test_a_missing_upcaster_is_said() -> None:
    codec = Codec({"journey.renamed": Renamed}, {})
    with pytest.raises(NotDecodable, match=r"journey\.renamed version 1 at journey-1@7 .* no upcaster from version 1"):
        codec.decode(recorded(1, {"hours": 2}))


@pytest.mark.parametrize(("version", "kind"), [(4, "journey.renamed"), (1, "journey.from_the_future")])
def test_what_a_newer_writer_stored_is_unknown_and_refused_by_a_fold(version: int, kind: str) -> None:
    codec = Codec({"journey.renamed": Renamed}, UPCASTERS)
    newer = recorded(version, {"anything": 1}, kind)
    assert codec.decode(newer) == Unknown(kind, version)
    with pytest.raises(NotDecodable, match="this Trellis does not know it"):
        codec.decode_known([newer])


def test_a_broken_event_is_named_without_its_content() -> None:
    codec = Codec({"journey.renamed": Renamed}, UPCASTERS)
    with pytest.raises(NotDecodable, match="minutes: Input should be a valid integer") as refused:
        codec.decode(recorded(3, {"minutes": "Ana's secret"}))
    assert "secret" not in str(refused.value)


def write() -> None:
    """Adds the files that are missing; touches none that is there."""
    for kind in EVENTS.values():
        if not file_of(kind).exists():
            event = kind.model_validate({**_example(kind), "at": AT})
            (new,) = encode([event], "golden")
            content = {
                "type": kind.type,
                "schema_version": kind.schema_version,
                "occurred_at": AT.isoformat(),
                "data": json.loads(str(new.data)),
            }
            file_of(kind).write_text(json.dumps(content, indent=2) + "\n")


if __name__ == "__main__":
    write()
