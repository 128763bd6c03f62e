"""Kits and states that were stored by any version since e9d146a are read by this one."""

import json
from pathlib import Path

import pytest

from domain.journey.stored import STORED_STATE
from store.kits import parse
from tests.golden import kits, states
from tests.golden.comparing import said_otherwise
from workflows.run_input import Carried

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
        assert said_otherwise(state, json.loads(STORED_STATE.dump_json(carried.state))) == []


def test_what_is_said_otherwise_is_found() -> None:
    old = {"a": 1, "b": [{"c": 2}], "d": None}
    assert said_otherwise(old, {"a": 1, "b": [{"c": 2, "more": 3}], "d": None, "e": 4}) == []
    assert said_otherwise(old, {"a": 2, "b": [{}], "d": 0}) == ["$.a", "$.b[0].c", "$.d"]
    assert said_otherwise(old, {"a": 1, "b": []}) == ["$.b", "$.d"]


DIGESTS = {
    "a7ed9c5/job-ready": "cb65e1651a6fcf4ed1279c74204c84105a78627a9819f99b390de03dbec82487",
    "a7ed9c5/open-source-term": "456548edf4b5b31bb5f3903c7c2da3bd2fb47c30987ef37d5b6a09c5d907d740",
    "a7ed9c5/teaching-circle": "6d0c1f79bc898fd49c6d06798f10be437597ec9855fd9ce14badca426626093d",
}
"""As they were before kits said what fulfills their promise."""


def test_a_field_that_a_kit_does_not_have_leaves_its_digest_as_it_was() -> None:
    found = {name: parse(kits.read(kits.FOLDER / f"{name}.json.gz")).digest for name in DIGESTS}
    assert found == DIGESTS
