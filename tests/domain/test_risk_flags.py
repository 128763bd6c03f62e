"""Flags that other rules see to set off no rule for any."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import ValidationError

from domain.journey.events import RiskFlagRaised
from domain.kit.escalation import RiskFlag

AT = datetime(2026, 3, 2, tzinfo=UTC)


def fires(condition: RiskFlag, flag: str) -> bool:
    journey: Any = SimpleNamespace(signs=1)
    return bool(list(condition.subjects(journey, [RiskFlagRaised(at=AT, flag=flag)], AT)))


def test_any_but_those_that_are_named() -> None:
    condition = RiskFlag.model_validate({"risk_flag": "any", "other_than": ["conduct", "feedback"]})
    assert [fires(condition, one) for one in ("burnout", "conduct", "feedback")] == [True, False, False]
    assert condition.in_words() == "any risk flag other than 'conduct' or 'feedback' is raised"


def test_it_goes_with_any_alone_and_is_not_written_where_it_names_none() -> None:
    with pytest.raises(ValidationError, match="goes with `risk_flag: any`"):
        RiskFlag.model_validate({"risk_flag": "ill", "other_than": ["conduct"]})
    assert RiskFlag.model_validate({"risk_flag": "any"}).model_dump() == {"risk_flag": "any"}
