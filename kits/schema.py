"""The JSON Schema of `program.yaml`: from the models that read it, and the notes beside their fields."""

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from datetime import timedelta
from types import ModuleType
from typing import Any, TypeAlias

from pydantic import TypeAdapter

from domain.kit import (
    Kit,
    capacity,
    cohorts,
    content,
    delivery,
    detectors,
    evidence,
    forms,
    matching,
    meeting,
    own_pages,
    quality,
    rules,
    surveys,
)
from domain.kit.detectors import Detectors
from domain.kit.escalation import CONDITIONS
from domain.values import say_duration
from kits.blocks import EVERY, MOST_TIMES, SHARED, TIMES, USE

_DURATION = {"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*(minute|hour|day|week)s?\s*$"}
_WEEK = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
DIALECT = "https://json-schema.org/draft/2020-12/schema"
Notes: TypeAlias = Mapping[tuple[str, str], str]
_LENGTH: TypeAdapter[timedelta] = TypeAdapter(timedelta)


def kit_schema() -> dict[str, Any]:
    """What an editor can check by itself. Whether the parts fit together is checked by `trellis program check`."""
    schema = _plain(Kit.model_json_schema(mode="validation"))
    schema["properties"].pop("texts")  # those are files
    schema["$defs"].pop("Window")  # those are texts
    _add_blocks(schema)
    conditions = (sys.modules[one.__module__] for one in CONDITIONS)
    found_by = (sys.modules[one.__module__] for one in Detectors.kinds().values())
    parts = (
        forms,
        delivery,
        *conditions,
        rules,
        matching,
        capacity,
        meeting,
        cohorts,
        surveys,
        detectors,
        evidence,
        quality,
        own_pages,
        *found_by,
    )
    notes = notes_of(*parts, content)
    for name, model in {**schema["$defs"], "Content": schema}.items():
        for attribute, field in model.get("properties", {}).items():
            if note := notes.get((name, attribute)):
                field["description"] = note
    return {"$schema": DIALECT, "title": "Trellis program kit", **schema}


def _add_blocks(schema: dict[str, Any]) -> None:
    """The short forms that only the file has: sessions that are shared by name, and blocks that repeat."""
    defs = schema["$defs"]
    session = defs["Session"]
    every = {**_DURATION, "description": "How long from each session of the block to the next."}
    times = {"type": "integer", "minimum": 1, "maximum": MOST_TIMES, "description": "How many sessions the block has."}
    use = {"type": "string", "description": "The id of a session under `sessions` of the kit, which this one is."}
    repeated = {**session["properties"], EVERY: every, TIMES: times}
    defs["SessionBlock"] = {**session, "properties": repeated, "required": [*session["required"], EVERY, TIMES]}
    defs["SessionUse"] = {**session, "properties": {**repeated, USE: use}, "required": [USE]}
    forms = ("Session", "SessionBlock", "SessionUse")
    listed = {"anyOf": [{"type": "string"}, *({"$ref": f"#/$defs/{one}"} for one in forms)]}
    defs["Pathway"]["properties"]["sessions"]["items"] = listed
    shared = "Sessions that pathways share: each by its id."
    plain = [{"$ref": f"#/$defs/{one}"} for one in forms[:2]]
    schema["properties"][SHARED] = {"type": "array", "items": {"anyOf": plain}, "description": shared}


def _plain(node: Any) -> Any:
    """As people write it: durations with a unit, hours of a week as texts, and no titles made from Python names."""
    match node:
        case list():
            return [_plain(one) for one in node]
        case {"format": "duration"}:
            return _DURATION | {name: _plain(one) for name, one in node.items() if name == "default"}
        case {"items": {"$ref": "#/$defs/Window"}}:
            return _WEEK | {name: _plain(one) for name, one in node.items() if name == "default"}
        case dict():
            return {
                name: _members(one) if name in ("properties", "$defs") else _plain(one)
                for name, one in node.items()
                if not (name == "title" and isinstance(one, str))
            }
        case str() if (node.startswith("P") and node[1:2].isdigit()) or node.startswith("PT"):
            return say_duration(_LENGTH.validate_python(node))
        case _:
            return node


def _members(members: Mapping[str, Any]) -> dict[str, Any]:
    """A field may be called `title`."""
    return {name: _plain(one) for name, one in members.items()}


def notes_of(*modules: ModuleType) -> Notes:
    """The notes below the fields of their models, by model and field."""
    bodies = (node for module in modules for node in ast.parse(inspect.getsource(module)).body)
    return {place: note for node in bodies if isinstance(node, ast.ClassDef) for place, note in _notes_in(node)}


def _notes_in(model: ast.ClassDef) -> Iterator[tuple[tuple[str, str], str]]:
    for above, below in zip(model.body, model.body[1:], strict=False):
        match above, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(note))):
                yield (model.name, name), " ".join(note.split())
            case _:
                continue
