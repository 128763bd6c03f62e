"""The form of what is stored, a file a version: nothing that could be read once may become unreadable.

`python -m tests.golden.forms` records the forms of today: of a new version in a new file, and what a known version has
gained into its file. It refuses what would make a stored version stricter; that takes a new version and an upcaster.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from domain.journey.state import STATE_VERSION, JourneyState
from domain.kit import Kit
from domain.kit.formats import FORMAT
from tests.golden.schemas import Schema, form_of, stricter
from tests.support.events import EVENTS

FOLDER = Path(__file__).parent / "forms"


def models() -> Iterator[tuple[str, type]]:
    """Every model whose JSON is stored, by the name of the file of its present version."""
    yield f"kit.v{FORMAT}", Kit
    yield f"journey_state.v{STATE_VERSION}", JourneyState
    for name, event in sorted(EVENTS.items()):
        yield f"events/{name}.v{event.schema_version}", event


MODELS = dict(models())


def file_of(name: str) -> Path:
    return FOLDER / f"{name}.json"


def recorded(name: str) -> Schema | None:
    file = file_of(name)
    return json.loads(file.read_text()) if file.exists() else None


def main() -> int:
    refused = 0
    for name, model in MODELS.items():
        before, today = recorded(name), form_of(model)
        if before is not None and (differences := stricter(before, today)):
            refused += 1
            print(f"{name} is not recorded: it refuses what it accepted. Raise its version, and add an upcaster")  # noqa: T201
            print("\n".join(f"  {one}" for one in differences))  # noqa: T201
        elif before != today:
            file_of(name).parent.mkdir(parents=True, exist_ok=True)
            file_of(name).write_text(json.dumps(today, indent=1, sort_keys=True) + "\n")
            print(f"{name} {'is new' if before is None else 'has gained something'}")  # noqa: T201
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
