"""JSON Schemas of what is answered: unlike what is taken, it may gain fields in the next release."""

from typing import Any


def may_grow(schema: Any) -> Any:
    """The same without `additionalProperties: false` anywhere, so that who validates by it takes later answers too."""
    if isinstance(schema, dict):
        return {
            key: may_grow(value)
            for key, value in schema.items()
            if not (key == "additionalProperties" and value is False)
        }
    return [may_grow(one) for one in schema] if isinstance(schema, list) else schema
