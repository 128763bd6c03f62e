"""docs/kits.md against the kit that the code knows: its example runs, and no field is left out."""

import re
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from domain import kit as model
from domain.kit.reviewing.dormant import DORMANT
from kits.fields import models
from kits.loading import load_kit

PAGE = Path(__file__).parent.parent / "docs" / "kits.md"


def test_the_example_is_a_kit(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    (tmp_path / "program.yaml").write_text(example)
    assert load_kit(tmp_path).program == "first-steps"


@pytest.mark.parametrize("kind", models(), ids=lambda kind: kind.__name__)
def test_every_field_is_on_the_page(kind: type[BaseModel]) -> None:
    page = PAGE.read_text()
    assert [name for name in kind.model_fields if not re.search(rf"`{name}[`:]", page)] == []


def test_every_field_that_nothing_acts_on_is_said_to_be_so() -> None:
    (said,) = re.findall(r"a field that nothing\nacts on yet: (.*?)\. ", PAGE.read_text(), re.DOTALL)
    assert re.findall("`(.*?)`", said) == [".".join(map(str, place)) for place in DORMANT]


def test_every_word_that_a_kit_knows_is_on_the_page() -> None:
    words = [*get_args(model.Duty), *get_args(model.Mode), *get_args(model.Severity)]
    page = PAGE.read_text()
    assert [word for word in words if f"`{word}`" not in page] == []
