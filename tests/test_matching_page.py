"""docs/matching.md against the criteria, rules and traits that the code knows."""

import re
from pathlib import Path
from typing import get_args

from domain.fit.criteria import CRITERIA
from domain.fit.rules import RULES
from domain.profiles import MentorProfile, Trait

PAGE = (Path(__file__).parent.parent / "docs" / "matching.md").read_text()


def rows(heading: str) -> dict[str, str]:
    """First column → the rest of the row, of the tables under a heading."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    found = re.findall(r"^\| (`.*?) \| (.*) \|$", section, re.MULTILINE)
    return {name: rest for names, rest in found for name in re.findall("`(.*?)`", names)}


def test_every_criterion_has_its_row() -> None:
    found = rows("How well a pair fits: criteria")
    assert set(found) == set(CRITERIA)


def test_every_rule_has_its_row_and_its_words() -> None:
    found = rows("What makes a pair impossible: rules")
    assert set(found) == set(RULES)
    detailed = {"common_hours", "checks_valid", "training_acknowledged", "ruled_out_by_learner", "ruled_out_by_mentor"}
    for name in set(RULES) - detailed - {"capacity"}:
        assert found[name] == RULES[name].requires


def test_every_trait_has_its_row() -> None:
    found = rows("What is known of both")
    assert set(found) - {"tells"} == set(get_args(Trait))
    for trait, rest in found.items():
        if trait == "tells":
            continue
        compared = re.findall("`([a-z_]+)`", rest.rpartition("|")[2])
        assert set(compared) <= set(MentorProfile.model_fields), trait
