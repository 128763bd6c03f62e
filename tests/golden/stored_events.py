"""Events in every form in which they were ever stored."""

import json
from datetime import datetime
from pathlib import Path
from uuid import UUID

from domain.ids import StreamId
from store.event_log import RecordedEvent

FOLDER = Path(__file__).parent / "events"
FILES = sorted(FOLDER.glob("*.json"))


def stored(file: Path) -> RecordedEvent:
    content = json.loads(file.read_text())
    kind, version = content["type"], content["schema_version"]
    assert file.name == f"{kind}.v{version}.json"
    at = datetime.fromisoformat(content["occurred_at"])
    return RecordedEvent(
        StreamId("journey-golden"), 1, 1, UUID(int=1), kind, version, json.dumps(content["data"]), "{}", at, at
    )
