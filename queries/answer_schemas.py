"""JSON Schemas of answers. Unlike inputs, answers may gain fields in the next release."""

from collections.abc import Iterator
from typing import Any

_COMPONENT = "#/components/schemas/"


def may_grow(schema: Any) -> Any:
    """The schema without any `additionalProperties: false`, so that it also accepts the answers of later releases."""
    if isinstance(schema, dict):
        return {
            key: may_grow(value)
            for key, value in schema.items()
            if not (key == "additionalProperties" and value is False)
        }
    return [may_grow(one) for one in schema] if isinstance(schema, list) else schema


def answers_may_grow(document: dict[str, Any]) -> dict[str, Any]:
    """An OpenAPI document in which every schema may grow, but for those that only bodies of requests have."""
    schemas = document.get("components", {}).get("schemas", {})
    bodies = [one.pop("requestBody", None) for one in _operations(document)]
    kept = {name: schemas[name] for name in _reached(bodies, schemas) - _reached(document["paths"], schemas)}
    grown: dict[str, Any] = may_grow(document)
    for operation, body in zip(_operations(grown), bodies, strict=True):
        if body is not None:
            operation["requestBody"] = body
    grown.get("components", {}).get("schemas", {}).update(kept)
    return grown


def _operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for methods in document["paths"].values() for one in methods.values()]


def _reached(part: Any, schemas: dict[str, Any]) -> set[str]:
    """The names of the components that this refers to, by way of others, too."""
    found: set[str] = set()
    left = [part]
    while left:
        new = set(_named(left.pop())) - found
        found |= new
        left += [schemas[one] for one in new if one in schemas]
    return found


def _named(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(name := part.get("$ref"), str):
            yield name.removeprefix(_COMPONENT)
        for value in part.values():
            yield from _named(value)
    elif isinstance(part, list):
        for value in part:
            yield from _named(value)
