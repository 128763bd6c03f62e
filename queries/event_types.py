"""Every type of event that the log can hold, as those who follow the feed see it."""

import inspect
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from domain import (
    bulk,
    capacity_review,
    cohort,
    complaint,
    finding,
    journey,
    mentor,
    monthly_review,
    notification,
    pilot,
    program,
    proposal,
    silences,
    survey,
)
from domain import round as matching_round
from domain.activity import LearnerWasActive
from domain.personal import personal_fields
from domain.quality import reviews, scores
from domain.refusal import RefusalCode, Rejected
from domain.values import Event, either
from kits.schema import DIALECT, notes_of
from queries.answer_schemas import may_grow

EVENTS: Final[Mapping[str, type[Event]]] = MappingProxyType(
    {
        **journey.EVENTS,
        LearnerWasActive.type: LearnerWasActive,
        **program.EVENTS,
        **cohort.EVENTS,
        **mentor.EVENTS,
        **matching_round.EVENTS,
        **capacity_review.EVENTS,
        **silences.EVENTS,
        **bulk.EVENTS,
        **monthly_review.EVENTS,
        **scores.EVENTS,
        **reviews.EVENTS,
        **pilot.EVENTS,
        **survey.EVENTS,
        **finding.EVENTS,
        **complaint.EVENTS,
        **proposal.EVENTS,
        **notification.EVENTS,
    }
)
"""By stored type."""

_WHOLE_CATEGORY = ".*"


class Code(RefusalCode):
    """Why the feed cannot be read like that."""

    UNKNOWN_EVENT_TYPE = "unknown_event_type"
    """`types`: the categories, each as `CATEGORY.*`."""
    POSITION_AHEAD = "position_ahead"
    """`head`: the last position."""
    POSITION_ARCHIVED = "position_archived"
    """`partition`: the part of the log that was moved to a file."""


@dataclass(frozen=True, slots=True)
class EventType:
    type: str
    says: str
    version: int
    """Of its form. A new version is one that programs which read the one before may not understand."""
    personal: tuple[str, ...]
    """The fields of `data` that may hold personal data. They are absent for whoever may not see it."""
    data: Mapping[str, Any]
    """JSON Schema. Fields may be added without a new version."""


@cache
def event_types() -> tuple[EventType, ...]:
    return tuple(map(_described, EVENTS.values()))


def types_named(names: Iterable[str]) -> frozenset[str]:
    """The types of these names, of which `journey.*` is one for all events of journeys.

    Raises Rejected for a name that fits none, because a filter that never matches hides a typing error.
    """
    return frozenset(kind for name in names for kind in _named(name))


def _named(name: str) -> list[str]:
    if name in EVENTS:
        return [name]
    category = name.removesuffix("*")
    found = [kind for kind in EVENTS if kind.startswith(category)] if name.endswith(_WHOLE_CATEGORY) else []
    if not found:
        categories = sorted({f"{kind.partition('.')[0]}{_WHOLE_CATEGORY}" for kind in EVENTS})
        raise Rejected(
            Code.UNKNOWN_EVENT_TYPE,
            f"there is no event of the type {name[:60]!r}; docs/contract.md lists them. All of a category: "
            f"{either(categories)}",
            {"types": categories},
        )
    return found


def _described(kind: type[Event]) -> EventType:
    return EventType(
        kind.type, inspect.cleandoc(kind.__doc__ or ""), kind.schema_version, personal_fields(kind), _schema(kind)
    )


def _schema(kind: type[Event]) -> dict[str, Any]:
    schema: dict[str, Any] = may_grow({"$schema": DIALECT, **kind.model_json_schema(mode="serialization")})
    schema["properties"].pop("at")  # the event's `time`
    schema["required"] = [name for name in schema.get("required", ()) if name != "at"]
    notes = notes_of(sys.modules[kind.__module__])
    for field, content in schema["properties"].items():
        if note := notes.get((kind.__name__, field)):
            content["description"] = note
    return schema
