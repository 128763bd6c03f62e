"""Writes the client, from the OpenAPI document on standard input."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from client.generating.document import Document
from client.generating.models import ModelModules
from client.generating.operations import AWAITED, BLOCKING, OperationModules

FOLDER = Path(__file__).parents[1] / "api"
_RUFF = Path(sys.executable).with_name("ruff")


def files(content: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Every generated file: its place in the package, and its content before it is formatted."""
    document = Document(content)
    for name, text in ModelModules(document).files():
        yield Path("models") / name, text
    for style in (BLOCKING, AWAITED):
        for name, text in OperationModules(document, style).files():
            yield Path(style.package) / name, text


def write(content: Mapping[str, Any], folder: Path) -> None:
    """Whatever else is in the folders of generated files is removed."""
    made = dict(files(content))
    for part in {path.parts[0] for path in made}:
        shutil.rmtree(folder / part, ignore_errors=True)
    for path, text in made.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    places = [str(folder / part) for part in sorted({path.parts[0] for path in made})]
    configuration = ["--config", str(FOLDER.parents[1] / "pyproject.toml"), "--quiet"]
    unused = [str(_RUFF), "check", "--select", "F401,I", "--fix", "--no-cache", *configuration, *places]
    subprocess.run(unused, check=True)
    subprocess.run([str(_RUFF), "format", "--no-cache", *configuration, *places], check=True)


def out_of_date(content: Mapping[str, Any]) -> list[str]:
    """The files that differ from what would be written."""
    with tempfile.TemporaryDirectory() as place:
        write(content, Path(place))
        parts = [one.name for one in Path(place).iterdir()]
        fresh, stored = _texts(Path(place), parts), _texts(FOLDER, parts)
    return sorted(name for name in fresh.keys() | stored.keys() if fresh.get(name) != stored.get(name))


def _texts(folder: Path, parts: list[str]) -> dict[str, str]:
    return {str(one.relative_to(folder)): one.read_text() for part in parts for one in (folder / part).glob("*.py")}


if __name__ == "__main__":
    told = json.load(sys.stdin)
    write(told, FOLDER)
