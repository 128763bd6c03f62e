"""JSON Schemas of answers. Unlike inputs, answers may gain fields in the next release."""

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
