"""The set of conditions is complete, and each of them says what is asked of it."""

import re
from itertools import combinations
from pathlib import Path
from typing import get_args

import pytest
import yaml

from domain.kit import Duty, Kit, escalation
from domain.kit.escalation import CONDITIONS, Condition
from domain.kit.words import DUTIES
from tests.domain.stories import KIT

FOLDER = Path(escalation.__file__).parent
ROOT = FOLDER.parents[2]
PAGE = ROOT / "docs" / "kits.md"
PACKAGES = ("activities", "channels", "domain", "interfaces", "kits", "projections", "queries", "scenarios", "services")
OULAD = "scenarios/oulad/kit.py"
PLAIN = KIT.model_dump(exclude_unset=True)

of_each = pytest.mark.parametrize("kind", CONDITIONS, ids=lambda kind: kind.__name__)


def read(kind: type[Condition]) -> Condition:
    """As a kit reads it that is written as the example."""
    rule = {"id": "rule", "title": "Rule", "when": yaml.safe_load(f"{{{kind.example}}}"), "then": {"nudge": "ops"}}
    return Kit.model_validate(PLAIN | {"escalations": [rule]}).escalation("rule").when


def test_every_file_of_the_folder_is_one_condition_of_the_list() -> None:
    files = {file.stem for file in FOLDER.glob("*.py")} - {"__init__", "condition"}
    assert sorted(files) == sorted(kind.__module__.rpartition(".")[2] for kind in CONDITIONS)


def test_no_two_have_a_field_that_tells_them() -> None:
    told_by = [next(iter(kind.model_fields)) for kind in CONDITIONS]
    fields = [set(kind.model_fields) for kind in CONDITIONS]
    assert all(not one & other for one, other in combinations(fields, 2))
    assert len(set(told_by)) == len(CONDITIONS)


@of_each
def test_its_example_is_read_as_this_condition_and_has_words(kind: type[Condition]) -> None:
    condition = read(kind)
    assert type(condition) is kind
    assert re.fullmatch(r"[a-z0-9].*[a-z0-9]", condition.in_words())


@of_each
def test_it_has_its_row_in_the_guide(kind: type[Condition]) -> None:
    first, *_ = kind.example.split(", ")
    assert re.search(rf"^\| `{re.escape(first)}`.* \| .+ \|$", PAGE.read_text(), re.MULTILINE)


@of_each
def test_it_fires_in_one_way(kind: type[Condition]) -> None:
    condition = read(kind)
    at_once = kind.subjects is not Condition.subjects
    by_deadline = kind.deadline is not Condition.deadline
    assert [at_once, by_deadline, condition.duty is not None].count(True) == 1
    assert kind.by_clock is not at_once
    assert not kind.checks_activity or by_deadline
    assert at_once or kind.still_holds is not Condition.still_holds, "what the clock fires has to end by itself"


@of_each
def test_a_correction_takes_back_only_what_facts_fire(kind: type[Condition]) -> None:
    assert kind.has_grounds is Condition.has_grounds or kind.subjects is not Condition.subjects


def test_no_code_outside_of_the_folder_knows_one_condition_from_another() -> None:
    """So another condition is its file and its place in the list. A kit that is written in Python names its own."""
    named = "|".join(kind.__name__ for kind in CONDITIONS)
    imported = re.compile(rf"from domain\.kit\.escalation(\.\w+)? import [^\n]*\b({named})\b")
    files = [file for package in PACKAGES for file in (ROOT / package).rglob("*.py") if FOLDER not in file.parents]
    assert files
    assert [str(file.relative_to(ROOT)) for file in files if imported.search(file.read_text())] == [OULAD]


def test_every_duty_has_words() -> None:
    assert set(DUTIES) == set(get_args(Duty))
