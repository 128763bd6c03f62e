"""docs/requirements.md names every requirement once, and points at code and tests that exist."""

import re
from pathlib import Path

import pytest

from tests.support.layout import PACKAGES

ROOT = Path(__file__).parent.parent
MET, _, NOT_MET = (ROOT / "docs" / "requirements.md").read_text().partition("## Not met yet")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")] for line in MET.splitlines() if re.match(r"\| R\d", line)
]
OPEN = re.findall(r"^- (R[^:]+):", NOT_MET, re.MULTILINE)
TESTS = sorted(set(re.findall(r"`(tests/[^`]+)`", MET)))
CODE = sorted(set(re.findall(rf"`((?:{'|'.join(PACKAGES)})/[^`]*)`", MET)))


def numbers(said: str) -> list[int]:
    """Of "R62, R63" or "R66 to R70"."""
    found: list[int] = []
    for part in said.split(", "):
        first, _, last = part.partition(" to ")
        found += range(int(first[1:]), int((last or first)[1:]) + 1)
    return found


def test_every_requirement_stands_here_once_as_met_or_as_not_met_yet() -> None:
    listed = [number for said in (*(row[0] for row in ROWS), *OPEN) for number in numbers(said)]
    assert sorted(listed) == list(range(1, 102))


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_what_is_met_says_where_and_which_test_shows_it(row: list[str]) -> None:
    assert len(row) == 4
    _, requirement, where, shown_by = row
    assert requirement
    assert where
    assert "`tests/" in shown_by


@pytest.mark.parametrize("pointer", TESTS)
def test_the_test_is_there(pointer: str) -> None:
    file, _, name = pointer.partition("::")
    text = (ROOT / file).read_text()
    assert f"def {name or 'test_'}" in text


@pytest.mark.parametrize("file", CODE)
def test_the_code_is_there(file: str) -> None:
    assert (ROOT / file).exists()
