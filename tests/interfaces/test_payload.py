"""From what is typed to a payload with the types that the command wants."""

from typing import Any

import pytest

from interfaces.cli.payload import BadCommandError, payload_of


@pytest.mark.parametrize(
    ("command", "fields", "payload"),
    [
        ("give_feedback", ["confidence=7", "notes=8"], {"confidence": 7, "notes": "8"}),
        (
            "review_milestone",
            ["milestone=m", "verdict=passed", "score=80.5", "attempt=2"],
            {"score": 80.5, "attempt": 2},
        ),
        ("close_action_item", ["item=7", "done=false", "reason=ill"], {"item": "7", "done": False}),
        ("choose_remedy", ["remedy=null"], {"remedy": None}),
        ("submit_intake", ["answers.hours=3", "answers.age:=3"], {"answers": {"hours": "3", "age": 3}}),
        ("withdraw", ["reason=null"], {"reason": "null"}),
    ],
)
def test_what_is_typed_gets_the_type_of_its_field(command: str, fields: list[str], payload: dict[str, Any]) -> None:
    assert payload_of(command, None, fields, None).items() >= payload.items()


@pytest.mark.parametrize(
    ("command", "fields", "says"),
    [
        ("give_feedback", ['confidence:="7"'], "confidence: a number is wanted, without quotes"),
        ("give_feedback", ["confidence:=true"], "a number is wanted"),
        ("give_feedback", ["confidence=much"], "a number is wanted"),
        ("pause", ["reason=ill", "until=1796400000"], "until: not an instant in ISO 8601"),
        ("pause", ["reason=ill", "until=0001-01-01T00:00:00Z"], "out of range; write one from 1970 to 2199"),
    ],
)
def test_what_has_another_type_is_no_command(command: str, fields: list[str], says: str) -> None:
    with pytest.raises(BadCommandError, match=says):
        payload_of(command, None, fields, None)
