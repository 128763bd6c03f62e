"""What is doubtful about the surveys of a kit."""

from collections.abc import Mapping
from typing import Any

import pytest

from domain.kit import Kit
from domain.kit.reviewing import findings_of
from tests.domain.stories import KIT

PULSE: dict[str, Any] = {"id": "p", "title": "P", "of": "learner", "every": "2 days", "questions": ["How is it?"]}
AFTER: dict[str, Any] = {"id": "a", "title": "A", "of": "learner", "after": "session", "questions": ["How was it?"]}


def found(*surveys: Mapping[str, Any], asking: Mapping[str, Any] | None) -> list[tuple[str, bool]]:
    """Places and whether they are grave, of surveys and how often they are asked."""
    kit = Kit.model_validate(KIT.model_dump() | {"surveys": surveys, "asking": asking})
    own = (one for one in findings_of(kit) if one.place[0] in ("surveys", "asking"))
    return [(".".join(map(str, one.place)), one.grave) for one in own]


@pytest.mark.parametrize(
    ("surveys", "asking", "places"),
    [
        ([AFTER], None, [("surveys", False)]),
        ([AFTER], {}, []),
        ([AFTER | {"sessions": ["s9"]}], {}, [("surveys.0.sessions.0", True)]),
        ([PULSE], {"least_gap": "1 day", "most": 20}, []),
        ([PULSE], {"least_gap": "3 days", "most": 20}, [("surveys.0.every", False)]),
        ([PULSE], {"least_gap": "1 day", "most": 6}, [("asking.most", False)]),
        ([PULSE, PULSE | {"id": "q", "of": "mentor"}], {"least_gap": "1 day", "most": 15}, []),
    ],
)
def test_what_is_doubtful_is_told_at_its_place(
    surveys: list[Mapping[str, Any]], asking: Mapping[str, Any] | None, places: list[tuple[str, bool]]
) -> None:
    assert found(*surveys, asking=asking) == places


def test_a_survey_without_a_letter_is_told() -> None:
    plain = KIT.model_dump()
    asked = plain | {"surveys": [AFTER], "asking": {}}
    letters = {"other": {"when": "paused", "subject": "s", "text": "t.md"}}
    kit = Kit.model_validate(asked | {"messages": letters, "texts": {"t.md": "x"}})
    (one,) = (one for one in findings_of(kit) if one.place == ("surveys", 0))
    assert "there is none for `survey`" in one.says
