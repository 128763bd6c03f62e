"""Every command says what it takes and answers with, and the schema holds against the model that reads it."""

from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from domain.journey import COMMANDS
from queries.command_forms import command_form, command_forms
from runtime.exits import Exit
from tests.interfaces.conftest import Offline
from workflows.contract import REJECTED, Answer


def test_every_command_is_there_with_words_schema_and_answer() -> None:
    forms = command_forms()
    assert [one.name for one in forms] == list(COMMANDS)
    for one in forms:
        jsonschema.Draft202012Validator.check_schema(dict(one.input))
        assert (one.says != "", set(one.input["properties"])) == (True, set(COMMANDS[one.name].model_fields))
        assert (set(one.output["properties"]), one.refusal) == (set(Answer.model_fields), REJECTED)


@pytest.mark.parametrize(
    ("command", "payload"),
    [
        ("pause", {"reason": "travels", "until": "2026-03-02T12:00:00Z"}),
        ("pause", {}),
        ("pause", {"reason": ""}),
        ("pause", {"reason": "travels", "because": "x"}),
        ("record_attendance", {"session": "s1", "attendance": "asleep"}),
        ("give_feedback", {"confidence": 11}),
        ("give_feedback", {"confidence": 10, "by": "learner:lea"}),
        ("give_feedback", {"confidence": 10, "by": "somebody"}),
        ("submit_intake", {"answers": {"goal": "job", "hours": 3, "times": ["am"]}}),
        ("send_follow_up", {"session": "s1", "summary": "x", "next_steps": []}),
    ],
)
def test_the_schema_takes_what_the_command_takes(command: str, payload: dict[str, Any]) -> None:
    def fits() -> bool:
        try:
            COMMANDS[command].model_validate(payload)
        except ValidationError:
            return False
        return True

    assert jsonschema.Draft202012Validator(dict(command_form(command).input)).is_valid(payload) is fits()


def test_notes_beside_the_fields_and_what_is_personal_are_told() -> None:
    review = command_form("review_milestone")
    assert review.input["properties"]["attempt"]["description"].startswith("Which attempt is judged")
    assert review.personal == ("reason", "feedback")
    assert command_form("submit_intake").personal == ("answers",)
    assert command_form("send_follow_up").personal == ("reason", "summary", "next_steps"), "a next step has a text"
    assert command_form("resume").personal == ()


def test_as_it_is_typed_without_any_server(offline: Offline) -> None:
    code, said, _ = offline("commands")
    assert (code, len(said.splitlines())) == (Exit.OK, len(COMMANDS))
    assert "Stop the clocks, at most for as long as the kit allows." in said
    assert all(offline("commands", name)[0] == Exit.OK for name in COMMANDS)
    _, said, _ = offline("commands", "pause")
    assert "reason: text, required, personal" in said
    assert "until: a moment or null" in said
    code, _, problem = offline("commands", "pauze")
    assert (code, "Did you mean pause?" in problem) == (Exit.BAD_INPUT, True)
    _, said, _ = offline("commands", "review-intake", "--json")
    assert '"refusal": "Rejected"' in said
