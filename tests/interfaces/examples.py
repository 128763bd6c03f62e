"""The operations of the API as its description has them, with the smallest body that each takes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

from tests.interfaces.calling import guarded_app


@dataclass(frozen=True)
class Operation:
    tag: str
    name: str
    method: str
    path: str
    """Without the prefix /v1."""
    roles: Sequence[str] | None
    """As the description says."""
    body: Any = None
    """The smallest that fits; None: it takes none, or none that is JSON."""
    query: Mapping[str, Any] = field(default_factory=dict)
    """The parameters that it must have."""

    def filled(self, ids: Mapping[str, str]) -> str:
        """With these ids by the name of the parameter; without one, with that of nothing."""
        return re.sub(r"{(\w+)(:path)?}", lambda found: ids.get(found[1], _nothing(found[1])), self.path)


@cache
def operations() -> Sequence[Operation]:
    nobody = cast("Any", None)
    document: Mapping[str, Any] = guarded_app(nobody, nobody).openapi()
    return [
        _operation(document, path.removeprefix("/v1"), method.upper(), said)
        for path, methods in document["paths"].items()
        for method, said in methods.items()
        if path.startswith("/v1/")
    ]


def _operation(document: Mapping[str, Any], path: str, method: str, said: Mapping[str, Any]) -> Operation:
    content = said.get("requestBody", {}).get("content", {})
    needed = [one for one in said.get("parameters", ()) if one["in"] == "query" and one.get("required")]
    return Operation(
        said["tags"][0],
        said["operationId"],
        method,
        path,
        said.get("x-roles"),
        _smallest(document, content["application/json"]["schema"]) if "application/json" in content else None,
        {one["name"]: _smallest(document, one["schema"]) for one in needed},
    )


def _nothing(parameter: str) -> str:
    if parameter == "month":
        return "2026-01"
    return "1" if parameter in {"number", "event", "position", "version"} else "nothing"


def _smallest(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Any:
    """A value that fits, of the forms that the API has."""
    if "$ref" in schema:
        return _smallest(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema or "oneOf" in schema:
        options = schema.get("anyOf") or schema["oneOf"]
        return _smallest(document, next(one for one in options if one.get("type") != "null"))
    if "const" in schema or "enum" in schema:
        return schema["const"] if "const" in schema else schema["enum"][0]
    match schema.get("type"):
        case "object" if "properties" not in schema:
            return (
                {"nothing": _smallest(document, schema["additionalProperties"])} if schema.get("minProperties") else {}
            )
        case "object":
            return {name: _smallest(document, schema["properties"][name]) for name in schema.get("required", ())}
        case "array":
            return [_smallest(document, schema["items"])] * schema.get("minItems", 0)
        case "integer" | "number":
            return max(schema.get("minimum", 0), schema.get("exclusiveMinimum", -1) + 1)
        case "boolean":
            return False
        case _:
            return _text(schema)


def _text(schema: Mapping[str, Any]) -> str:
    known = {"date-time": "2026-03-02T17:00:00Z", "date": "2026-03-02", "time": "17:00", "duration": "P1D"}
    if form := known.get(schema.get("format", "")):
        return form
    for one in ("nothing", "ops", "2 weeks", "https://example.org/x", "2026-03-02"):
        if re.search(schema.get("pattern", ""), one) and len(one) >= schema.get("minLength", 0):
            return one
    return "nothing"
