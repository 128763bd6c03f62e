"""Kits and states that were stored by any version since e9d146a are read by this one."""

import json
from pathlib import Path

import pytest

from store.kits import parse
from tests.golden import kits, states
from tests.golden.comparing import said_otherwise
from workflows.contract import Carried

KITS = sorted(kits.FOLDER.glob("*/*.json.gz"))
STATES = sorted(states.FOLDER.glob("*.jsonl.gz"))


@pytest.mark.parametrize("file", KITS, ids=[f"{one.parent.name}-{one.name.partition('.')[0]}" for one in KITS])
def test_a_published_kit_says_what_it_said(file: Path) -> None:
    body = kits.read(file)
    published = json.loads(body)
    kit = parse(body)
    if file.parent.name == "e9d146a":  # its messages did not say when they are sent, and none was
        assert published.pop("messages")
        assert kit.messages == {}
    assert said_otherwise(published, json.loads(kit.model_dump_json())) == []
    assert parse(kit.model_dump_json()) == kit


@pytest.mark.parametrize("file", STATES, ids=[one.name.partition(".")[0] for one in STATES])
def test_a_carried_state_says_what_it_said(file: Path) -> None:
    for state in states.read(file):
        whole = {"state": state, "version": 7, "orders": [], "clock_ahead": 0.0}
        carried = Carried.model_validate_json(json.dumps(whole))
        if file.name.startswith("e9d146a"):  # a miss had no name yet, and the words themselves were kept
            state["misses"] = [{"name": one["session"], "at": one["at"]} for one in state["misses"]]
            state["last_word"] = carried.state.last_word
        assert said_otherwise(state, json.loads(carried.state.model_dump_json())) == []


def test_what_is_said_otherwise_is_found() -> None:
    old = {"a": 1, "b": [{"c": 2}], "d": None}
    assert said_otherwise(old, {"a": 1, "b": [{"c": 2, "more": 3}], "d": None, "e": 4}) == []
    assert said_otherwise(old, {"a": 2, "b": [{}], "d": 0}) == ["$.a", "$.b[0].c", "$.d"]
    assert said_otherwise(old, {"a": 1, "b": []}) == ["$.b", "$.d"]
