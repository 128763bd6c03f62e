"""docs/contract.md names what the code has, and nothing else."""

import re
from pathlib import Path

import pytest

from domain.activity import LearnerWasActive
from domain.journey import COMMANDS, EVENTS
from domain.mentor import EVENTS as EVENTS_OF_MENTORS
from domain.messages import EVENTS as EVENTS_OF_MESSAGES
from domain.messages.ports import Deliver
from domain.program import EVENTS as EVENTS_OF_PROGRAMS
from workflows.contract import (
    MESSAGE_TASK_QUEUE,
    MESSAGE_WORKFLOW,
    SEARCH_ATTRIBUTES,
    TASK_QUEUE,
    WORKFLOW,
    Begin,
    Status,
)

CONTRACT = (Path(__file__).parent.parent / "docs" / "contract.md").read_text()


def table(heading: str) -> dict[str, str]:
    """First column → the rest of the row, of the table under a heading."""
    section = CONTRACT.split(f"## {heading}\n")[1].split("\n## ")[0]
    return dict(re.findall(r"^\| `([^`]+)` \|(.*)\|$", section, flags=re.MULTILINE))


def test_the_commands() -> None:
    assert list(table("Commands")) == list(COMMANDS)


@pytest.mark.parametrize("name", list(COMMANDS))
def test_the_fields_of_every_command(name: str) -> None:
    fields = COMMANDS[name].model_fields.keys() - {"by"}
    row = table("Commands")[name]
    assert {field for field in fields if f"`{field}`" not in row} == set()


def test_the_events() -> None:
    assert list(table("Events")) == [*EVENTS, LearnerWasActive.type]


def test_the_events_of_messages() -> None:
    assert list(table("Events of messages")) == list(EVENTS_OF_MESSAGES)


def test_the_events_of_programs() -> None:
    assert list(table("Events of programs")) == list(EVENTS_OF_PROGRAMS)


def test_the_events_of_mentors() -> None:
    assert list(table("Events of mentors")) == list(EVENTS_OF_MENTORS)


def test_the_workflow_of_a_message() -> None:
    section = CONTRACT.split("## Messages\n")[1].split("\n## ")[0]
    names = {MESSAGE_WORKFLOW, MESSAGE_TASK_QUEUE, *Deliver.model_fields}
    assert {name for name in names if f"`{name}`" not in section} == set()


def test_the_search_attributes() -> None:
    types = {name: row.split("|")[0].strip() for name, row in table("Search attributes").items()}
    assert list(types) == [key.name for key in SEARCH_ATTRIBUTES]
    assert [types[key.name].upper() for key in SEARCH_ATTRIBUTES] == [
        key.indexed_value_type.name for key in SEARCH_ATTRIBUTES
    ]


def test_the_workflow_and_its_beginning() -> None:
    assert f"| workflow type | `{WORKFLOW}` |" in CONTRACT
    assert f"| task queue | `{TASK_QUEUE}` |" in CONTRACT
    assert set(table("The workflow")) == Begin.model_fields.keys() - {"carried"}


def test_the_answer_to_the_query() -> None:
    section = CONTRACT.split("## Queries\n")[1].split("\n## ")[0]
    assert {field for field in Status.model_fields if f"`{field}`" not in section} == set()
