"""JSON Schemas of answers. Unlike inputs, answers may gain fields in the next release."""

from collections.abc import Iterator
from typing import Any


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
    """An OpenAPI document in which only what is sent alone keeps its `additionalProperties: false`."""
    schemas = document.get("components", {}).get("schemas", {})
    answers = _reached(schemas, [one["responses"] for one in _operations(document)])
    sent = _reached(schemas, [one.get("requestBody", {}) for one in _operations(document)]) - answers
    strict = {name: schema for name, schema in schemas.items() if name in sent}
    grown: dict[str, Any] = may_grow(document)
    grown.get("components", {}).get("schemas", {}).update(strict)
    return grown


_BOUNDS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}


def bounds_named(schema: Any) -> Any:
    """A schema with the bounds of numbers under their names in JSON Schema.

    Pydantic leaves them under its own, which no reader of schemas knows, where a validator stands before the number.
    """
    if isinstance(schema, dict):
        is_number = schema.get("type") in ("integer", "number")
        return {_BOUNDS.get(name, name) if is_number else name: bounds_named(one) for name, one in schema.items()}
    return [bounds_named(one) for one in schema] if isinstance(schema, list) else schema


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        yield from path.values()


def _reached(schemas: dict[str, Any], places: Any) -> set[str]:
    """The names of the schemas that these places refer to, and those that these refer to in turn."""
    found: set[str] = set()
    left = list(_references(places))
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += _references(schemas[name])
    return found


def _references(place: Any) -> Iterator[str]:
    if isinstance(place, dict):
        if isinstance(reference := place.get("$ref"), str):
            yield reference.rpartition("/")[2]
        for one in place.values():
            yield from _references(one)
    elif isinstance(place, list):
        for one in place:
            yield from _references(one)
