"""What comes in is what it says: instants in range and in UTC, numbers that are numbers, commands that fit the log.

The fields are found by looking at the models, so that a field that is added later is held to the same.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest
from pydantic import AwareDatetime, BaseModel, NaiveDatetime, TypeAdapter, ValidationError
from pydantic_core import to_json

import domain
import interfaces
import kits
import queries
import scenarios
import services
from domain.journey import COMMANDS
from domain.journey.bases import _holds_several
from domain.journey.commands import ReportActivity, SendFollowUp
from domain.journey.events import ActionItem, PlannedMilestone, PlannedSession
from domain.kit import Kit, findings_of
from domain.kit.content import Content
from domain.limits import MAX_APPEND_BYTES, MAX_COMMAND_BYTES, MAX_EVENT_BYTES
from domain.values import AS_BEFORE, EARLIEST, LATEST, Event, Frozen, PersonalMark
from tests.domain.stories import KIT
from workflows import contract, run_input

_PACKAGES = (domain, kits, queries, services, scenarios, interfaces)

COMPUTED = (
    "domain.bulk.state",
    "domain.survey.state",
    "domain.cohort.state",
    "domain.monthly_review.document",
    "domain.round.state",
    "domain.notification",
    "domain.matching.groups",
    "domain.matching.draft",
    "domain.matching.pool",
    "domain.mentor.ledger",
    "domain.mentor.state",
    "domain.silences",
    "domain.quality",
    "store.ledger",
    "workflows.journey_activities",
    "workflows.notification_activities",
    "workflows.webhook_activities",
    "workflows.quality_activities",
    "workflows.detecting_activities",
    "interfaces.http.v1.events",
    "projections",
)
"""Where models hold what a journey made of instants that had come in, as it was stored or is shown."""
COMPUTED_MODELS = (
    *(ReportActivity, PlannedSession, PlannedMilestone, ActionItem),
    *(run_input.CommandEnvelope, contract.Upcoming, contract.Status, Content, Kit),
)
"""The same; of a kit, also those published before there was a range: its door is the review of what is read."""

INSTANTS = (datetime, AwareDatetime, NaiveDatetime)

ENDS = [
    *("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00"),
    *("1969-12-31T23:59:59Z", "1970-01-01T00:00:00+00:01", "2200-01-01T00:00:00Z", "0000-01-01T00:00:00Z"),
    *("-infinity", "infinity", "1796400000", "20261127T090000Z", "2026-02-30T09:00:00Z", "2026-11-27T09:00:00", ""),
    *(0, 1796400000, 1.5, True, float("inf"), [], {}),
    *(datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), datetime(2026, 1, 1)),  # noqa: DTZ001
]
DAYS = ["0001-01-01", "9999-12-31", "1969-12-31", "2200-01-01", "0", 0, 1796400000, True, date.min, date.max]


def models() -> Iterator[type[BaseModel]]:
    """Every model of the project, wherever it is defined."""
    for package in _PACKAGES:
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    yield from _descendants(BaseModel)


def _descendants(kind: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for child in kind.__subclasses__():
        if child.__module__.startswith(("workflows", *(one.__name__ for one in _PACKAGES))):
            yield child
        yield from _descendants(child)


def _mentions(annotation: Any, *kinds: type) -> bool:
    return annotation in kinds or any(_mentions(one, *kinds) for one in get_args(annotation))


def doors(*kinds: type) -> list[Any]:
    """The fields of these types that something may come in by."""
    return [
        pytest.param(TypeAdapter(field.rebuild_annotation()), id=f"{model.__name__}.{name}")
        for model in dict.fromkeys(models())
        if not issubclass(model, Event) and not model.__module__.startswith(COMPUTED) and model not in COMPUTED_MODELS
        for name, field in model.model_fields.items()
        if _mentions(field.rebuild_annotation(), *kinds)
    ]


def refused(field: TypeAdapter[Any], value: object) -> bool:
    try:
        field.validate_python(value)
    except ValidationError:
        return True
    return False


@pytest.mark.parametrize("field", doors(*INSTANTS))
def test_no_instant_at_the_ends_of_time_comes_in(field: TypeAdapter[Any]) -> None:
    assert [one for one in ENDS if not refused(field, one)] == []
    for inside in (EARLIEST, LATEST - timedelta(microseconds=1)):
        assert field.validate_python(inside) == inside


@pytest.mark.parametrize("field", doors(*INSTANTS))
def test_every_instant_is_turned_into_utc(field: TypeAdapter[Any]) -> None:
    told = field.validate_python("2026-03-02T14:30:00+05:30")
    assert (told, told.tzinfo) == (datetime(2026, 3, 2, 9, tzinfo=UTC), UTC)


@pytest.mark.parametrize("field", doors(date))
def test_no_day_at_the_ends_of_time_comes_in(field: TypeAdapter[Any]) -> None:
    assert [one for one in DAYS if not refused(field, one)] == []
    assert field.validate_python("2026-03-02") == date(2026, 3, 2)


def test_the_doors_are_found() -> None:
    found = {one.id for one in doors(*INSTANTS, date)}
    assert found >= {"Pause.until", "NextStep.due_at", "Begin.rehearse_from", "CommandLine.at", "ReturnQuery.since"}


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "2200-01-01T00:00:00Z"])
def test_a_kit_at_the_ends_of_time_is_not_published_and_one_that_was_can_be_read(instant: str) -> None:
    stored = Kit.model_validate_json(KIT.model_copy(update={"starts_at": instant}).model_dump_json(warnings=False))
    grave = [(one.place, one.says) for one in findings_of(stored) if one.grave]
    assert (("starts_at",), f"{instant[:10]} is out of range") in grave


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_texts_and_truth_values_are_no_numbers_and_the_other_way_round(command: type[Frozen]) -> None:
    for name, info in command.model_fields.items():
        field: TypeAdapter[Any] = TypeAdapter(info.rebuild_annotation())
        wrong: list[object] = []
        if _mentions(info.annotation, int, float):
            wrong = [True, False, "7", "", [7]]
        elif _mentions(info.annotation, bool):
            wrong = [1, 0, 1.0, "true", "yes"]
        elif _mentions(info.annotation, str):
            wrong = [7, 7.0, True]
        assert [one for one in wrong if not refused(field, one)] == [], name


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_answers_keep_their_types(command: type[Frozen]) -> None:
    if "answers" in command.model_fields:
        field: TypeAdapter[Any] = TypeAdapter(command.model_fields["answers"].rebuild_annotation())
        assert field.validate_python({"a": "7", "b": 7, "c": ["7"]}) == {"a": "7", "b": 7, "c": ("7",)}
        assert refused(field, {"a": True})
        assert refused(field, {"a": [7]})


def follow_up(steps: int, text: str) -> dict[str, Any]:
    step = {"text": text, "owner": "learner", "due_at": "2026-03-02T09:00:00Z"}
    return {"session": "first", "summary": "s", "next_steps": [step] * steps}


def test_a_command_within_the_limits_of_its_fields_and_beyond_that_of_the_log_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"280,\d{3} bytes .* at most 245,760 can be recorded; shorten"):
        SendFollowUp.model_validate(follow_up(14, "\u00e4" * 10_000))
    SendFollowUp.model_validate(follow_up(12, "\u00e4" * 10_000))


def test_what_json_must_escape_counts_as_it_is_stored() -> None:
    with pytest.raises(ValidationError, match="can be recorded"):
        SendFollowUp.model_validate(follow_up(5, "\x01" * 10_000))


def test_an_actor_is_as_long_as_an_id_at_most() -> None:
    assert refused(TypeAdapter(COMMANDS["resume"]), {"by": "mentor:" + "m" * 300})
    assert not refused(TypeAdapter(COMMANDS["resume"]), {"by": "learner:" + "m" * 120})


@pytest.mark.parametrize(
    ("command", "payload"),
    [
        ("give_feedback", {"confidence": "7"}),
        ("give_feedback", {"confidence": True}),
        ("pause", {"reason": "r", "until": 1796400000}),
        ("pause", {"reason": "r", "until": "0001-01-01T00:00:00Z"}),
        ("close_action_item", {"item": "1", "done": "yes"}),
        ("send_follow_up", follow_up(14, "\u00e4" * 10_000)),
    ],
)
def test_what_came_in_before_is_read_as_it_was_read_then(command: str, payload: dict[str, Any]) -> None:
    assert refused(TypeAdapter(COMMANDS[command]), payload)
    COMMANDS[command].model_validate(payload, context=AS_BEFORE)


@pytest.mark.parametrize("name", COMMANDS)
def test_what_is_not_measured_fits_into_the_log(name: str) -> None:
    """A character takes at most six bytes as JSON, such as \\u001f."""
    if _holds_several(COMMANDS[name]):
        return
    longest: dict[str, Any] = {
        field: "\x1f" * 10_000
        for field, info in COMMANDS[name].model_fields.items()
        if PersonalMark in map(type, info.metadata)
    }
    command = COMMANDS[name].model_construct(**longest)
    assert len(to_json(command)) < MAX_COMMAND_BYTES - 10_000, "the rest are ids and other short fields"


def test_the_limits_follow_from_one_another() -> None:
    assert MAX_COMMAND_BYTES < MAX_EVENT_BYTES < MAX_APPEND_BYTES
