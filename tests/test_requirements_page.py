"""docs/requirements.md points at code and tests that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "requirements.md").read_text()
TESTS = sorted(set(re.findall(r"`(tests/[^`]+)`", PAGE)))
FOLDERS = "activities|domain|interfaces|messages|projections|store|workflows"
CODE = sorted(set(re.findall(rf"`((?:{FOLDERS})/[^`]+\.py)`", PAGE)))


@pytest.mark.parametrize("pointer", TESTS)
def test_the_test_is_there(pointer: str) -> None:
    file, _, name = pointer.partition("::")
    text = (ROOT / file).read_text()
    assert f"def {name or 'test_'}" in text


@pytest.mark.parametrize("file", CODE)
def test_the_code_is_there(file: str) -> None:
    assert (ROOT / file).exists()
