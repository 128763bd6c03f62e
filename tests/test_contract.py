"""docs/contract.md names what the code has, and nothing else."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError
from temporalio.service import RPCStatusCode

import domain
import queries
import services
import store
import workflows
from domain.activity import LearnerWasActive
from domain.bulk import EVENTS as EVENTS_OF_BULKS
from domain.capacity_review import EVENTS as EVENTS_OF_REVIEWS
from domain.cohort import EVENTS as EVENTS_OF_COHORTS
from domain.complaint import EVENTS as EVENTS_OF_COMPLAINTS
from domain.finding import EVENTS as EVENTS_OF_FINDINGS
from domain.ids import Slug, problem_with_journey_id
from domain.journey import COMMANDS, EVENTS
from domain.mentor import EVENTS as EVENTS_OF_MENTORS
from domain.monthly_review import EVENTS as EVENTS_OF_MONTHS
from domain.notification import EVENTS as EVENTS_OF_MESSAGES
from domain.personal import personal_fields
from domain.pilot import EVENTS as EVENTS_OF_PILOTS
from domain.program import EVENTS as EVENTS_OF_PROGRAMS
from domain.proposal import EVENTS as EVENTS_OF_PROPOSALS
from domain.quality.reviews import EVENTS as EVENTS_OF_QA
from domain.quality.scores import EVENTS as EVENTS_OF_SCORES
from domain.refusal import RefusalCode
from domain.round import EVENTS as EVENTS_OF_ROUNDS
from domain.silences import EVENTS as EVENTS_OF_SILENCES
from domain.survey import EVENTS as EVENTS_OF_SURVEYS
from queries.event_types import EVENTS as EVERY_EVENT
from workflows.contract import (
    MESSAGE_TASK_QUEUE,
    MESSAGE_WORKFLOW,
    NOT_STARTED,
    REJECTED,
    SEARCH_ATTRIBUTES,
    TASK_QUEUE,
    WORKFLOW,
    Begin,
    Status,
)
from workflows.journey_activities import NO_SUCH_KIT
from workflows.notification_activities import Delivery

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


@pytest.mark.parametrize("kind", list(EVERY_EVENT))
def test_which_events_hold_personal_data(kind: str) -> None:
    row = re.search(rf"^\| `{re.escape(kind)}` \|(.*)\|$", CONTRACT, flags=re.MULTILINE)
    assert row
    assert ("(personal)" in row[1]) == bool(personal_fields(EVERY_EVENT[kind]))


def test_the_events_of_messages() -> None:
    assert list(table("Events of messages")) == list(EVENTS_OF_MESSAGES)


def test_the_events_of_programs() -> None:
    assert list(table("Events of programs")) == list(EVENTS_OF_PROGRAMS)


def test_the_events_of_mentors() -> None:
    assert list(table("Events of mentors")) == list(EVENTS_OF_MENTORS)


def test_the_events_of_rounds() -> None:
    assert list(table("Events of rounds")) == list(EVENTS_OF_ROUNDS)


def test_the_events_of_cohorts() -> None:
    assert list(table("Events of groups")) == list(EVENTS_OF_COHORTS)


def test_the_events_of_reviews() -> None:
    assert list(table("Reviews of capacity")) == list(EVENTS_OF_REVIEWS)


def test_the_events_of_silences() -> None:
    assert list(table("How long learners are quiet")) == list(EVENTS_OF_SILENCES)


def test_the_events_of_monthly_reviews() -> None:
    assert list(table("Monthly reviews")) == list(EVENTS_OF_MONTHS)


def test_the_events_of_pilots() -> None:
    assert list(table("Pilots")) == list(EVENTS_OF_PILOTS)


def test_the_events_of_bulk_actions() -> None:
    assert list(table("Bulk actions")) == list(EVENTS_OF_BULKS)


def test_the_events_of_quality() -> None:
    assert list(table("Scores of sessions")) == list(EVENTS_OF_SCORES)
    assert list(table("Rounds of reviews")) == list(EVENTS_OF_QA)


def test_the_events_of_surveys() -> None:
    assert list(table("Surveys")) == list(EVENTS_OF_SURVEYS)


def test_the_events_of_findings() -> None:
    assert list(table("Findings")) == list(EVENTS_OF_FINDINGS)


def test_the_events_of_complaints() -> None:
    assert list(table("Complaints")) == list(EVENTS_OF_COMPLAINTS)


def test_the_events_of_proposals() -> None:
    assert list(table("Proposals")) == list(EVENTS_OF_PROPOSALS)


def test_the_workflow_of_a_message() -> None:
    section = CONTRACT.split("## Messages\n")[1].split("\n## ")[0]
    names = {MESSAGE_WORKFLOW, MESSAGE_TASK_QUEUE, *Delivery.model_fields}
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
    assert set(table("The workflow")) == Begin.model_fields.keys()


def test_the_errors() -> None:
    types = table("Errors")
    assert {REJECTED, NO_SUCH_KIT, NOT_STARTED} <= types.keys()
    statuses = {name for row in types for name in re.findall(r"[A-Z_]{5,}", row)}
    assert statuses <= set(RPCStatusCode.__members__)


def test_the_refusal_codes() -> None:
    for package in (domain, queries, services, store, workflows):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    codes = [str(code) for kind in RefusalCode.__subclasses__() for code in kind]
    assert sorted(table("Refusal codes")) == sorted(codes)


def test_the_forms_of_ids() -> None:
    section = CONTRACT.split("## The workflow\n")[1].split("\n## ")[0]
    forms = re.findall(r"`(\[A-Za-z0-9\]\S+)`, at most (\d+)", section)
    assert len(forms) == 2
    for (form, most), tilde in zip(forms, (True, False), strict=True):
        for one in ("a", "job-ready.l-17", "l-1~2", "-a", ".a", "a b", "a/b", "", "é", "a" * int(most)):
            taken = problem_with_journey_id(one) is None if tilde else _slug(one)
            assert bool(re.fullmatch(form, one)) == taken, one
        longer = "a" * (int(most) + 1)
        assert not (problem_with_journey_id(longer) is None if tilde else _slug(longer))


def _slug(one: str) -> bool:
    try:
        TypeAdapter(Slug).validate_python(one)
    except ValidationError:
        return False
    return True


def test_the_answer_to_the_query() -> None:
    section = CONTRACT.split("## Queries\n")[1].split("\n## ")[0]
    assert {field for field in Status.model_fields if f"`{field}`" not in section} == set()
