"""The changes to the code that docs/architecture.md shows, applied to a copy of the tree."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.layout import PACKAGES, ROOT

PAGE = ROOT / "docs" / "architecture.md"
_PARTS = (*PACKAGES, "tests", "worker.py", "settings.py", "pyproject.toml")


@dataclass(frozen=True)
class Example:
    title: str
    changes: dict[str, str]
    """By file, in the form of a diff without line numbers; `...` between places."""

    @property
    def code_files(self) -> int:
        return sum(name.endswith(".py") for name in self.changes)


def examples() -> Iterator[Example]:
    for section in re.split(r"^###? ", PAGE.read_text(), flags=re.MULTILINE):
        changes = dict(re.findall(r"^`([^`]+)`\n\n```diff\n(.*?)```", section, flags=re.MULTILINE | re.DOTALL))
        if changes:
            yield Example(section.partition("\n")[0], changes)


def copy_with(example: Example, folder: Path) -> Path:
    """A copy of the code in the folder, with the example in it."""
    for part in _PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(
                ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", "golden", "histories")
            )
        else:
            shutil.copy(ROOT / part, folder)
    for name, change in example.changes.items():
        file = folder / name
        text = file.read_text() if file.exists() else ""
        for hunk in change.split("...\n"):
            text = _applied(text, hunk, name)
        file.write_text(text)
    return folder


def _applied(text: str, hunk: str, name: str) -> str:
    lines = hunk.splitlines()
    before = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("+"))
    after = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("-"))
    if not before:
        assert not text, f"{name} exists: the example has to say where its lines go"
        return after
    assert text.count(before) == 1, f"the example does not fit {name}:\n{before}"
    return text.replace(before, after)
