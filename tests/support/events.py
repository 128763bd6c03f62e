"""Every event of the domain by its stored type, and an example of each."""

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AwareDatetime, BaseModel

import domain
from domain.values import Event

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


def events() -> dict[str, type[Event]]:
    """Every event of the domain, by stored type, wherever it is defined."""
    for module in pkgutil.walk_packages(domain.__path__, "domain."):
        importlib.import_module(module.name)
    return {kind.type: kind for kind in _descendants(Event) if "type" in kind.__dict__}


def _descendants(kind: type[Event]) -> Iterator[type[Event]]:
    for child in kind.__subclasses__():
        if child.__module__.startswith("domain."):
            yield child
            yield from _descendants(child)


EVENTS = events()

WRITTEN = {"availability": ["mon-fri 18:00-20:00"], "week": "2026-W02"}
"""By field, what is stored in a form of its own."""


def _example(kind: Any, name: str = "") -> Any:
    """Something plausible of this type, the same every time."""
    origin, inner = get_origin(kind), get_args(kind)
    if name in WRITTEN:
        return WRITTEN[name]
    if origin is Annotated:
        return _example(inner[0], name)
    if origin is Literal:
        return inner[0]
    if origin in (Union, UnionType):
        return _example(inner[0], name)
    if origin is tuple:
        return [_example(inner[0], name)]
    if origin is not None:
        return {"goal": _example(inner[1], "answer")} if len(inner) == 2 else ["goal"]
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return {field: _example(info.rebuild_annotation(), field) for field, info in kind.model_fields.items()}
    if kind in (datetime, AwareDatetime):
        return AT.isoformat()
    if kind is date:
        return AT.date().isoformat()
    if name in ("by", "owner"):
        return "learner:lea"
    return {"int": 1, "float": 80.5, "bool": True, "timedelta": "P2D"}.get(getattr(kind, "__name__", ""), f"a-{name}")
