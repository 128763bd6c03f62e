"""docs/kit.schema.json against the model that reads kits."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from kits.schema import kit_schema

ROOT = Path(__file__).parent.parent
SCHEMA = ROOT / "docs" / "kit.schema.json"


def test_the_published_schema_is_that_of_the_model() -> None:
    """To renew it: trellis program schema > docs/kit.schema.json"""
    assert json.loads(SCHEMA.read_text()) == json.loads(json.dumps(kit_schema()))


def test_it_is_a_schema_and_the_shipped_kits_fit_it() -> None:
    jsonschema.Draft202012Validator.check_schema(kit_schema())
    validator = jsonschema.Draft202012Validator(kit_schema())
    for file in sorted((ROOT / "programs").glob("*/program.yaml")):
        assert [error.message for error in validator.iter_errors(_as_an_editor_reads(file))] == []


def _as_an_editor_reads(file: Path) -> Any:
    """Moments stay text, as they do in JSON; and as they do for editors, which check YAML as if it were that."""
    return json.loads(json.dumps(yaml.safe_load(file.read_text()), default=datetime.isoformat))


@pytest.mark.parametrize(
    ("field", "value"), [("title", 5), ("titel", "x"), ("pathways", []), ("pausing", {"limit": "soon"})]
)
def test_it_refuses_what_the_model_refuses(field: str, value: object) -> None:
    kit = yaml.safe_load((ROOT / "programs" / "job-ready" / "program.yaml").read_text()) | {field: value}
    assert not jsonschema.Draft202012Validator(kit_schema()).is_valid(kit)


def test_durations_and_notes_are_said_as_people_write_them() -> None:
    limit = kit_schema()["$defs"]["Pausing"]["properties"]["limit"]
    assert limit["default"] == "60 days"
    assert limit["description"].startswith("The longest that a journey may stand still")
