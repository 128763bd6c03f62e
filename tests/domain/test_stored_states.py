"""States that workflows carry, of this version and of others."""

import json
from hashlib import blake2b
from typing import Any, cast

import pytest
from pydantic import ValidationError

from domain.journey import JourneyState, fold, stored
from domain.journey.state import STATE_VERSION
from domain.journey.stored import STORED_STATE, UnknownVersion, upcast
from tests.domain.stories import in_sessions
from workflows.run_input import Carried

TODAY = cast("JourneyState", fold(in_sessions))
STATE: dict[str, Any] = json.loads(STORED_STATE.dump_json(TODAY))


def carried(state: dict[str, Any]) -> Carried:
    whole = {"state": state, "version": 7, "orders": [], "clock_ahead": 0.0}
    return Carried.model_validate_json(json.dumps(whole))


def test_a_state_says_its_version_and_reads_back() -> None:
    assert STATE["schema_version"] == STATE_VERSION
    assert carried(STATE).state == TODAY


UNNUMBERED = {name: value for name, value in STATE.items() if name != "schema_version"}


def test_a_state_that_says_no_version_predates_them() -> None:
    assert carried(UNNUMBERED).state == TODAY
    missed = [{"session": "s1", "at": "2026-03-11T01:00:00Z"}, {"name": "s2#2", "at": "2026-03-12T01:00:00Z"}]
    assert [one.name for one in carried(UNNUMBERED | {"misses": missed}).state.misses] == ["s1", "s2#2"]


@pytest.mark.parametrize("said", ["all: is well", ""])
def test_what_was_said_last_is_known_again(said: str) -> None:
    digest = blake2b(said.encode(), digest_size=8).hexdigest()
    today = f"check_in on {TODAY.stage_since:%Y-%m-%d}: {digest}"
    once = f"check_in on {TODAY.stage_since:%Y-%m-%d}: {said}"
    assert carried(UNNUMBERED | {"last_word": once}).state.last_word == today
    assert carried(UNNUMBERED | {"last_word": today}).state.last_word == today


def test_an_older_state_is_upcast_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = {1: lambda state: state | {"b": state.pop("a")}, 2: lambda state: state | {"c": state["b"] + 1}}
    monkeypatch.setattr(stored, "STATE_VERSION", 3)
    monkeypatch.setattr(stored, "UPCASTERS", steps)
    assert upcast({"a": 1, "schema_version": 1}) == {"b": 1, "c": 2, "schema_version": 3}
    assert upcast({"b": 1, "schema_version": 2}) == {"b": 1, "c": 2, "schema_version": 3}


def test_every_version_has_its_upcaster() -> None:
    assert sorted(stored.UPCASTERS) == list(range(STATE_VERSION))


def test_a_state_of_a_newer_trellis_is_told_from_one_that_is_wrong() -> None:
    with pytest.raises(ValidationError, match="run a newer one") as caught:
        carried(STATE | {"schema_version": 99})
    assert isinstance(caught.value.errors()[0]["ctx"]["error"], UnknownVersion)
    with pytest.raises(ValidationError, match=r"state\.schema_version"):
        carried(STATE | {"schema_version": "first"})
