"""The walk through the models of a kit misses none, so that hints and docs know every field."""

import pytest
from pydantic import BaseModel

from domain.kit.escalation import CONDITIONS
from kits.fields import all_fields, fields_at, models, truths
from kits.schema import kit_schema

WRITTEN_OTHERWISE = {"SessionBlock", "SessionUse"}
"""Forms of a session that only the file has."""


def test_it_finds_the_models_that_the_schema_of_a_kit_has() -> None:
    assert {one.__name__ for one in models()} == {"Kit", *kit_schema()["$defs"]} - WRITTEN_OTHERWISE


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__name__)
def test_every_field_of_every_model_is_known_to_the_hints(model: type[BaseModel]) -> None:
    assert set(model.model_fields) <= all_fields()


def test_a_place_has_the_fields_of_its_models() -> None:
    assert fields_at(("pausing",)) == ("limit",)
    assert "training" in fields_at(("mentor_kit",))
    assert {name for one in CONDITIONS for name in one.model_fields} == set(fields_at(("escalations", 3, "when")))


def test_fields_that_are_answered_with_yes_or_no() -> None:
    assert truths() >= {"required", "ends_when_done", "help_asked"}
    assert "format" not in truths(), "1 is not true"
