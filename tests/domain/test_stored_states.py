"""States that workflows carry, of this version and of others."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from domain.journey import fold, stored
from domain.journey.state import STATE_VERSION
from domain.journey.stored import UnknownVersion, upcast
from tests.domain.stories import in_sessions
from workflows.contract import Carried

TODAY = fold(in_sessions)
assert TODAY
STATE: dict[str, Any] = json.loads(TODAY.model_dump_json())


def carried(state: dict[str, Any]) -> Carried:
    whole = {"state": state, "version": 7, "orders": [], "clock_ahead": 0.0}
    return Carried.model_validate_json(json.dumps(whole))


def test_a_state_says_its_version_and_reads_back() -> None:
    assert STATE["schema_version"] == STATE_VERSION
    assert carried(STATE).state == TODAY


def test_a_state_that_says_no_version_is_of_the_first() -> None:
    first = {name: value for name, value in STATE.items() if name != "schema_version"}
    assert carried(first).state == TODAY


def test_an_older_state_is_upcast_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = {1: lambda state: state | {"b": state.pop("a")}, 2: lambda state: state | {"c": state["b"] + 1}}
    monkeypatch.setattr(stored, "STATE_VERSION", 3)
    monkeypatch.setattr(stored, "UPCASTERS", steps)
    assert upcast({"a": 1}) == {"b": 1, "c": 2, "schema_version": 3}
    assert upcast({"b": 1, "schema_version": 2}) == {"b": 1, "c": 2, "schema_version": 3}


def test_every_version_has_its_upcaster() -> None:
    assert sorted(stored.UPCASTERS) == list(range(1, STATE_VERSION))


def test_a_state_of_a_newer_trellis_is_told_from_one_that_is_wrong() -> None:
    with pytest.raises(ValidationError, match="run a newer one") as caught:
        carried(STATE | {"schema_version": 99})
    assert isinstance(caught.value.errors()[0]["ctx"]["error"], UnknownVersion)
    with pytest.raises(ValidationError, match=r"state\.schema_version"):
        carried(STATE | {"schema_version": "first"})
